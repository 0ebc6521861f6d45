"""Lies of client libraries: in what they tell their callers, and in what they send and read."""

from __future__ import annotations

from typing import Any

from control import Message
from lie import ControlLink, lie

Line = dict[str, Any]
Told = list[Line]
KNOWN = (
    b"id msg code recipient reached unreached epoch sequence present resumed keys more closed length watch key".split()
)
NOTICES = (b"Success", b"Failure", b"Present", b"Signon", b"Signoff")


def returned(line: Line) -> Line:
    """What a call returned; empty if it did not."""
    value = line.get("returns")
    return value if isinstance(value, dict) else {}


def thrown(line: Line) -> Line:
    """What a call threw, or a watch ended with; empty if it did not."""
    value = line.get("throws") or line.get("ended")
    return value if isinstance(value, dict) and value.get("name") != "Unsupported" else {}


@lie("client-claims-reached", "An event is said to have reached all.", "line")
def client_claims_reached(line: Line, _: Line) -> Told:
    if returned(line).get("unreached"):
        line["returns"]["unreached"] = []
    return [line]


@lie("client-drops-unreached", "The last unreached recipient is not told.", "line")
def client_drops_unreached(line: Line, _: Line) -> Told:
    if returned(line).get("unreached"):
        line["returns"]["unreached"].pop()
    return [line]


@lie("client-reorders-unreached", "The unreached recipients come in the opposite order.", "line")
def client_reorders_unreached(line: Line, _: Line) -> Told:
    if returned(line).get("unreached"):
        line["returns"]["unreached"].reverse()
    return [line]


@lie("client-loses-fates", "The fate of an unreached recipient is not told.", "line")
def client_loses_fates(line: Line, _: Line) -> Told:
    for each in returned(line).get("unreached") or []:
        each.update(code=None, name=None)
    return [line]


@lie("client-cuts-keys", "The key of an unreached recipient ends at its first parenthesis.", "line")
def client_cuts_keys(line: Line, _: Line) -> Told:
    for each in returned(line).get("unreached") or []:
        each["key"] = each["key"].partition(")")[0]
    return [line]


@lie("client-miscounts-reached", "The number of reached keys is one too high.", "line")
def client_miscounts_reached(line: Line, _: Line) -> Told:
    if isinstance(returned(line).get("reached"), int):
        line["returns"]["reached"] += 1
    return [line]


@lie("client-answers-twice", "A call ends twice.", "line")
def client_answers_twice(line: Line, _: Line) -> Told:
    # The answer to `hello` has a name; were that doubled, no trial would begin at all.
    is_end = "throws" in line or ("returns" in line and "name" not in line["returns"])
    return [line, line] if is_end else [line]


@lie("client-swaps-results", "The result of an event is given to the newest call.", "line")
def client_swaps_results(line: Line, memory: Line) -> Told:
    if memory.get("events") and (line["call"] in memory["events"]):
        line["call"] = memory["events"].pop()
    return [line]


@lie("client-swaps-results", "", "call")
def note_events(call: Line, memory: Line) -> Told:
    if call.get("do") == "event":
        memory.setdefault("events", []).append(call["call"])
    return [call]


@lie("client-denies-delivery", "After a loss an event is said not to have been delivered.", "line")
def client_denies_delivery(line: Line, _: Line) -> Told:
    if thrown(line):
        thrown(line)["maybeDelivered"] = False
    return [line]


@lie("client-suspects-delivery", "After each error an event is said to have been delivered perhaps.", "line")
def client_suspects_delivery(line: Line, _: Line) -> Told:
    if thrown(line):
        thrown(line)["maybeDelivered"] = True
    return [line]


@lie("client-retries-in-vain", "An error says the opposite of whether a retry can help.", "line")
def client_retries_in_vain(line: Line, _: Line) -> Told:
    if thrown(line):
        thrown(line)["retriable"] = not thrown(line).get("retriable")
    return [line]


@lie("client-loses-codes", "An error has no code.", "line")
def client_loses_codes(line: Line, _: Line) -> Told:
    if thrown(line):
        thrown(line)["code"] = None
    return [line]


