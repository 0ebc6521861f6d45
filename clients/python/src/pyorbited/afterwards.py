"""Events that are sent when a request or a transaction has gone well."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from .exceptions import OrbitedError
from .request import event_frame

if TYPE_CHECKING:
    from .client import Client
    from .frames import Ack, Event
    from .outcome import Receipt
    from .pattern import AddressForms

    Done = Callable[[Future[Receipt]], object]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outgoing:
    """An event that waits for its moment, with its body as it was at first.

    Attributes:
        frame: The event.
        retry: Whether to send it again after a lost connection.
        done: Is called with the future of its receipt, once that has ended; None to log it.
    """

    frame: Event
    retry: bool
    done: Done | None

    @classmethod
    def read(
        cls,
        recipients: AddressForms,
        body: object,
        json: bool,
        ttl: int | None,
        ack: Ack,
        retry: bool,
        done: Done | None,
    ) -> Outgoing:
        """Take the arguments of an ``event``.

        Raises:
            InvalidRecipient: A recipient is neither key nor pattern.
            InvalidBody: The body can't be sent.
            ValueError: ``ttl`` or ``ack`` is not such.
        """
        return cls(event_frame(recipients, body, json, ttl, ack), retry, done)

    def send(self, client: Client) -> Future[Receipt]:
        """Send it. What was committed stays so, so nothing is raised: the future tells."""
        event = self.frame
        try:
            future = client.submit(
                event.recipients, event.body, False, event.ttl, event.ack or "written", self.retry
            )
        except OrbitedError as error:  # larger than the limits
            future = Future()
            future.set_exception(error)
        future.add_done_callback(self.done or _log)
        return future


def _log(future: Future[Receipt]) -> None:
    error = future.exception()
    if error:
        logger.error("an event was not sent: %s", error, exc_info=error)
    elif not future.result():
        logger.info("an event did not reach everybody: %r", future.result())
