"""What a program asked for, and what the courier says of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Union

from .exceptions import OrbitedError
from .frames import Frame
from .notices import Notice, Position
from .outcome import Closed, Done, Listing, Receipt, Watching

if TYPE_CHECKING:
    from .watchstate import WatchState

Result = Union[Receipt, Done, Watching, Listing, Closed]
"""What a call gives if all went well."""


class Stage(Enum):
    """Where a call is."""

    NEW = "not submitted"
    WAITING = "waiting for room in the queue"
    QUEUED = "waiting for a connection"
    SENT = "waiting for the reply"
    DONE = "done"


@dataclass(eq=False)
class Call:
    """One call of a program.

    Attributes:
        frame: What it asks the server; None if it is only to wait for a connection.
        deadline: When its time is over, by the clock that the courier is given; None for no end.
        seconds: How long that was from the beginning, for the error's message.
        retry: Whether to send it again after the connection was lost in the middle of it.
        watch: The watch that it begins.
        stage: Where it is.
        maybe_delivered: Whether the server can have had it from a connection that was lost.
        size: Bytes of its frame, while it is sent.
        own: Whether the courier made it itself, so that nobody waits for it.
    """

    frame: Frame | None
    deadline: float | None = None
    seconds: float | None = None
    retry: bool = False
    watch: WatchState | None = None
    stage: Stage = Stage.NEW
    maybe_delivered: bool = False
    size: int = 0
    own: bool = False


@dataclass(frozen=True)
class Open:
    """Begin to connect, and say how it went."""


@dataclass(frozen=True)
class Shut:
    """Close the connection, or give up the attempt to make one."""


@dataclass(frozen=True)
class Admitted:
    """The call has its place in the queue, or is sent: its caller may go on."""

    call: Call


@dataclass(frozen=True)
class Succeeded:
    """The call is done. ``result`` is None for a call that only waited for a connection."""

    call: Call
    result: Result | None


@dataclass(frozen=True)
class Failed:
    """The call has failed."""

    call: Call
    error: OrbitedError


@dataclass(frozen=True)
class Tell:
    """Hand a notice to the program that watches.

    Attributes:
        watch: Which watch.
        notice: What it is told.
        position: Where another watch can go on once this is read; None: not there.
    """

    watch: WatchState
    notice: Notice
    position: Position | None


@dataclass(frozen=True)
class EndWatch:
    """The watch has ended: by an error, or by the program itself if ``error`` is None."""

    watch: WatchState
    error: OrbitedError | None


Action = Union[Open, Shut, Admitted, Succeeded, Failed, Tell, EndWatch]
"""What the shell is to do."""
