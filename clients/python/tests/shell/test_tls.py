from __future__ import annotations

import asyncio
import shutil
import ssl
from pathlib import Path

import pytest

from pyorbited import ConnectFailed, Limits, aio
from pyorbited.client import Client
from tests.support.certificate import contexts
from tests.support.peer import PATIENCE, ScriptedPeer
from tests.support.peer11 import answer_all

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")

KEY = "a, 0, /x"
LIMITS = Limits(body=3_000_000)
LARGE = b"x" * LIMITS.body
"""More than a socket takes at once, and many records of TLS."""


def test_the_blocking_client_speaks_tls(tmp_path: Path) -> None:
    server, trusting = contexts(tmp_path)
    with (
        ScriptedPeer(answer_all, tls=server) as peer,
        Client("localhost", peer.port, tls=trusting, limits=LIMITS) as orbit,
    ):
        futures = [orbit.submit(KEY, LARGE, json=False) for _ in range(3)]
        futures += [orbit.submit(KEY, number) for number in range(300)]
        assert all(future.result(PATIENCE) for future in futures)


def test_the_asyncio_client_speaks_tls(tmp_path: Path) -> None:
    async def main(port: int) -> None:
        async with aio.Client("localhost", port, tls=trusting, limits=LIMITS) as orbit:
            events = [orbit.event(KEY, LARGE, json=False) for _ in range(3)]
            events += [orbit.event(KEY, number) for number in range(300)]
            assert all(await asyncio.wait_for(asyncio.gather(*events), PATIENCE))

    server, trusting = contexts(tmp_path)
    with ScriptedPeer(answer_all, tls=server) as peer:
        asyncio.run(main(peer.port))


@pytest.mark.parametrize("name", ["localhost", "elsewhere.example"])
def test_a_server_that_can_not_be_verified_gets_nothing(tmp_path: Path, name: str) -> None:
    server, trusting = contexts(tmp_path, name)
    context = ssl.create_default_context() if name == "localhost" else trusting

    async def connect(port: int) -> None:
        async with aio.Client("localhost", port, tls=context) as orbit:
            await orbit.connect()

    with ScriptedPeer(None, None, tls=server) as peer:
        with (
            Client("localhost", peer.port, tls=context, backoff=60, max_backoff=60) as orbit,
            pytest.raises(ConnectFailed, match="verify failed"),
        ):
            orbit.connect()
        with pytest.raises(ConnectFailed, match="verify failed"):
            asyncio.run(connect(peer.port))