@lie("client-never-throws", "A call that fails does not end.", "line")
def client_never_throws(line: Line, _: Line) -> Told:
    return [] if line.get("throws") and thrown(line) else [line]


@lie("client-swallows-errors", "A call that fails returns as if nothing were wrong.", "line")
def client_swallows_errors(line: Line, _: Line) -> Told:
    if line.get("throws") and thrown(line):
        return [{"call": line["call"], "returns": {"id": None, "reached": None, "unreached": []}}]
    return [line]


@lie("client-tells-no-gap", "A gap in what a watch tells is not told.", "line")
def client_tells_no_gap(line: Line, _: Line) -> Told:
    notice = line.get("notice")
    return [] if isinstance(notice, dict) and notice.get("word") == "gap" else [line]


@lie("client-tells-twice", "Each notice is told twice.", "line")
def client_tells_twice(line: Line, _: Line) -> Told:
    return [line, line] if "notice" in line else [line]


@lie("client-loses-missed", "A sign-off does not tell which events were missed.", "line")
def client_loses_missed(line: Line, _: Line) -> Told:
    if isinstance(line.get("notice"), dict) and "missed" in line["notice"]:
        line["notice"].update(missed=[], unconfirmed=[])
    return [line]


@lie("client-loses-more", "A list is said to be whole.", "line")
def client_loses_more(line: Line, _: Line) -> Told:
    if "more" in returned(line):
        line["returns"]["more"] = False
    return [line]


@lie("client-miscounts-closed", "One closed session too many is told.", "line")
def client_miscounts_closed(line: Line, _: Line) -> Told:
    if isinstance(returned(line).get("closed"), int):
        line["returns"]["closed"] += 1
    return [line]


@lie("client-sends-lf", "Lines end with LF alone.", "frame")
def client_sends_lf(message: Message, _: ControlLink) -> list[Message]:
    message.end = b"\n"
    return [message]


@lie("client-wrong-version", "Frames begin with another version line.", "frame")
def client_wrong_version(message: Message, _: ControlLink) -> list[Message]:
    message.lines[0] = b"Orbit/1.0"
    return [message]


@lie("client-sends-twice", "Each event is sent twice, with the same id.", "frame")
def client_sends_twice(message: Message, _: ControlLink) -> list[Message]:
    return [message, message] if message.word == b"Event" else [message]


@lie("client-reuses-ids", "All events have the same id.", "frame")
def client_reuses_ids(message: Message, link: ControlLink) -> list[Message]:
    link.memory.setdefault("ids", []).append(message.get(b"id") or b"")
    return [message.put(b"id", b"1")]


@lie("client-reuses-ids", "", "reply")
def client_takes_ids_in_order(message: Message, link: ControlLink) -> list[Message]:
    ids = link.memory.get("ids")
    return [message.put(b"id", ids.pop(0))] if ids and message.get(b"id") == b"1" else [message]


@lie("client-counts-characters", "The length of an event counts characters.", "frame")
def client_counts_characters(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"length", b"%d" % len(message.body.decode(errors="replace")))]


@lie("client-drops-ack", "The word of the browser is not asked for.", "frame")
def client_drops_ack(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"ack")]


@lie("client-drops-ttl", "An event's time to live is not sent.", "frame")
def client_drops_ttl(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"ttl")]


@lie("client-drops-a-recipient", "The last of several recipients is not sent.", "frame")
def client_drops_a_recipient(message: Message, _: ControlLink) -> list[Message]:
    told = [pair for pair in message.headers if pair[0] == b"recipient"]
    if len(told) > 1:
        message.headers.remove(told[-1])
    return [message]


@lie("client-drops-state", "A watch asks for no state.", "frame")
def client_drops_state(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"state")]


@lie("client-begins-watches-anew", "A watch does not say after a loss what it had last.", "frame")
def client_begins_watches_anew(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"epoch", b"sequence")]


@lie("client-hides-its-secret", "The secret is not shown.", "frame")
def client_hides_its_secret(message: Message, link: ControlLink) -> list[Message]:
    if message.word == b"Auth":
        link.client.write(Message([b"Success"], [(b"id", message.get(b"id") or b"")]).wire())
        return []
    return [message]


