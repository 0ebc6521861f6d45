"""Lies in the replies to events and to malformed frames."""

from __future__ import annotations

from control import Message
from lie import ControlLink, lie

UNREACHED = (b"recipient", b"unreached")


def success(identifier: bytes) -> Message:
    return Message([b"Success"], [(b"id", identifier)])


def has_code(message: Message) -> bool:
    return message.word == b"Failure" and message.get(b"code") is not None


@lie("reply-claims-reached", "A receipt says Success although a recipient was not reached.", "reply")
def reply_claims_reached(message: Message, _: ControlLink) -> list[Message]:
    return [success(message.get(b"id") or b"")] if message.is_receipt else [message]


@lie("reply-denies-reached", "A receipt says Failure, with nobody unreached, although all were reached.", "reply")
def reply_denies_reached(message: Message, _: ControlLink) -> list[Message]:
    if message.word == b"Success":
        message.lines = [b"Failure"]
        message.add(b"msg", b"Failed to reach one or more recipients")
    return [message]


@lie("reply-wrong-id", "A reply has another id than its frame.", "reply")
def reply_wrong_id(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"id", (message.get(b"id") or b"") + b"0")]


@lie("reply-id-trimmed", "White space at the ends of an id does not come back.", "reply")
def reply_id_trimmed(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"id", (message.get(b"id") or b"").strip())]


@lie("reply-twice", "Each reply comes twice.", "reply")
def reply_twice(message: Message, _: ControlLink) -> list[Message]:
    return [message, message]


@lie("reply-missing", "The second reply of a connection does not come.", "reply")
def reply_missing(message: Message, link: ControlLink) -> list[Message]:
    link.memory["replies"] = link.memory.get("replies", 0) + 1
    return [] if link.memory["replies"] == 2 else [message]


@lie("unreached-left-out", "The last of several unreached recipients is left out of the receipt.", "reply")
def unreached_left_out(message: Message, _: ControlLink) -> list[Message]:
    if message.is_receipt and sum(name in UNREACHED for name, _ in message.headers) > 1:
        message.headers.pop()
    return [message]


@lie("unreached-reordered", "The unreached recipients come in the opposite order.", "reply")
def unreached_reordered(message: Message, _: ControlLink) -> list[Message]:
    told = [pair for pair in message.headers if pair[0] in UNREACHED]
    message.headers = [pair for pair in message.headers if pair[0] not in UNREACHED] + told[::-1]
    return [message]


@lie("unreached-twice", "The first unreached recipient is told twice.", "reply")
def unreached_twice(message: Message, _: ControlLink) -> list[Message]:
    told = [pair for pair in message.headers if pair[0] in UNREACHED]
    message.headers += told[:1]
    return [message]


@lie("receipt-key-bare", "The keys of a receipt have no parentheses.", "reply")
def receipt_key_bare(message: Message, _: ControlLink) -> list[Message]:
    pairs = [(name, value[1:-1] if name == b"recipient" else value) for name, value in message.headers]
    message.headers = pairs
    return [message]


@lie("receipt-with-code", "A receipt of Orbit 1.0 has a code.", "reply")
def receipt_with_code(message: Message, _: ControlLink) -> list[Message]:
    return [message.add(b"code", b"301 unreachable") if message.is_receipt else message]


@lie("receipt-wrong-fate", "Each unreached recipient of Orbit 1.1 is told to be unreachable.", "reply")
def receipt_wrong_fate(message: Message, _: ControlLink) -> list[Message]:
    for index, (name, value) in enumerate(message.headers):
        if name == b"unreached":
            message.headers[index] = (name, b"301 unreachable (" + value.partition(b" (")[2])
    return [message]


@lie("reply-without-blank-line", "A reply to an event has no blank line.", "reply")
def reply_without_blank_line(message: Message, _: ControlLink) -> list[Message | bytes]:
    return [message] if message.body else [message.wire()[:-2]]


@lie("reply-lf-alone", "The lines of a reply end with LF alone.", "reply")
def reply_lf_alone(message: Message, _: ControlLink) -> list[Message]:
    message.end = b"\n"
    return [message]


@lie("reached-one-more", "The number of reached keys is one too high.", "reply")
def reached_one_more(message: Message, _: ControlLink) -> list[Message]:
    reached = message.get(b"reached")
    return [message if reached is None else message.put(b"reached", b"%d" % (int(reached) + 1))]


@lie("reply-1.1-to-1.0", "The receipt of an event of Orbit 1.0 tells how many were reached.", "reply")
def reply_of_another_version(message: Message, _: ControlLink) -> list[Message]:
    is_plain = message.word == b"Success" and len(message.headers) == 1
    return [message.add(b"reached", b"1") if is_plain else message]


@lie("code-wrong", "A malformed frame gets the code 103, whatever is wrong with it.", "reply")
def code_wrong(message: Message, _: ControlLink) -> list[Message]:
    if has_code(message) and (message.get(b"code") or b"")[:1] in b"12":
        message.put(b"code", b"103 bad_header").put(
            b"msg", b"A line is not plain UTF-8 text, or is a header without colon and space"
        )
    return [message]


@lie("code-without-name", "A code has no name.", "reply")
def code_without_name(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"code", (message.get(b"code") or b"")[:3])]


@lie("msg-wrong", "The sentence of a Failure is another one.", "reply")
def msg_wrong(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"msg", b"Something is wrong")]


@lie("msg-with-colon", "The sentence of a Failure holds a colon and a space.", "reply")
def msg_with_colon(message: Message, _: ControlLink) -> list[Message]:
    return [message.put(b"msg", b"Error: " + (message.get(b"msg") or b""))]


@lie("code-before-msg", "The code stands before the sentence.", "reply")
def code_before_msg(message: Message, _: ControlLink) -> list[Message]:
    if has_code(message):
        message.headers.sort(key=lambda pair: (pair[0] != b"id", pair[0] != b"code"))
    return [message]


@lie("id-invented", "A Failure for a frame whose id is not known has one.", "reply")
def id_invented(message: Message, _: ControlLink) -> list[Message]:
    if message.word == b"Failure" and message.get(b"id") is None:
        message.headers.insert(0, (b"id", b"0"))
    return [message]


@lie("id-withheld", "A Failure with a code has no id, although the frame had one.", "reply")
def id_withheld(message: Message, _: ControlLink) -> list[Message]:
    return [message.drop(b"id") if has_code(message) else message]


@lie("reply-before-fate", "Each event is answered with Success when it is taken.", "frame")
def reply_before_fate(message: Message, link: ControlLink) -> list[Message]:
    if message.word == b"Event" and message.get(b"id"):
        link.client.write(success(message.get(b"id") or b"").wire())
    return [message]


@lie("reply-before-fate", "", "reply")
def no_reply_at_its_time(message: Message, _: ControlLink) -> list[Message]:
    return [message] if has_code(message) or message.word not in (b"Success", b"Failure") else []


@lie("reply-late", "A reply comes seven seconds late.", "reply")
def reply_late(message: Message, link: ControlLink) -> list[Message]:
    link.later(7, lambda: link.client.write(message.wire()))
    return []


@lie("duplicates-twice", "A recipient that is named twice gets the event twice.", "frame")
def duplicates_twice(message: Message, _: ControlLink) -> list[Message]:
    told = [value for name, value in message.headers if name.lower() == b"recipient"]
    if len(set(told)) == len(told):
        return [message]
    again = Message(message.lines, list(message.headers), message.body).put(b"id", b"again")
    return [message, again]
