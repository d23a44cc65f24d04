"""What all benchmarks share: contenders take turns in every round, and each bar gets one printed line."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from shared.testing.postgresql import Cluster
from shared.testing.rabbitmq import RabbitServer

Contender = Callable[[], float]
_SPIN = 200_000
_WRITES, _PAGE = 50, 4096


@dataclass(frozen=True)
class Figure:
    """One bar: what was measured, what it must reach, and how far the rounds lay apart."""

    bar: str
    what: str
    value: float
    bound: float
    unit: str = "x"
    at_most: bool = False
    noise: float = 0.0
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the bar is reached."""
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    def line(self) -> str:
        """The printed line."""
        sign, verdict = "<=" if self.at_most else ">=", "met" if self.is_met else "NOT MET"
        figure = f"{self.value:9.2f} {self.unit:<3} (bar {sign} {self.bound:g})"
        return f"{self.bar:<4} {self.what:<58} {figure:<28} {verdict:<8} noise {self.noise:4.0%}  {self.note}"


@dataclass(frozen=True)
class Missing:
    """A comparison that could not be made here, and why."""

    bar: str
    what: str
    reason: str
    is_met: bool = True

    def line(self) -> str:
        """The printed line."""
        return f"{self.bar:<4} {self.what:<58} not measured: {self.reason}"


def spread(values: Sequence[float]) -> float:
    """Half the distance between the extremes, as a share of the median."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / 2 / middle if middle else 0.0


@dataclass
class Rounds:
    """The figures of several contenders, one a round."""

    figures: dict[str, list[float]] = field(default_factory=dict)

    def median(self, name: str) -> float:
        """The middle figure of one contender."""
        return statistics.median(self.figures[name])

    def ratios(self, name: str, reference: str) -> list[float]:
        """One contender against another, round by round."""
        return [a / b for a, b in zip(self.figures[name], self.figures[reference], strict=True)]

    def compared(self, bar: str, what: str, name: str, reference: str, bound: float) -> Figure:
        """The figure of a bar that is a ratio."""
        ratios = self.ratios(name, reference)
        note = f"{name} {self.median(name):,.0f}/s, {reference} {self.median(reference):,.0f}/s"
        return Figure(bar, what, statistics.median(ratios), bound, noise=spread(ratios), note=note)


@dataclass
class Bench:
    """The machine a benchmark runs on. `quick` asks for fewer rounds of less work."""

    quick: bool
    rounds: int
    stack: ExitStack = field(default_factory=ExitStack)

    def some(self, many: int) -> int:
        """How much work: `many`, or a quarter of it."""
        return max(1, many // 4) if self.quick else many

    def compare(self, contenders: Mapping[str, Contender]) -> Rounds:
        """Let all run once a round, in turning order; each returns its figure."""
        names, found = list(contenders), Rounds({name: [] for name in contenders})
        for number in range(self.rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                found.figures[name].append(contenders[name]())
        return found

    @cached_property
    def folder(self) -> Path:
        """A folder that is gone afterwards."""
        return Path(self.stack.enter_context(tempfile.TemporaryDirectory()))

    @cached_property
    def postgresql(self) -> Cluster:
        """A PostgreSQL with all its durability."""
        cluster = Cluster.start(self.folder / "pg", durable=True)
        self.stack.callback(cluster.stop)
        return cluster

    @cached_property
    def rabbitmq(self) -> RabbitServer:
        """A RabbitMQ of its own."""
        server = RabbitServer(self.folder / "rabbit")
        self.stack.callback(server.stop)
        server.start()
        return server


def machine_line(seconds: float = 2.0) -> str:
    """How evenly the machine does the same small work just now, and how fast its disk confirms a write."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        sum(range(_SPIN))
        times.append(time.perf_counter() - began)
    slow = statistics.quantiles(times, n=20)[-1] / statistics.median(times) - 1
    return (
        f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, the same work takes up to {slow:.0%} longer,"
        f" a write reaches the disk in {_disk_milliseconds():.2f} ms"
    )


def _disk_milliseconds() -> float:
    """The median of some small writes that are waited for."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(_WRITES):
            os.write(file.fileno(), bytes(_PAGE))
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
