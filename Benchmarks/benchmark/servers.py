"""The servers that are measured side by side, and how each is started and spoken to."""

from __future__ import annotations

import dataclasses
import os
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

from benchmark import build
from benchmark.scenario import Scenario

NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
HTTP_PUBLISHERS = 8  # over HTTP each has one event under way

# It answers a poll when there is an event, and never before.
NCHAN_POLLS = ("--transport", "xhr", "--validators")

# What the load generator calls a way to read.
READERS = {"sse": "stream", "ndjson": "stream", "ws": "ws", "poll": "poll", "xhr": "xhr"}


@dataclasses.dataclass(frozen=True)
class Launch:
    """How one server is started and spoken to."""

    command: Sequence[str]
    port: int
    publish_port: int
    arguments: Sequence[str]

    def to_generator(self, scenario: Scenario) -> list[str]:
        """Say to the load generator what it needs to know of server and scenario."""
        ports = ("--port", str(self.port), "--publish-port", str(self.publish_port))
        return [*ports, "--transport", READERS[scenario.transport], *self.arguments, *scenario.arguments()]


@dataclasses.dataclass(frozen=True)
class Server:
    """One column of the report: a kind of server, with so many loops; or a build of it that has a title of its own."""

    kind: str
    loops: int = 1
    binary: Path | None = None
    title: str = ""

    @property
    def name(self) -> str:
        """What the report calls it."""
        if self.title:
            return self.title
        return self.kind if self.loops == 1 else f"{self.kind}-{self.loops}"

    def absent(self) -> str | None:
        """Say why it can't be started here, if it can't."""
        if self.kind == "nchan" and not (
            shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") and NCHAN.exists()
        ):
            return "Debian's packages nginx and libnginx-mod-nchan are not installed"
        if self.kind == "orbited" and not (self.binary and self.binary.exists()):
            return f"there is no server at {self.binary}; `make build` makes one"
        return None

    def launch(self, scenario: Scenario, folder: Path) -> Launch:
        """Prepare a start, with its files in a folder of its own."""
        ports = free_ports(2)
        if self.kind == "floor":
            return floor(ports)
        if self.kind == "nchan":
            return nchan(scenario, folder, ports[0], self.loops)
        return orbited(scenario, folder, ports, self.loops, self.binary)


def floor(ports: Sequence[int]) -> Launch:
    command = [str(build.floor()), *map(str, ports)]
    return Launch(command, ports[0], ports[1], ["--path", "/u%i"])


def orbited(scenario: Scenario, folder: Path, ports: Sequence[int], loops: int, binary: Path | None) -> Launch:
    configuration = folder / "orbited.cfg"
    configuration.write_text(f"[global]\nhttp.port = {ports[0]}\nop.port = {ports[1]}\nloops = {loops}\n")
    path = f"/?user=u%i&session=s&transport={scenario.transport}"
    return Launch([str(binary), "serve", "--config", str(configuration)], ports[0], ports[1], ["--path", path])


def nchan(scenario: Scenario, folder: Path, port: int, workers: int) -> Launch:
    accept = {"sse": ("--accept", "text/event-stream"), "ws": (), "poll": NCHAN_POLLS}[scenario.transport]
    channel = "b%i" if scenario.audience == "one" else "all"
    publishers = HTTP_PUBLISHERS if scenario.audience == "one" else 1
    configuration = folder / "nginx.conf"
    configuration.write_text(nchan_configuration(folder, port, workers))
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-e", str(folder / "error"), "-c", str(configuration)]
    publish = ("--wire", "http", "--publishers", str(publishers), "--publish-path", f"/publish/{channel}")
    return Launch(command, port, port, [*publish, "--path", f"/subscribe/{channel}", *accept])


def nchan_configuration(folder: Path, port: int, workers: int) -> str:
    """Nginx as a push server, without what costs time and what Orbited does not do either, such as an access log."""
    return f"""
load_module {NCHAN};
{"user root;" if os.geteuid() == 0 else ""}
daemon off;
worker_processes {workers};
worker_rlimit_nofile 20000;
pid {folder}/pid;
error_log {folder}/error error;
events {{ worker_connections 19900; multi_accept on; }}
http {{
  access_log off;
  tcp_nodelay on;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  client_header_buffer_size 512;
  connection_pool_size 256;
  request_pool_size 1k;
  client_body_temp_path {folder}/body;
  client_body_buffer_size 16k;
  reset_timedout_connection on;
  nchan_shared_memory_size 256m;
  nchan_message_buffer_length 10;
  nchan_message_timeout 10s;
  nchan_subscriber_timeout 0;
  server {{
    listen 127.0.0.1:{port} backlog=4096{" reuseport" if workers > 1 else ""};
    location ~ ^/subscribe/(\\w+)$ {{
      nchan_subscriber eventsource websocket longpoll;
      nchan_channel_id $1;
      nchan_subscriber_first_message newest;
    }}
    location ~ ^/publish/(\\w+)$ {{ nchan_publisher http; nchan_channel_id $1; }}
  }}
}}
"""


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
