"""sseclient-py, over requests as its documentation shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from sseclient import SSEClient

from tests.support.browser import PATIENCE, query_path

from .behaviours import ReaderBehaviours
from .told import Told, told_by_event


class TestSseclient(ReaderBehaviours):
    @contextmanager
    def listen(self, port: int, last: str = "") -> Iterator[Iterator[Told]]:
        address = f"http://127.0.0.1:{port}{query_path('sse')}"
        headers = {"Last-Event-ID": last} if last else {}
        with requests.Session() as session:
            session.trust_env = False
            with session.get(address, headers=headers, stream=True, timeout=PATIENCE) as response:
                response.raise_for_status()
                yield (
                    told_by_event(event.event, event.data, event.id)
                    for event in SSEClient(iter(response)).events()
                )
