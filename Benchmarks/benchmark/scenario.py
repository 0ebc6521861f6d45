"""What is measured: how many browsers, on which transport, and what is sent to them."""

from __future__ import annotations

import dataclasses

ALL = ("floor", "nchan", "orbited")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """One row of the report.

    Args:
        name: What the command line calls it.
        browsers: How many browsers listen.
        transport: The transport on which they do.
        size: Bytes of an event's body.
        count: Events that are measured; with 0 the browsers are idle.
        warmup: Events before those.
        window: Events that are under way at once.
        rate: Events a second, in the place of a window.
        audience: Whether an event is for all browsers, by ``pattern`` or by their ``names``, or for ``one``.
        storm: Whether all break off, once connected, and come back at the same moment.
        slow_every: Each of so many browsers stops reading after the warm-up; 0 for none.
        narrow_every: For each of so many the system holds little, as it does for the slow ones; 0 for none.
        servers: Which servers it is for.
        quick: Whether it belongs to the quick run.
    """

    name: str
    browsers: int
    transport: str = "sse"
    size: int = 100
    count: int = 0
    warmup: int = 0
    window: int = 2
    rate: float | None = None
    audience: str = "pattern"
    storm: bool = False
    slow_every: int = 0
    narrow_every: int = 0
    servers: tuple[str, ...] = ALL
    quick: bool = False

    @property
    def idle(self) -> bool:
        """Whether browsers are connected, and nothing is sent."""
        return self.count == 0

    @property
    def slow(self) -> int:
        """How many browsers stop reading."""
        return (self.browsers - 1) // self.slow_every + 1 if self.slow_every else 0

    def arguments(self) -> list[str]:
        """Say it to the load generator."""
        pace = ["--window", str(self.window)] if self.rate is None else ["--rate", str(self.rate)]
        return [
            *("--browsers", str(self.browsers), "--size", str(self.size), "--audience", self.audience),
            *("--warmup", str(self.warmup), "--count", str(self.count), "--slow-every", str(self.slow_every)),
            *("--narrow-every", str(self.narrow_every)),
            *pace,
            *(["--storm"] if self.storm else []),
        ]


def fan_out(browsers: int, size: int, *, servers: tuple[str, ...] = ALL, quick: bool = False) -> Scenario:
    """Events to all browsers, about 400,000 deliveries."""
    count = max(400_000 // browsers, 20)
    name = f"fanout-{browsers // 1000}k-{'1k' if size == 1024 else size}"
    return Scenario(name, browsers, size=size, count=count, warmup=max(count // 10, 5), servers=servers, quick=quick)


SCENARIOS = (
    fan_out(1_000, 100, quick=True),
    fan_out(1_000, 1024),
    fan_out(5_000, 100),
    fan_out(10_000, 100, servers=(*ALL, "orbited-2"), quick=True),
    fan_out(10_000, 1024),
    fan_out(19_000, 100, servers=("floor", "orbited")),  # nchan gives up at 18,700
    dataclasses.replace(fan_out(1_000, 100), name="list-1k-100", audience="names", servers=("floor", "orbited")),
    dataclasses.replace(fan_out(1_000, 100), name="fanout-ws-1k-100", transport="ws", servers=("nchan", "orbited")),
    dataclasses.replace(fan_out(1_000, 100), name="fanout-poll-1k-100", transport="poll", servers=("nchan", "orbited")),
    Scenario(
        "unicast-10k-100",
        10_000,
        count=50_000,
        warmup=5_000,
        window=64,
        audience="one",
        servers=(*ALL, "orbited-2"),
        quick=True,
    ),
    Scenario("latency-1k-100", 1_000, count=80, warmup=10, rate=20, quick=True),
    Scenario("steady-10k-16k", 10_000, size=16_384, count=25, warmup=5, rate=1.25, narrow_every=10),
    Scenario("slow-10k-16k", 10_000, size=16_384, count=25, warmup=5, rate=1.25, slow_every=10, servers=("orbited",)),
    Scenario("storm-sse-10k", 10_000, storm=True, quick=True),
    Scenario("idle-sse-10k", 10_000, quick=True),
    Scenario("idle-ws-10k", 10_000, transport="ws", servers=("nchan", "orbited"), quick=True),
    Scenario("idle-ndjson-10k", 10_000, transport="ndjson", servers=("orbited",)),
    Scenario("idle-poll-10k", 10_000, transport="poll", servers=("orbited",)),
    Scenario("idle-xhr-10k", 10_000, transport="xhr", servers=("orbited",)),
)
