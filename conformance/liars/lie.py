"""What a lie is, and the links in which it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import control
from browser import Head, Item, Responses, chunk, frame
from wire import Link, Side

Hook = Callable[..., Any]


@dataclass
class Lie:
    """One way of not conforming: its name, a sentence, and what it does at which place.

    The places: `setting` changes the environment of the real server; `opened` begins a control connection; `frame` and
    `reply` take a message and give those that are passed on; `request` changes the head of a request, `head` that of a
    response; `item` takes what a browser gets and gives what is passed on; `shut` says whether the end of the client's
    side is passed on, and `over` whether the server's is; `chunk` and `last_chunk` write the chunks of a body, and
    `finished` comes when a response is complete.
    """

    name: str
    what: str
    hooks: dict[str, Hook] = field(default_factory=dict)


def same(what: Any, _: Any) -> list[Any]:
    """Changes nothing."""
    return [what]


# What an honest liar takes apart it puts together again. It must pass what catches the lies that read the same.
LIES: dict[str, Lie] = {
    each.name: each
    for each in (
        Lie("honest", "Nothing is changed."),
        Lie("honest-frame", "Frames are taken apart.", {"frame": same}),
        Lie("honest-reply", "Replies are taken apart.", {"reply": same}),
        Lie("honest-item", "Responses are taken apart.", {"head": same, "item": same}),
    )
}


def caught(name: str) -> list[str]:
    """The ids of the cases that have to catch a lie."""
    lists: dict[str, list[str]] = json.loads(Path(__file__).with_name("caught.json").read_text("utf-8"))
    return lists.get(name, [])


def listed(each: Lie) -> str:
    """A lie as `--list` prints it."""
    return json.dumps({"name": each.name, "what": each.what, "caught": caught(each.name), "reads": sorted(each.hooks)})


def lie(name: str, what: str, place: str) -> Callable[[Hook], Hook]:
    """Makes a function a lie."""

    def note(hook: Hook) -> Hook:
        LIES.setdefault(name, Lie(name, what)).hooks[place] = hook
        return hook

    return note


class World:
    """What one run of a liar knows: its lie, and its open links."""

    def __init__(self, the_lie: Lie) -> None:
        self.lie = the_lie
        self.links: list[LyingLink] = []


class LyingLink(Link):
    """A link in which a lie may be told."""

    def __init__(self, client: Side, server: Side, world: World) -> None:
        super().__init__(client, server)
        self.world, self.hooks = world, world.lie.hooks
        self.memory: dict[str, Any] = {}  # what the lie remembers of this link
        world.links.append(self)

    def hook(self, place: str, default: Hook) -> Hook:
        """What the lie does at a place."""
        return self.hooks.get(place, default)

    def closed(self) -> None:
        """Both connections are gone."""
        self.world.links.remove(self)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Does something after a while."""
        asyncio.get_running_loop().call_later(seconds, action)

    def up_ended(self) -> None:
        """The client has ended its side; what there is of a message was sent nevertheless."""
        if self.hook("shut", lambda _: True)(self):
            self.server.write(self.unfinished())
            super().up_ended()

    def unfinished(self) -> bytes:
        """What the client has sent of something that is not whole."""
        return b""

    def down_ended(self) -> None:
        """The server has ended its side."""
        if self.hook("over", lambda _: True)(self):
            super().down_ended()


class ControlLink(LyingLink):
    """A control connection."""

    def __init__(self, client: Side, server: Side, world: World) -> None:
        super().__init__(client, server, world)
        self.frames, self.replies = control.Reader(2), control.Reader(1)
        self.hook("opened", lambda _: None)(self)

    def up(self, data: bytes) -> None:
        """Takes bytes of the client."""
        self.pass_on(data, self.frames, "frame", self.server)

    def down(self, data: bytes) -> None:
        """Takes bytes of the server."""
        self.pass_on(data, self.replies, "reply", self.client)

    def pass_on(self, data: bytes, reader: control.Reader, place: str, target: Side) -> None:
        """Passes messages on, changed; what is no message goes on as it is."""
        if place not in self.hooks:
            return target.write(data)
        for message in reader.feed(data):
            for other in self.hooks[place](message, self):
                target.write(other if isinstance(other, bytes) else other.wire())
        if reader.is_lost:
            target.write(reader.rest())
        return None

    def unfinished(self) -> bytes:
        """What the client has sent of a frame that is not whole."""
        return self.frames.rest()


