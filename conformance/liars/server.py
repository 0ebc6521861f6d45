#!/usr/bin/env python3
"""Stands in front of a server that conforms, and tells one lie: the suite has to notice it.

`server.py --lie NAME -- COMMAND…` listens on the ports that ORBITED_HTTP_PORT, ORBITED_OP_PORT and ORBITED_ADMIN_PORT
name, starts the server COMMAND on others, and passes everything on but for the lie. `server.py --list` prints the lies.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys

import lies_browsers  # noqa: F401  # each of these fills the table
import lies_connections  # noqa: F401
import lies_new_orbit  # noqa: F401
import lies_replies  # noqa: F401
import lies_wholesale  # noqa: F401
from lie import LIES, BrowserLink, ControlLink, LyingLink, World, listed
from wire import Side, connect, listen, reserved_port

PORTS = {"ORBITED_OP_PORT": "9000", "ORBITED_HTTP_PORT": "8000", "ORBITED_ADMIN_PORT": "9001"}
# The real server must not outlive a liar that was killed: this ends it when the liar's end of the pipe is gone.
GUARD = """
import contextlib, os, signal, sys
sys.stdin.read()
with contextlib.suppress(ProcessLookupError):
    os.kill(int(sys.argv[1]), signal.SIGKILL)
"""


def link_of(variable: str, client: Side, server: Side, world: World) -> LyingLink:
    if variable == "ORBITED_OP_PORT":
        return ControlLink(client, server, world)
    return BrowserLink(client, server, world, is_admin=variable == "ORBITED_ADMIN_PORT")


async def ready(port: int, server: asyncio.subprocess.Process) -> None:
    """Waits until the real server listens, or has ended."""
    while server.returncode is None:
        with contextlib.suppress(OSError):
            side = await connect(port)
            side.writer.close()
            return
        await asyncio.sleep(0.02)  # nothing tells when a port is listened on


async def stand_before(variable: str, port: int, world: World) -> asyncio.Server:
    """Listens on a port of the suite, and links what comes with the real server."""

    async def take(client: Side) -> None:
        try:
            server = await connect(port)
        except OSError:
            client.reset()
        else:
            await link_of(variable, client, server, world).run()

    return await listen(int(os.environ.get(variable, PORTS[variable])), take)


async def pass_on_the_last(links: list[LyingLink]) -> None:
    """Waits until all that the server has said has gone to its clients, but for those that read nothing."""
    ends = [asyncio.ensure_future(link.is_over.wait()) for link in links]
    if ends:
        await asyncio.wait(ends, timeout=1)
    for end in ends:
        end.cancel()


async def serve(name: str, command: list[str]) -> int:
    """Runs the real server and lies until it ends; returns its status."""
    world, environment = World(LIES[name]), dict(os.environ)
    variables = [
        name for name in PORTS if name != "ORBITED_ADMIN_PORT" or os.environ.get("ORBITED_ADMIN_ENABLED") == "1"
    ]
    with contextlib.ExitStack() as held:
        ports = {variable: held.enter_context(reserved_port()) for variable in variables}
        environment.update({variable: str(port) for variable, port in ports.items()})
        if "setting" in world.lie.hooks:
            world.lie.hooks["setting"](environment)
        return await stand(world, ports, command, environment)


async def stand(world: World, ports: dict[str, int], command: list[str], environment: dict[str, str]) -> int:
    """Runs the real server on these ports, and lies before it."""
    server = await asyncio.create_subprocess_exec(*command, env=environment)
    guard = subprocess.Popen([sys.executable, "-c", GUARD, str(server.pid)], stdin=subprocess.PIPE)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    ended = asyncio.ensure_future(server.wait())
    stopped = asyncio.ensure_future(stopping.wait())
    for port in ports.values():
        await ready(port, server)
    listeners = [await stand_before(variable, port, world) for variable, port in ports.items()]
    await asyncio.wait([ended, stopped], return_when=asyncio.FIRST_COMPLETED)
    for listener in listeners:
        listener.close()  # a server that stops takes no connections; what there is of them goes on
    if not ended.done():
        server.terminate()
    status = await ended
    await pass_on_the_last(world.links)
    if guard.stdin:
        guard.stdin.close()
    guard.wait()
    return status if status >= 0 else 128 - status


def main() -> int:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the lies, a JSON object a line")
    parser.add_argument("--lie", choices=sorted(LIES), default="honest")
    parser.add_argument("command", nargs="*", help="the real server")
    arguments = parser.parse_args()
    if arguments.list:
        for each in LIES.values():
            print(listed(each))
        return 0
    if not arguments.command:
        parser.error("the command of the real server is missing")
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # who starts this may block signals, and the server inherits that
    return asyncio.run(serve(arguments.lie, arguments.command))


if __name__ == "__main__":
    sys.exit(main())
