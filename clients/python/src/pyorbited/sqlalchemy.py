"""Events that wait for the commit of a SQLAlchemy session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

if TYPE_CHECKING:
    from .afterwards import Outgoing
    from .client import Client

_WAITING = "pyorbited.waiting"


@dataclass
class _Waiting:
    """An event, and the transaction, perhaps a savepoint, in which it was given."""

    outgoing: Outgoing
    client: Client
    transaction: SessionTransaction | None

    def is_within(self, other: SessionTransaction) -> bool:
        inner = self.transaction
        while inner is not None and inner is not other:
            inner = inner.parent
        return inner is other


def send_after_commit(
    session: Session | scoped_session[Session], outgoing: Outgoing, client: Client
) -> None:
    """Send an event when the session's outermost transaction commits.

    It is forgotten when its own transaction, or one round it, is rolled back, or the session is
    closed without a commit.
    """
    own = session() if isinstance(session, scoped_session) else session
    transaction = own.get_nested_transaction() or own.get_transaction() or own.begin()
    if _WAITING not in own.info:
        own.info[_WAITING] = []
        event.listen(own, "after_commit", _committed)
        event.listen(own, "after_transaction_end", _ended)
        event.listen(own, "after_soft_rollback", _rolled_back)
    own.info[_WAITING].append(_Waiting(outgoing, client, transaction))


def _committed(session: Session) -> None:
    if session.in_nested_transaction():
        return
    waiting: list[_Waiting] = session.info[_WAITING]
    session.info[_WAITING] = []
    for entry in waiting:
        entry.outgoing.send(entry.client)


def _rolled_back(session: Session, transaction: SessionTransaction) -> None:
    waiting: list[_Waiting] = session.info[_WAITING]
    session.info[_WAITING] = [entry for entry in waiting if not entry.is_within(transaction)]


def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info[_WAITING] = []  # closed without a commit
