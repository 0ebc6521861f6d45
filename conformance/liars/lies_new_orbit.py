"""Lies about what Orbit 1.1 has beyond 1.0, and about the HTTP control API."""

from __future__ import annotations

from browser import Head, Item
from control import Message
from lie import BrowserLink, ControlLink, lie

NOTICES = (b"Present", b"Signon", b"Signoff")


@lie("notice-before-reply", "The first notice of a watch comes before its reply.", "reply")
def notice_before_reply(message: Message, link: ControlLink) -> list[Message]:
    held: list[Message] = link.memory.setdefault("held", [])

    def send() -> None:
        while held:
            link.client.write(held.pop().wire())

    if message.word == b"Success" and message.get(b"epoch"):
        held.append(message)
        link.later(0.3, send)
        return []
    return [message, *(held.pop() for _ in held[:1])] if message.word in NOTICES else [message]


@lie("signon-twice", "A sign-on is told twice.", "reply")
def signon_twice(message: Message, _: ControlLink) -> list[Message]:
    return [message, message] if message.word == b"Signon" else [message]


@lie("signoff-untold", "A sign-off is not told.", "reply")
def signoff_untold(message: Message, _: ControlLink) -> list[Message]:
    return [] if message.word == b"Signoff" else [message]


@lie("signoff-wrong-reason", "Each sign-off has the reason expired.", "reply")
def signoff_wrong_reason(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"reason", b"expired") if message.word == b"Signoff" else message]


@lie("sequence-skipped", "The numbers of notices leave one out.", "reply")
def sequence_skipped(message: Message, _: ControlLink) -> list[Message]:
    if message.word in (b"Signon", b"Signoff"):
        message.put(b"sequence", b"%d" % (int(message.get(b"sequence") or b"0") + 1))
    return [message]


@lie("epoch-changes", "Notices have another epoch than the reply to their watch.", "reply")
def epoch_changes(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"epoch", b"another") if message.word in NOTICES else message]


@lie("present-missing", "One of those who are present is not told.", "reply")
def present_missing(message: Message, link: ControlLink) -> list[Message]:
    is_first = message.word == b"Present" and not link.memory.get("seen")
    link.memory["seen"] = link.memory.get("seen") or is_first
    return [] if is_first else [message]


@lie("present-miscounted", "The number of those who are present is one too high.", "reply")
def present_miscounted(message: Message, _: ControlLink) -> list[Message]:
    present = message.get(b"present")
    return [message if present is None else message.put(b"present", b"%d" % (int(present) + 1))]


@lie("resumed-always", "A watch always says that it was resumed.", "reply")
def resumed_always(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"resumed", b"yes")]


@lie("resumed-never", "A watch is never resumed.", "frame")
def resumed_never(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"epoch", b"another")]


@lie("missed-left-out", "A sign-off does not tell which events were missed.", "reply")
def missed_left_out(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"missed")]


@lie("unconfirmed-left-out", "A sign-off does not tell which events were not acknowledged.", "reply")
def unconfirmed_left_out(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"unconfirmed")]


@lie("unwatch-ignored", "A watch goes on after its Unwatch.", "frame")
def unwatch_ignored(message: Message, _: ControlLink) -> list[Message]:
    if message.word == b"Unwatch" and message.get(b"watch"):
        return [Message([message.lines[0], b"Ping"], [(b"id", message.get(b"id") or b"0")])]
    return [message]


@lie("list-key-twice", "A List names a key twice.", "reply")
def list_key_twice(message: Message, _: ControlLink) -> list[Message]:
    if message.get(b"keys") is not None and message.body:
        message.body += message.body[: message.body.index(b"\n") + 1]
        message.put(b"length", b"%d" % len(message.body)).put(b"keys", b"%d" % message.body.count(b"\n"))
    return [message]


@lie("list-miscounted", "A List says one key too many.", "reply")
def list_miscounted(message: Message, _: ControlLink) -> list[Message]:
    keys = message.get(b"keys")
    return [message if keys is None else message.put(b"keys", b"%d" % (int(keys) + 1))]


@lie("more-missing", "A List does not say that there are more keys.", "reply")
def more_missing(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"more")]


@lie("closed-miscounted", "A Close says one session too many.", "reply")
def closed_miscounted(message: Message, _: ControlLink) -> list[Message]:
    closed = message.get(b"closed")
    return [message if closed is None else message.put(b"closed", b"%d" % (int(closed) + 1))]


@lie("wrong-secret-let-in", "A wrong secret is answered with Success.", "reply")
def wrong_secret_let_in(message: Message, _: ControlLink) -> list[Message]:
    is_wrong = (message.get(b"code") or b"").startswith(b"502")
    return [Message([b"Success"], [(b"id", message.get(b"id") or b"0")]) if is_wrong else message]


@lie("ttl-ignored", "An event waits as long as its session, whatever its time to live.", "frame")
def ttl_ignored(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"ttl")]


@lie("ack-ignored", "An event that waits for the browser's word is answered when it is written.", "frame")
def ack_ignored(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"ack")]


@lie("pattern-literal", "A pattern stands for nobody.", "frame")
def pattern_literal(message: Message, _: ControlLink) -> list[Message]:
    told = [(name, value.replace(b"*,", b"nobody,")) for name, value in message.headers]
    message.headers = [(name, value if value != b"*" else b"/nowhere") for name, value in told]
    return [message]


@lie("pattern-in-1.0", "A star is a pattern in Orbit 1.0, too.", "frame")
def pattern_in_old_orbit(message: Message, _: ControlLink) -> list[Message]:
    if any(b"*" in value for name, value in message.headers if name.lower() == b"recipient"):
        message.lines[0] = b"Orbit 1.1"
    return [message]


@lie("reason-ignored", "A Close tells browsers no reason.", "frame")
def reason_ignored(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"reason")]


@lie("admin-always-200", "The HTTP control API answers all requests with 200.", "head")
def admin_always_200(head: Head, link: BrowserLink) -> list[Head]:
    if link.is_admin:
        head.set_status(200)
    return [head]


@lie("admin-answers-cut-off", "The HTTP control API breaks off the connection behind its last answer.", "over")
def admin_answers_cut_off(link: BrowserLink) -> bool:
    if link.is_admin:
        link.later(0.1, link.client.reset)  # the answer has arrived by then
    return not link.is_admin


@lie("admin-retry-wrong", "The HTTP control API says that each refused request may be sent again.", "item")
def admin_retry_wrong(item: Item, link: BrowserLink) -> list[Item]:
    if link.is_admin:
        item.text = item.text.replace(b'"retry":false', b'"retry":true')
    return [item]


@lie("admin-not-json", "The answers of the HTTP control API are called plain text.", "head")
def admin_not_json(head: Head, link: BrowserLink) -> list[Head]:
    if link.is_admin:
        head.put(b"content-type", b"text/plain")
    return [head]


@lie("admin-without-secret", "The HTTP control API does not ask for the secret.", "request")
def admin_without_secret(head: Head, link: BrowserLink) -> None:
    if link.is_admin and head.get(b"authorization") == b"":
        head.first = b" ".join([b"GET", b"/health", head.words[2]])
