"""Lies about control connections: what is read from them, what is kept open, and which limits hold."""

from __future__ import annotations

from collections.abc import Callable

from control import Message
from lie import ControlLink, LyingLink, lie

KNOWN = set(b"id recipient length ack ttl state epoch sequence watch limit reason".split())
CLOSING = (b"101", b"108", b"401", b"402", b"403")


def code_of(message: Message) -> bytes:
    return (message.get(b"code") or b"")[:3]


@lie("control-kept-open", "A control connection stays open where it has to be closed.", "over")
def control_kept_open(link: LyingLink) -> bool:
    return not isinstance(link, ControlLink)


@lie("control-closed-after-failure", "A control connection is closed after each malformed frame.", "reply")
def control_closed_after_failure(message: Message, link: ControlLink) -> list[Message]:
    if code_of(message)[:1] in (b"1", b"2"):
        link.client.write(message.wire())
        link.client.end()
        return []
    return [message]


@lie("control-greeting", "A control connection begins with a word of the server.", "opened")
def control_greeting(link: ControlLink) -> None:
    link.client.write(b"Welcome\r\nid: 0\r\n\r\n")


@lie("control-farewell", "A control connection ends with a word of the server.", "over")
def control_farewell(link: LyingLink) -> bool:
    if isinstance(link, ControlLink):
        link.client.write(b"Goodbye\r\nid: 0\r\n\r\n")
    return True


@lie("frame-after-fault-swallowed", "The frame after a malformed one is not taken.", "reply")
def frame_after_fault_swallowed(message: Message, link: ControlLink) -> list[Message]:
    was_bad = link.memory.get("bad", False)
    link.memory["bad"] = code_of(message)[:1] in (b"1", b"2") and code_of(message) not in CLOSING
    return [] if was_bad else [message]


@lie("second-frame-refused", "A control connection carries one frame, and is closed after its reply.", "reply")
def second_frame_refused(message: Message, link: ControlLink) -> list[Message]:
    link.client.write(message.wire())
    link.client.end()
    return []


@lie(
    "half-close-drops-replies",
    "When the client ends its side, no further replies come.",
    "shut",
)
def half_close_drops_replies(link: LyingLink) -> bool:
    if isinstance(link, ControlLink):
        link.client.end()
    return True


@lie("half-close-drops-replies", "", "reply")
def be_slow_to_reply(message: Message, link: ControlLink) -> list[Message]:
    # So that a client can end its side before.
    link.later(0.1, lambda: link.client.write(message.wire()))
    return []


@lie("events-of-closed-connection-dropped", "Events are dropped if their connection closes soon after them.", "frame")
def events_of_closed_connection_dropped(message: Message, link: ControlLink) -> list[Message]:
    held: list[Message] = link.memory.setdefault("held", [])
    if message.word != b"Event" or message.get(b"recipient") is None:
        return [message]
    held.append(message)

    def send() -> None:
        while held:
            link.server.write(held.pop(0).wire())

    link.later(1, send)
    return []


@lie("events-of-closed-connection-dropped", "", "shut")
def drop_held_events(link: LyingLink) -> bool:
    link.memory.get("held", []).clear()
    return True


@lie("half-frame-answered", "A frame that the end of the client's side cuts off is answered.", "shut")
def half_frame_answered(link: LyingLink) -> bool:
    if isinstance(link, ControlLink) and link.frames.buffer:
        link.client.write(
            Message([b"Failure"], [(b"msg", b"The frame has no id"), (b"code", b"104 missing_id")]).wire()
        )
    return True


@lie("half-frame-answered", "", "frame")
def see_frames(message: Message, _: ControlLink) -> list[Message]:
    return [message]


@lie("idle-connection-closed", "A control connection on which no frame was begun for a second is closed.", "opened")
def idle_connection_closed(link: ControlLink) -> None:
    def close() -> None:
        if link.memory.pop("busy", False):
            link.later(1, close)
        else:
            link.client.end()

    link.later(1, close)


@lie("idle-connection-closed", "", "frame")
def note_frame(message: Message, link: ControlLink) -> list[Message]:
    link.memory["busy"] = True
    return [message]


@lie("shutdown-untold", "A frame that was begun when the server shuts down gets no Failure.", "reply")
def shutdown_untold(message: Message, _: ControlLink) -> list[Message]:
    return [] if code_of(message) == b"402" else [message]


@lie("frame-timeout-untold", "A frame that does not come in time gets no Failure.", "reply")
def frame_timeout_untold(message: Message, _: ControlLink) -> list[Message]:
    return [] if code_of(message) == b"401" else [message]


@lie("events-swapped", "Two events of one control connection change places.", "frame")
def events_swapped(message: Message, link: ControlLink) -> list[Message]:
    held: list[Message] = link.memory.setdefault("held", [])
    if held:
        return [message, held.pop()]

    def send() -> None:
        if held:
            link.server.write(held.pop().wire())

    held.append(message)
    link.later(0.1, send)
    return []


