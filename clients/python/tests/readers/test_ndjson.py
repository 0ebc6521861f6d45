"""A program that reads lines with httpx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.support.browser import PATIENCE, query_path

from .behaviours import ReaderBehaviours
from .told import Told, told_by_objects


class TestNdjson(ReaderBehaviours):
    @contextmanager
    def listen(self, port: int, last: str = "") -> Iterator[Iterator[Told]]:
        address = f"http://127.0.0.1:{port}{query_path('ndjson', last=last)}"
        with (
            httpx.Client(timeout=PATIENCE, trust_env=False) as client,
            client.stream("GET", address) as response,
        ):
            response.raise_for_status()
            yield told_by_objects(map(json.loads, response.iter_lines()))
