"""The Swift client as a program, by way of the command line, which uses it; as publisher.py does.

    publisher_swift.py PORT PATTERN
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

_LOCK = threading.Lock()


def tell(*words: object) -> None:
    """Print a line at once."""
    with _LOCK:
        print(json.dumps(words), flush=True)


def main() -> None:
    """Watch, and send what standard input says."""
    port, pattern = sys.argv[1:]
    orbited = os.environ["ORBITED_BINARY"]
    watch = subprocess.Popen(
        [orbited, "watch", "--state", pattern, "--port", port], stdout=subprocess.PIPE, text=True
    )
    assert watch.stdout is not None
    lines = iter(watch.stdout.readline, "")

    def read() -> None:
        for line in lines:
            word, key = line.split(maxsplit=1)
            tell(word, key.partition(" (")[0].strip())

    threading.Thread(target=read, daemon=True).start()
    for line in sys.stdin:
        recipient, value = json.loads(line)
        words = [orbited, "event", recipient, json.dumps(value), "--ack", "browser", "--port", port]
        told = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False).stdout
        tell("receipt", 1 if told == "Success: 1 reached\n" else 0)
    watch.terminate()
    watch.wait()


if __name__ == "__main__":
    main()