class BrowserLink(LyingLink):
    """A connection to the HTTP port, or to that of the HTTP control API."""

    def __init__(self, client: Side, server: Side, world: World, is_admin: bool = False) -> None:
        super().__init__(client, server, world)
        self.is_admin = is_admin
        self.responses = Responses()
        self.heads = b""
        self.body_left = 0
        self.is_raw = not self.hooks.keys() & {"request", "head", "item"}
        self.waiting: Head | None = None  # a head whose length is not known before the lie has seen the body

    def up(self, data: bytes) -> None:
        """Takes bytes of the client; a body in chunks, or a WebSocket, goes on as it is."""
        if self.is_raw or self.body_left < 0:
            return self.server.write(data)
        self.heads += data
        while self.heads:
            if self.body_left:
                body, self.heads = self.heads[: self.body_left], self.heads[self.body_left :]
                self.body_left -= len(body)
                self.server.write(body)
                continue
            text, blank, rest = self.heads.partition(b"\r\n\r\n")
            if not blank:
                if len(text) > 65536:
                    self.is_raw = True
                    self.server.write(text)
                return None
            self.heads = rest
            self.request(text)
        return None

    def request(self, text: bytes) -> None:
        """Passes the head of a request on."""
        request = Head.read(text)
        if len(request.words) != 3:
            self.is_raw = True
            return self.server.write(text + b"\r\n\r\n" + self.heads)
        self.responses.requests.append(Head(request.first, list(request.headers)))
        length = request.get(b"content-length")
        is_endless = request.get(b"transfer-encoding") or request.get(b"upgrade")
        self.body_left = -1 if is_endless else int(length) if length.isdigit() else 0
        self.hook("request", lambda *_: None)(request, self)
        self.server.write(request.wire())
        if is_endless:
            self.server.write(self.heads)
            self.heads = b""
        return None

    def unfinished(self) -> bytes:
        """What the client has sent of a head that is not whole."""
        return self.heads

    def down(self, data: bytes) -> None:
        """Takes bytes of the server."""
        if self.is_raw:
            return self.client.write(data)
        for part in self.responses.feed(data):
            if isinstance(part, Head):
                self.respond(part)
            elif part is None:
                self.finish()
            else:
                for item in self.hook("item", lambda item, _: [item])(part, self):
                    self.send(item)
        return None

    def respond(self, head: Head) -> None:
        """Passes the head of a response on, or has it wait for its body."""
        for other in self.hook("head", lambda head, _: [head])(head, self):
            if self.responses.framing == "length":
                self.waiting = other
            else:
                self.client.write(other.wire())

    def send(self, item: Item) -> None:
        """Writes an item, framed as its response is."""
        framing = self.responses.framing
        if framing == "length" and self.waiting:
            self.waiting.put(b"content-length", b"%d" % len(item.text))
            self.client.write(self.waiting.wire() + item.text)
            self.waiting = None
        elif framing == "chunked":
            self.client.write(self.hook("chunk", chunk)(item.text))
        else:
            self.client.write(frame(item) if framing == "socket" else item.text)

    def finish(self) -> None:
        """A response is over."""
        if self.responses.framing == "chunked":
            self.client.write(self.hook("last_chunk", lambda _: b"0\r\n\r\n")(self))
        self.hook("finished", lambda _: None)(self)

    def down_ended(self) -> None:
        """The server has ended its side."""
        with contextlib.suppress(ValueError):
            self.client.write(self.responses.buffer)
        super().down_ended()
