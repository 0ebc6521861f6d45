"""The room: who is in it, and who is told what."""

from __future__ import annotations

import threading

from pyorbited import Client, ConnectionKey

LOCATION = "/chat"
LONGEST_NAME = 40
LONGEST_TEXT = 2000


class RoomError(Exception):
    """Somebody can't have what they asked for; the message is for them to read."""


class NotInRoom(RoomError):
    """The session is not in the room, or no longer."""


class Room:
    """The people who are connected, by their session.

    Args:
        orbit: Sends the room's events. Browsers get each event as a JSON object whose ``type`` is
            ``welcome`` (with ``people``), ``joined``, ``left`` (with ``name``) or ``said`` (with
            ``name`` and ``text``).
    """

    def __init__(self, orbit: Client) -> None:
        self._orbit = orbit
        self._lock = threading.Lock()
        self._people: dict[str, ConnectionKey] = {}

    def enter(self, name: str, session: str) -> bool:
        """Let somebody in, if the browser can be reached already.

        Raises:
            RoomError: The name is taken or too long.
            InvalidRecipient: Name or session can't be part of a connection key.
        """
        newcomer = ConnectionKey(name, session, LOCATION)
        if len(name) > LONGEST_NAME:
            raise RoomError(f"A name may have {LONGEST_NAME} characters.")
        self._check_free(newcomer)
        people = sorted({name, *(key.user for key in self._keys())})
        if not self._orbit.event(newcomer, {"type": "welcome", "people": people}):
            return False
        if self._add(newcomer):
            self._tell({"type": "joined", "name": name}, but=newcomer)
        return True

    def say(self, session: str, text: str) -> None:
        """Tell everybody, the speaker too.

        Raises:
            NotInRoom: The speaker is not in the room.
            RoomError: The text is empty or too long.
        """
        speaker = self._key(session)
        if not 0 < len(text) <= LONGEST_TEXT:
            raise RoomError(f"A message has from 1 to {LONGEST_TEXT} characters.")
        self._tell({"type": "said", "name": speaker.user, "text": text})

    def leave(self, session: str) -> None:
        """Let somebody go, and tell the others. Nothing happens if they are not in the room."""
        with self._lock:
            leaver = self._people.pop(session, None)
        if leaver:
            self._tell({"type": "left", "name": leaver.user})

    def _tell(self, message: dict[str, str], *, but: ConnectionKey | None = None) -> None:
        receipt = self._orbit.event([key for key in self._keys() if key != but], message)
        for key in receipt.unreached:
            self.leave(key.session)

    def _keys(self) -> list[ConnectionKey]:
        with self._lock:
            return list(self._people.values())

    def _key(self, session: str) -> ConnectionKey:
        with self._lock:
            if session not in self._people:
                raise NotInRoom("You are not in the room any more.")
            return self._people[session]

    def _add(self, newcomer: ConnectionKey) -> bool:
        with self._lock:
            self._refuse_taken(newcomer)
            is_new = newcomer.session not in self._people
            self._people[newcomer.session] = newcomer
            return is_new

    def _check_free(self, newcomer: ConnectionKey) -> None:
        with self._lock:
            self._refuse_taken(newcomer)

    def _refuse_taken(self, newcomer: ConnectionKey) -> None:
        for key in self._people.values():
            if (key.user == newcomer.user) != (key.session == newcomer.session):
                raise RoomError(f"{newcomer.user} is in the room already: choose another name.")
