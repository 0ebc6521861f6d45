"""The watches that have begun, over any number of connections."""

from __future__ import annotations

from collections.abc import Iterator

from .call import Action, EndWatch, Tell
from .exceptions import OrbitedError
from .notices import Gap, Told
from .watchstate import WatchState


class Watches:
    """Hands each notice to its watch, and ends watches.

    Args:
        actions: Takes what the shell is to tell the programs that watch.
    """

    def __init__(self, actions: list[Action]) -> None:
        self._states: dict[WatchState, None] = {}
        self._actions = actions

    def __bool__(self) -> bool:
        return bool(self._states)

    def __contains__(self, state: WatchState | None) -> bool:
        return state in self._states

    def __iter__(self) -> Iterator[WatchState]:
        return iter(self._states)

    def add(self, state: WatchState, gap: Gap | None) -> None:
        """Take a watch that has begun, or goes on on a new connection.

        Args:
            state: The watch.
            gap: What to tell the program first, if notices are missing.
        """
        self._states[state] = None
        if gap:
            self._actions.append(Tell(state, gap, state.position))

    def tell(self, notice: Told) -> None:
        """Hand a notice to its watch, unless the program has ended it."""
        for state in self._states:
            if state.id == notice.watch:
                told = state.take(notice)
                self._actions.append(Tell(state, told, state.position))

    def lose(self) -> None:
        """The connection is gone; they wait for the next."""
        for state in self._states:
            state.lose()

    def remove(self, state: WatchState) -> None:
        """End a watch, as the program wants."""
        del self._states[state]
        self._actions.append(EndWatch(state, None))

    def fail(self, state: WatchState, error: OrbitedError) -> None:
        """End a watch with an error of its own."""
        self._states.pop(state, None)
        state.lose()
        self._actions.append(EndWatch(state, error))
