#!/usr/bin/env python3
"""Stands between the suite and an adapter of a client that conforms, and tells one lie: the suite has to notice it.

`client.py --lie NAME -- ADAPTER…` starts the adapter, passes on its calls and what becomes of them, and links the
client's connections with the suite's server, but for the lie. `client.py --list` prints the lies.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any

import lies_clients  # noqa: F401  # fills the table
from lie import LIES, ControlLink, Hook, World, listed, same
from wire import HOST, Side, connect, listen

LONGEST = 1 << 26  # bytes of a line of an adapter


class Liar:
    """A real adapter, and the links of its client."""

    def __init__(self, name: str) -> None:
        self.world = World(LIES[name])
        self.memory: dict[str, Any] = {}

    def told(self, place: str, line: dict[str, Any]) -> list[dict[str, Any]]:
        """What the lie makes of a line."""
        hook: Hook = self.world.lie.hooks.get(place, same)
        lines: list[dict[str, Any]] = hook(line, self.memory)
        return lines

    async def run(self, command: list[str]) -> int:
        """Runs the adapter until it ends; returns its status."""
        pipe = asyncio.subprocess.PIPE
        adapter = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=LONGEST)
        assert adapter.stdin and adapter.stdout
        calls = asyncio.ensure_future(self.calls(adapter.stdin))
        while line := await adapter.stdout.readline():
            for other in self.told("line", json.loads(line)):
                print(json.dumps(other, ensure_ascii=False), flush=True)
        calls.cancel()
        return await adapter.wait()

    async def calls(self, adapter: asyncio.StreamWriter) -> None:
        """Passes the calls of the suite on."""
        reader = asyncio.StreamReader(limit=LONGEST)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            call = json.loads(line)
            if call.get("do") == "client" and "ca" not in call:  # what is encrypted can't be changed
                await self.stand_before(call)
            for other in self.told("call", call):
                adapter.write(json.dumps(other, ensure_ascii=False).encode() + b"\n")
            await adapter.drain()
        adapter.close()

    async def stand_before(self, call: dict[str, Any]) -> None:
        """Has the client connect here, in the place of the suite's server."""
        port, host = call["port"], call["host"]

        async def take(client: Side) -> None:
            try:
                server = await connect(port, host)
            except OSError:
                client.reset()
            else:
                await ControlLink(client, server, self.world).run()

        listener = await listen(0, take)
        call.update(host=HOST, port=listener.sockets[0].getsockname()[1])


def main() -> int:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the lies, a JSON object a line")
    parser.add_argument("--lie", choices=sorted(LIES), default="honest")
    parser.add_argument("command", nargs="*", help="the adapter")
    arguments = parser.parse_args()
    if arguments.list:
        for each in LIES.values():
            print(listed(each))
        return 0
    if not arguments.command:
        parser.error("the command of the adapter is missing")
    return asyncio.run(Liar(arguments.lie).run(arguments.command))


if __name__ == "__main__":
    sys.exit(main())
