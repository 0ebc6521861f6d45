"""The Python client as a program: watches a pattern, and sends what it is told.

    publisher.py PORT PATTERN

Each line on standard input is JSON: a recipient, and a value for it. Each line on standard output is
a word and what belongs to it, also as JSON.
"""

from __future__ import annotations

import json
import sys
import threading

from pyorbited.client import Client, Gap

_LOCK = threading.Lock()


def tell(*words: object) -> None:
    """Print a line at once."""
    with _LOCK:
        print(json.dumps(words), flush=True)


def main() -> None:
    """Watch, and send what standard input says."""
    orbit = Client("127.0.0.1", int(sys.argv[1]))

    def watch() -> None:
        for notice in orbit.watch(sys.argv[2], state=True):
            if not isinstance(notice, Gap):
                tell(type(notice).__name__.lower(), str(notice.key))

    threading.Thread(target=watch, daemon=True).start()
    for line in sys.stdin:
        recipient, value = json.loads(line)
        receipt = orbit.event(recipient, value, ack="browser")
        tell("receipt", receipt.reached)
    orbit.disconnect()


if __name__ == "__main__":
    main()
