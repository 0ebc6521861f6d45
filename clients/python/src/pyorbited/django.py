"""Events from Django, sent once the database has what they tell of.

::

    # settings.py
    ORBITED = {"secret": os.environ["ORBITED_SECRET"], "policy": "fail"}

    # views.py
    from pyorbited.django import event_on_commit

    def post(request):
        message = Message.objects.create(text=request.POST["text"])
        event_on_commit("*, *, /chat", {"id": message.id, "text": message.text})
        return HttpResponse(status=204)

If the transaction is rolled back nothing is sent. Django itself is needed only by who uses this.
"""

from __future__ import annotations

import functools
from concurrent.futures import Future
from typing import TYPE_CHECKING, Callable

from django.conf import settings
from django.db import transaction

from .afterwards import Outgoing

if TYPE_CHECKING:
    from .afterwards import Done
    from .client import Client
    from .frames import Ack
    from .outcome import Receipt
    from .pattern import AddressForms

__all__ = ["client", "event_on_commit"]


@functools.cache
def client() -> Client:
    """Give the client of this process, which all requests share.

    The setting ``ORBITED`` holds the arguments of :class:`pyorbited.client.Client`, by name; it
    may be missing.
    """
    from .client import Client

    return Client(**getattr(settings, "ORBITED", {}))


def event_on_commit(
    recipients: AddressForms,
    body: object,
    json: bool = True,
    ttl: int | None = None,
    ack: Ack = "written",
    retry: bool = False,
    *,
    using: str | None = None,
    done: Done | None = None,
    through: Client | None = None,
) -> None:
    """Send an event when the transaction commits; at once if there is none.

    The body is written now, so that later changes of its objects don't change it. The request
    does not wait for the receipt; it waits only while the client's queue is full and its policy
    is ``wait``. What goes wrong afterwards is logged as an error of ``pyorbited.afterwards``, and
    so are recipients that were not reached, as information.

    Args:
        recipients: One or several keys or patterns.
        body: What the browsers get.
        json: Whether it is a value to be written as JSON.
        ttl: Whole seconds that it may wait at the server.
        ack: ``written`` or ``browser``.
        retry: Whether to send it again after a lost connection, perhaps twice.
        using: The alias of the database. Default: Django's default.
        done: Is called with the future of the receipt once that has ended, in a thread of the
            client; then nothing is logged.
        through: The client. Default: that of this process, see :func:`client`.

    Raises:
        InvalidRecipient: A recipient is neither key nor pattern.
        InvalidBody: The body can't be sent.
        ValueError: ``ttl`` or ``ack`` is not such.
    """
    outgoing = Outgoing.read(recipients, body, json, ttl, ack, retry, done)

    def send() -> Future[Receipt] | None:
        return outgoing.send(through or client())

    callback: Callable[[], object] = send
    transaction.on_commit(callback, using=using)