@lie("version-compared-in-whole", "A version line other than `Orbit 1.0` and `Orbit 1.1` is refused.", "frame")
def version_compared_in_whole(message: Message, _: ControlLink) -> list[Message]:
    if message.lines[0] not in (b"Orbit 1.0", b"Orbit 1.1"):
        message.lines[0] = b"orbit"
    return [message]


@lie("action-in-any-case", "The action is compared without regard to case.", "frame")
def action_in_any_case(message: Message, _: ControlLink) -> list[Message]:
    message.lines[1] = message.lines[1].strip().capitalize()
    return [message]


@lie("header-names-with-case", "Header names are compared with regard to case.", "frame")
def header_names_with_case(message: Message, _: ControlLink) -> list[Message]:
    message.headers = [(name if name.islower() else b"x-" + name, value) for name, value in message.headers]
    return [message]


@lie("values-trimmed", "White space at the ends of values is taken away.", "frame")
def values_trimmed(message: Message, _: ControlLink) -> list[Message]:
    message.headers = [(name, value.strip()) for name, value in message.headers]
    return [message]


@lie("unknown-header-refused", "A header that is not known is a fault.", "frame")
def unknown_header_refused(message: Message, _: ControlLink) -> list[Message]:
    if any(name.lower() not in KNOWN for name, _ in message.headers):
        message.lines[1] = b"Unknown"
    return [message]


@lie("keys-normalised", "Dots in the location of a recipient are resolved, and slashes joined.", "frame")
def keys_normalised(message: Message, _: ControlLink) -> list[Message]:
    for name, value in list(message.headers):
        if name.lower() == b"recipient" and b"/" in value:
            user, slash, location = value.partition(b"/")
            message.headers[message.headers.index((name, value))] = (name, user + slash + location.strip(b"/."))
    return [message]


@lie("body-ends-at-crlf", "The body of an event ends at its first line end.", "frame")
def body_ends_at_crlf(message: Message, _: ControlLink) -> list[Message]:
    message.body = message.body.partition(b"\r\n")[0]
    return [message.put(b"length", b"%d" % len(message.body))]


def forget(name: str, value: str) -> Callable[[dict[str, str]], None]:
    """A lie that gives the real server another setting."""
    variable = "ORBITED_" + name.upper().replace(".", "_")

    def change(environment: dict[str, str]) -> None:
        if value:
            environment[variable] = value
        else:
            environment.pop(variable, None)

    return change


for setting, what, value in (
    ("limits.control.line", "Lines may be longer than the limit.", "1000000"),
    ("limits.control.headers", "There may be more headers than the limit.", "1000000"),
    ("limits.control.recipients", "There may be more recipients than the limit.", "10000000"),
    ("limits.control.body", "A body may be larger than the limit.", "100000000"),
    ("limits.control.head", "A head may be larger than the limit.", "100000000"),
    ("limits.control.connections", "There may be more control connections than the limit.", "2000"),
    ("limits.control.frame_timeout", "A frame may take longer than it may.", "600"),
    ("limits.control.in_flight", "More events may be unanswered than the limit.", "1000000"),
    ("limits.control.in_flight_bytes", "More bytes may be unanswered than the limit.", "1000000000"),
    ("limits.http.connections", "There may be more HTTP connections than the limit.", "200000"),
    ("limits.http.write_timeout", "A browser may read nothing for longer than it may.", "600"),
    ("limits.http.head", "The head of a request may be larger than the limit.", "1000000"),
    ("limits.http.head_timeout", "A request may take longer than it may.", "600"),
    ("limits.http.form", "A form may be larger than the limit.", "10000000"),
    ("limits.http.idle_timeout", "A connection may be idle for longer than it may.", "3600"),
    ("limits.session.waiting", "More events may wait for a browser than the limit.", "1000000"),
    ("limits.session.waiting_bytes", "More bytes may wait for a browser than the limit.", "1000000000"),
    ("limits.session.replay", "Only two events are kept to be sent again.", "2"),
    ("limits.ws.message", "A message on a WebSocket may be larger than the limit.", "1000000"),
    ("session.overflow", "The newest event is refused, whatever is set.", "refuse"),
    ("session.timeout", "A session lives longer than its grace.", "30"),
    ("transport.heartbeat", "The heartbeat comes late.", "3600"),
    ("transport.default", "The default transport is another.", "ndjson"),
    ("transport.iframe.max_bytes", "A frame is never loaded again.", "1000000000"),
    ("transport.xhr.timeout", "A poll is held for an hour.", "3600"),
    ("session.default_key", "The default session is another.", "7"),
    ("proxy", "The rules of the proxy are forgotten.", ""),
    ("admin.enabled", "The HTTP control API is always on.", "1"),
    ("http.example", "The example page is always there.", "1"),
    ("transport.raw", "The raw transports are on.", "1"),
    ("op.secret_file", "Nobody has to show the secret.", ""),
    ("http.origins", "Pages of any origin get events.", "*"),
    ("shutdown.timeout", "The server waits long before it ends.", "60"),
):
    lie("setting-" + setting.replace(".", "-").replace("_", "-"), what, "setting")(forget(setting, value))