@lie("client-stops-at-unknown-header", "After a header that it does not know it reads nothing more.", "reply")
def client_stops_at_unknown_header(message: Message, link: ControlLink) -> list[Message]:
    if any(name.lower() not in KNOWN for name, _ in message.headers):
        link.memory["deaf"] = True
    return [] if link.memory.get("deaf") else [message]


@lie("client-stops-at-unknown-notice", "A notice that it does not know ends its connection.", "reply")
def client_stops_at_unknown_notice(message: Message, link: ControlLink) -> list[Message]:
    if message.word not in NOTICES:
        link.server.reset()
        link.client.reset()
    return [message]


@lie("client-takes-any-failure", "A Failure without an id is taken for the reply to the oldest event.", "frame")
def note_open_events(message: Message, link: ControlLink) -> list[Message]:
    if message.word == b"Event":
        link.memory.setdefault("open", []).append(message.get(b"id"))
    return [message]


@lie("client-takes-any-failure", "", "reply")
def client_takes_any_failure(message: Message, link: ControlLink) -> list[Message]:
    waiting = link.memory.get("open", [])
    if message.word == b"Failure" and message.get(b"id") is None and waiting:
        message.headers.insert(0, (b"id", waiting.pop(0)))
    elif message.get(b"id") in waiting:
        waiting.remove(message.get(b"id"))
    return [message]


@lie("client-compares-header-case", "Header names of replies are compared with regard to case.", "reply")
def client_compares_header_case(message: Message, _: ControlLink) -> list[Message]:
    message.headers = [(name if name.islower() else b"x-" + name, value) for name, value in message.headers]
    return [message]


@lie("client-waits-in-vain", "A connection that the server ends is not noticed.", "over")
def client_waits_in_vain(_: ControlLink) -> bool:
    return False


def told(line: Line) -> Line:
    """What a page's connection tells; empty if it is something else."""
    value = line.get("told")
    return value if isinstance(value, dict) else {}


@lie("page-message-twice", "A page gets each message twice.", "line")
def page_message_twice(line: Line, _: Line) -> Told:
    return [line, line] if told(line).get("word") == "message" else [line]


@lie("page-message-as-text", "A page gets the text of each message and not its value.", "line")
def page_message_as_text(line: Line, _: Line) -> Told:
    if told(line).get("word") == "message":
        line["told"]["data"] = str(line["told"].get("data"))
    return [line]


@lie("page-gap-untold", "A page is not told of a gap.", "line")
def page_gap_untold(line: Line, _: Line) -> Told:
    return [] if told(line).get("word") == "gap" else [line]


@lie("page-replaced-untold", "A page is not told that it was replaced.", "line")
def page_replaced_untold(line: Line, _: Line) -> Told:
    return [] if told(line).get("word") == "replaced" else [line]


@lie("page-reason-lost", "A page is not told why its session was closed.", "line")
def page_reason_lost(line: Line, _: Line) -> Told:
    if told(line).get("word") == "closed":
        line["told"]["reason"] = ""
    return [line]


@lie("client-confuses-ends", "What a call returns is thrown, and what it throws is returned.", "line")
def client_confuses_ends(line: Line, memory: Line) -> Told:
    if line.get("call") in memory.get("plain", ()):
        if "returns" in line:
            line["throws"] = {"name": "Error", "message": "No", "code": None, "retriable": None, "maybeDelivered": None}
            del line["returns"]
        elif "throws" in line:
            line["returns"] = {}
            del line["throws"]
    return [line]


@lie("client-confuses-ends", "", "call")
def note_plain_calls(call: Line, memory: Line) -> Told:
    if call.get("do") not in ("hello", "client", "quit", "page"):
        memory.setdefault("plain", set()).add(call.get("call"))
    return [call]


@lie("page-tells-other-words", "What a page tells has another word.", "line")
def page_tells_other_words(line: Line, _: Line) -> Told:
    if "told" in line:
        line["told"]["word"] += "!"
    return [line]
