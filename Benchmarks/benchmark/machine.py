"""What was measured on, and with what."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path


def describe() -> dict[str, object]:
    """Name processor, system and versions, as the report keeps them."""
    return {
        "processor": processor(Path("/proc/cpuinfo").read_text()),
        "cpus": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "load": os.getloadavg()[0],
        "commit": output("git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"),
        "nginx": output("/usr/sbin/nginx", "-v"),
        "compiler": output(os.environ.get("CC", "cc"), "--version").split("\n")[0],
    }


def processor(text: str) -> str:
    """Take the processor's name from ``/proc/cpuinfo``."""
    match = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return match[1] if match else platform.machine()


def output(*command: str) -> str:
    """Run a command, and return what it prints, or nothing if it can't be run."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
