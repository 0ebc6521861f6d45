"""News of who comes and goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from .key import ConnectionKey


@dataclass(frozen=True)
class Position:
    """A place in the sequence of sign-ons and sign-offs, from which a watch can go on [CTL-141].

    The server knows the last 10,000 notices, as long as it runs.

    Attributes:
        epoch: To which process of the server the number belongs.
        sequence: The number of the last notice before the place [CTL-136].
    """

    epoch: str
    sequence: int


@dataclass(frozen=True)
class Present:
    """A key that had a session when the watch began [CTL-140].

    Attributes:
        watch: The name of the watch on the wire.
        epoch: To which process of the server the number belongs.
        sequence: The number of the last notice before the watch began.
        key: The key.
    """

    watch: str
    epoch: str
    sequence: int
    key: ConnectionKey


@dataclass(frozen=True)
class Signon:
    """The first browser of a key has connected.

    Attributes:
        watch: The name of the watch on the wire.
        epoch: To which process of the server the number belongs.
        sequence: The number of the notice [CTL-136].
        key: The key.
    """

    watch: str
    epoch: str
    sequence: int
    key: ConnectionKey


@dataclass(frozen=True)
class Signoff:
    """The session of a key has ended, after its grace.

    Attributes:
        watch: The name of the watch on the wire.
        epoch: To which process of the server the number belongs.
        sequence: The number of the notice [CTL-136].
        key: The key.
        reason: ``expired``, ``closed`` or ``shutdown`` [CTL-143].
        missed: The ids of the events that waited for it in vain, at most 1,000 [CTL-144].
        unconfirmed: The ids of those which were handed over and not acknowledged, at most 1,000.
    """

    watch: str
    epoch: str
    sequence: int
    key: ConnectionKey
    reason: str
    missed: list[str] = field(default_factory=list, hash=False)
    unconfirmed: list[str] = field(default_factory=list, hash=False)


@dataclass(frozen=True)
class Gap:
    """Notices are missing here, or may be [CTL-153].

    The connection was lost, or the watch was to go on from a place that the server does not know
    any more. The client makes it, not the server. If the watch tells the state, the ``Present`` of
    all keys follow; else ``list`` gives it.

    Attributes:
        watch: The name of the watch on the wire from now on.
        epoch: To which process of the server the number belongs.
        sequence: The number of the last notice before those that come.
    """

    watch: str
    epoch: str
    sequence: int


Told = Union[Present, Signon, Signoff]
"""What the server tells."""

Notice = Union[Told, Gap]
"""What a program that watches is told."""
