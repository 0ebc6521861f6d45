"""The room: who is in it, and who is told what."""

from __future__ import annotations

import threading

from pyorbited import Client, ConnectionKey

LOCATION = "/chat"
LONGEST_NAME = 40
LONGEST_TEXT = 2000

Message = dict[str, object]


class RoomError(Exception):
    """Somebody can't have what they asked for; the message is for them to read."""


class NotInRoom(RoomError):
    """The session is not in the room, or no longer."""


class Room:
    """The people who are connected, by their session.

    One thing happens at a time, so that each list of people is newer than those sent before it.

    Args:
        orbit: Sends the room's events. Browsers get each event as a JSON object whose ``type`` is
            ``welcome``, ``joined`` or ``left``, all with ``people``, the sorted names of everybody,
            and the last two with the ``name`` of whom it is about; or ``said``, with ``name`` and
            ``text``.
    """

    def __init__(self, orbit: Client) -> None:
        self._orbit = orbit
        self._lock = threading.RLock()
        self._people: dict[str, ConnectionKey] = {}

    def enter(self, name: str, session: str) -> bool:
        """Let somebody in, if the browser can be reached already.

        Who is in the room may enter again, and gets a welcome again.

        Raises:
            RoomError: The name is taken or too long.
            InvalidRecipient: Name or session can't be part of a connection key.
        """
        newcomer = ConnectionKey(name, session, LOCATION)
        if len(name) > LONGEST_NAME:
            raise RoomError(f"A name may have {LONGEST_NAME} characters.")
        with self._lock:
            self._refuse_taken(newcomer)
            welcome = {"type": "welcome", "people": sorted({name, *self._names()})}
            if not self._orbit.event(newcomer, welcome):
                self.leave(session)
                return False
            if session not in self._people:
                self._people[session] = newcomer
                self._tell(self._news("joined", newcomer))
            return True

    def say(self, session: str, text: str) -> None:
        """Tell everybody, the speaker too.

        Raises:
            NotInRoom: The speaker is not in the room.
            RoomError: The text is empty or too long.
        """
        with self._lock:
            speaker = self._people.get(session)
            if speaker is None:
                raise NotInRoom("You are not in the room any more.")
            if not 0 < len(text) <= LONGEST_TEXT:
                raise RoomError(f"A message has from 1 to {LONGEST_TEXT} characters.")
            self._tell({"type": "said", "name": speaker.user, "text": text})

    def leave(self, session: str) -> None:
        """Let somebody go, and tell the others. Nothing happens if they are not in the room."""
        with self._lock:
            leaver = self._people.pop(session, None)
            if leaver:
                self._tell(self._news("left", leaver))

    def _tell(self, message: Message) -> None:
        """Tell everybody, and then that those who were not reached are no longer there."""
        messages = [message]
        while messages:
            receipt = self._orbit.event(list(self._people.values()), messages.pop(0))
            lost = [key for key in receipt.unreached if self._people.pop(key.session, None)]
            messages += [self._news("left", key) for key in lost]

    def _news(self, kind: str, who: ConnectionKey) -> Message:
        return {"type": kind, "name": who.user, "people": sorted(self._names())}

    def _names(self) -> list[str]:
        return [key.user for key in self._people.values()]

    def _refuse_taken(self, newcomer: ConnectionKey) -> None:
        for key in self._people.values():
            if (key.user == newcomer.user) != (key.session == newcomer.session):
                raise RoomError(f"{newcomer.user} is in the room already: choose another name.")
