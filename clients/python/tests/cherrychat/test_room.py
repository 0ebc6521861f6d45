from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from room import NotInRoom, Room, RoomError

from pyorbited import Client, ConnectionKey, Receipt
from pyorbited.recipients import connection_keys

Message = dict[str, object]


class Browsers(Client):
    """Keeps what each person's browser got, instead of sending it."""

    def __init__(self) -> None:
        super().__init__()
        self.away: set[str] = set()
        self.during: dict[str, Callable[[], object]] = {}
        self._got: dict[str, list[Message]] = {}
        self._one_at_a_time = threading.Lock()

    def event(self, recipients: object, body: object, *_: object, **__: object) -> Receipt:
        assert isinstance(body, dict)
        assert isinstance(recipients, (ConnectionKey, Iterable))
        keys = connection_keys(recipients)
        for key in keys:
            self.during.pop(key.user, lambda: None)()
        with self._one_at_a_time:
            for key in keys:
                if key.user not in self.away:
                    self._got.setdefault(key.user, []).append(body)
        return Receipt(1, [key for key in keys if key.user in self.away])

    def news(self, name: str) -> list[tuple[object, object]]:
        return [(message["type"], message.get("name")) for message in self._got.get(name, [])]

    def people(self, name: str) -> object:
        """The last list of people that this person's page was told."""
        return [message["people"] for message in self._got[name] if "people" in message][-1]


@pytest.fixture
def browsers() -> Browsers:
    return Browsers()


@pytest.fixture
def room(browsers: Browsers) -> Room:
    return Room(browsers)


def test_everybody_is_told_who_is_there_the_newcomer_too(room: Room, browsers: Browsers) -> None:
    assert room.enter("Bob", "b")
    assert room.enter("Alice", "a")
    assert browsers.news("Alice") == [("welcome", None), ("joined", "Alice")]
    assert browsers.people("Alice") == browsers.people("Bob") == ["Alice", "Bob"]


def test_who_enters_while_another_is_welcomed_is_known_to_both(
    room: Room, browsers: Browsers
) -> None:
    browsers.during["Bob"] = lambda: room.enter("Alice", "a")
    assert room.enter("Bob", "b")
    assert browsers.people("Alice") == browsers.people("Bob") == ["Alice", "Bob"]


def test_many_who_enter_at_once_know_each_other(room: Room, browsers: Browsers) -> None:
    names = [f"Person {number:02}" for number in range(40)]
    with ThreadPoolExecutor(len(names)) as pool:
        assert all(pool.map(room.enter, names, names))
    for name in names:
        assert browsers.people(name) == names


def test_who_is_not_reached_has_left_for_all_others(room: Room, browsers: Browsers) -> None:
    for name in ("Alice", "Bob", "Carol"):
        room.enter(name, name)
    browsers.away = {"Bob", "Carol"}
    room.say("Alice", "Hello?")
    assert browsers.news("Alice")[-3:] == [("said", "Alice"), ("left", "Bob"), ("left", "Carol")]
    assert browsers.people("Alice") == ["Alice"]
    with pytest.raises(NotInRoom):
        room.say("Bob", "Hello!")


def test_who_enters_again_is_told_the_list_and_the_others_nothing(
    room: Room, browsers: Browsers
) -> None:
    room.enter("Alice", "a")
    room.enter("Bob", "b")
    before = browsers.news("Alice")
    assert room.enter("Bob", "b")
    assert browsers.news("Alice") == before
    assert browsers.news("Bob")[-1] == ("welcome", None)
    assert browsers.people("Bob") == ["Alice", "Bob"]


def test_who_enters_again_and_is_not_reached_has_left(room: Room, browsers: Browsers) -> None:
    room.enter("Alice", "a")
    room.enter("Bob", "b")
    browsers.away = {"Bob"}
    assert not room.enter("Bob", "b")
    assert browsers.people("Alice") == ["Alice"]


def test_a_name_that_somebody_has_is_refused(room: Room) -> None:
    room.enter("Alice", "a")
    with pytest.raises(RoomError, match="Alice is in the room already"):
        room.enter("Alice", "b")
