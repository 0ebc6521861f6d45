from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.chat import ChatServer, Person, chat_server

Join = Callable[[str, str], Person]
Open = Callable[[str], Person]

pytestmark = pytest.mark.timeout(180)

XHR, IFRAME = "", "iframe"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[ChatServer]:
    with chat_server(tmp_path) as server:
        yield server


@pytest.fixture
def visit(chat: ChatServer) -> Iterator[Open]:
    """Brings somebody with a browser of their own to a page."""
    with ExitStack() as stack:

        def _visit(page: str) -> Person:
            person = Person(chat.url + page)
            stack.callback(person.close_window)
            return person

        yield _visit


@pytest.fixture
def join(visit: Open) -> Join:
    """Brings somebody with a browser of their own to a page, under a name."""
    return lambda page, name: visit(page).enter(name)


@pytest.mark.parametrize("page", [XHR, IFRAME])
def test_someone_alone_talks_to_herself(join: Join, page: str) -> None:
    alice = join(page, "Alice")
    alice.sees_people("Alice")
    for number in range(5):
        alice.say(f"Hello, me! {number}")
        alice.sees(f"Alice: Hello, me! {number}")
    assert alice.log() == [f"Alice: Hello, me! {number}" for number in range(5)]


@pytest.mark.parametrize(("first", "second"), [(XHR, XHR), (IFRAME, IFRAME), (XHR, IFRAME)])
def test_two_people_hear_each_other(join: Join, first: str, second: str) -> None:
    alice = join(first, "Alice")
    bob = join(second, "Bob")
    alice.sees("Bob has joined")
    for person in (alice, bob):
        person.sees_people("Alice", "Bob")
    alice.say("Hello, Bob!")
    bob.sees("Alice: Hello, Bob!")
    bob.say("Hello, Alice!")
    alice.sees("Bob: Hello, Alice!")
    assert alice.log() == ["Bob has joined", "Alice: Hello, Bob!", "Bob: Hello, Alice!"]


@pytest.mark.parametrize("page", [XHR, IFRAME])
def test_a_script_is_shown_as_text(join: Join, page: str) -> None:
    mallory = join(page, "<b>Mallory</b>")
    mallory.say("<script>alert(1)</script>")
    mallory.sees("<b>Mallory</b>: <script>alert(1)</script>")
    assert mallory.tags_in_log() == {"li", "b", "span"}
    mallory.sees_people("<b>Mallory</b>")


@pytest.mark.parametrize("page", [XHR, IFRAME])
def test_names_and_messages_may_be_of_any_language(join: Join, page: str) -> None:
    jose = join(page, "José,Müller 中文 100%|")
    jose.say("Grüße | 你好 & שלום")
    jose.sees("José,Müller 中文 100%|: Grüße | 你好 & שלום")


def test_a_name_with_a_comma_and_a_space_or_one_that_is_taken_is_refused(join: Join) -> None:
    alice = join(XHR, "Alice")
    bob = join(XHR, "Bob")
    bob.leave()
    bob.knock("Alice")
    bob.is_told("Alice is in the room already: choose another name.")
    bob.knock("a, b")
    bob.is_told("This name can't be used.")
    bob.enter("Bobby")
    alice.sees_people("Alice", "Bobby")


def test_who_leaves_is_missed_and_may_come_back(join: Join) -> None:
    alice = join(XHR, "Alice")
    bob = join(IFRAME, "Bob")
    bob.leave()
    alice.sees("Bob has left")
    alice.sees_people("Alice")
    bob.enter("Bob")
    alice.sees_people("Alice", "Bob")


@pytest.mark.parametrize("page", [XHR, IFRAME])
def test_a_closed_browser_is_dropped_from_the_room(join: Join, page: str) -> None:
    alice = join(XHR, "Alice")
    bob = join(page, "Bob")
    alice.sees_people("Alice", "Bob")
    bob.close_window()
    alice.say("Bob?")
    alice.sees("Alice: Bob?")
    alice.sees("Bob has left")
    alice.sees_people("Alice")


@pytest.mark.parametrize("page", [XHR, IFRAME])
def test_who_was_dropped_while_asleep_comes_back(join: Join, page: str) -> None:
    alice = join(XHR, "Alice")
    bob = join(page, "Bob")
    alice.sees_people("Alice", "Bob")
    bob.stops_listening()
    alice.say("Bob?")
    alice.sees("Bob has left")
    bob.listens_again()
    alice.sees_people("Alice", "Bob")
    alice.say("Welcome back!")
    bob.sees("Alice: Welcome back!")
    bob.sees_people("Alice", "Bob")


@pytest.mark.parametrize("page", [XHR, IFRAME])
def test_after_a_restart_of_the_application_all_come_back(
    chat: ChatServer, join: Join, page: str
) -> None:
    join(page, "Alice")
    join(page, "Bob")
    chat.restart()
    join(XHR, "Carol").sees_people("Alice", "Bob", "Carol")


def test_who_speaks_after_a_restart_keeps_the_words_and_comes_back(
    chat: ChatServer, join: Join
) -> None:
    alice = join(XHR, "Alice")
    chat.restart()
    alice.say("Hello?")
    alice.still_has_to_say("Hello?")
    alice.is_told_nothing()
    alice.say("")
    alice.sees("Alice: Hello?")


def test_a_visit_that_was_given_up_does_not_disturb_the_next(visit: Open) -> None:
    alice = visit(XHR)
    alice.holds_back_the_first_post()
    alice.knock("Al")
    alice.enter("Alice")
    assert alice.lets_it_go() == ["Al", "Alice"]
    alice.sees_people("Alice")
