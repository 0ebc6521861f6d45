"""Lies that spoil much at once: for cases that need no more to fail, and that no other lie touches."""

from __future__ import annotations

import re

from browser import Head, Item
from control import Message
from lie import BrowserLink, ControlLink, lie


@lie("origin-is-another", "Each request is treated as one of a page of another origin.", "request")
def origin_is_another(head: Head, _: BrowserLink) -> None:
    head.drop(b"sec-fetch-site")
    head.put(b"origin", b"http://another.example")


@lie("ws-extension-chosen", "A WebSocket gets an extension.", "head")
def ws_extension_chosen(head: Head, _: BrowserLink) -> list[Head]:
    if head.status == 101:
        head.headers.append((b"Sec-WebSocket-Extensions", b"permessage-deflate"))
    return [head]


@lie("end-untold", "A poll or a socket is not told why it ends, or that events are missing.", "item")
def end_untold(item: Item, _: BrowserLink) -> list[Item]:
    item.text = re.sub(rb'"(?:closed":"[^"]*"|reason":"[^"]*"|gap":true),?', b"", item.text)
    return [] if item.text.startswith(b"event: ") else [item]


@lie("stream-bytes-invented", "A stream has a blank line from time to time.", "head")
def stream_bytes_invented(head: Head, link: BrowserLink) -> list[Head]:
    def say() -> None:
        if link in link.world.links and link.responses.framing in ("chunked", "close"):
            link.send(Item("other", b"\n"))
            link.later(0.1, say)

    link.later(0.1, say)
    return [head]


@lie("stream-bytes-invented", "", "item")
def see_items_of_a_stream(item: Item, _: BrowserLink) -> list[Item]:
    return [item]


@lie("stream-mute", "Of a stream only the head comes.", "item")
def stream_mute(item: Item, link: BrowserLink) -> list[Item]:
    return [] if link.responses.framing in ("chunked", "close", "socket") else [item]


@lie("body-missing", "A response with a length has an empty body.", "item")
def body_missing(item: Item, link: BrowserLink) -> list[Item]:
    if link.responses.framing == "length":
        item.text = b""
    return [item]


@lie("reply-word-swapped", "Success is Failure, and Failure is Success.", "reply")
def reply_word_swapped(message: Message, _: ControlLink) -> list[Message]:
    swapped = {b"Success": b"Failure", b"Failure": b"Success"}
    message.lines = [swapped.get(message.word, message.word)]
    return [message]


@lie("status-one-more", "Each status is one more than it has to be.", "head")
def status_one_more(head: Head, _: BrowserLink) -> list[Head]:
    head.set_status(head.status + 1)
    return [head]
