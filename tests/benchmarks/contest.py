"""A contest: the same events through the same broker, each contender with a relay and a consumer of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.benchmarks.peers.turn import MARK

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS, LONGEST_REASON = 120.0, 100
ERROR = re.compile(r"[\w.]+(Error|Exception)\b")


@dataclass(frozen=True)
class Contender:
    """A module with `relay` and `consumer`, and the interpreter that has its packages."""

    module: str
    python: str = sys.executable


@dataclass(frozen=True)
class Flow:
    """Events a second from the start to the last effect, and microseconds of both processes' CPU an event."""

    rate: float
    cpu: float


class ContestFailed(Exception):  # noqa: N818 - says what happened
    """A process ended or was silent; one line of what it wrote is the message."""


@dataclass
class Process:
    """One side of a contender."""

    child: subprocess.Popen
    errors: Path

    def hear(self):
        """What it says next."""
        for line in self.child.stdout:
            if line.startswith(MARK):
                return json.loads(line.removeprefix(MARK))
        raise ContestFailed(last_words(self.errors.read_text(errors="replace")))

    def tell_to_start(self):
        with suppress(BrokenPipeError):  # it has ended; why, is heard next
            self.child.stdin.write("\n")
            self.child.stdin.flush()


def last_words(errors):
    """One line of what a process wrote, cut short: the last error it names, else the last line."""
    lines = [line for line in (line.strip(" |+-") for line in errors.splitlines()) if line]
    named = [line for line in lines if ERROR.match(line)]
    return (named or lines or ["it ended without a word or was silent for too long"])[-1][:LONGEST_REASON]


@contextmanager
def process(contender, role, settings, folder):
    errors = folder / f"{contender.module}.{role}.errors"
    command = [contender.python, "-m", f"tests.benchmarks.{contender.module}", role, json.dumps(settings)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with errors.open("w") as log:
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
    watch = threading.Timer(LONGEST_SECONDS, child.kill)
    watch.start()
    try:
        yield Process(child, errors)
    finally:
        watch.cancel()
        child.kill()
        child.communicate()


def run(contender, settings, folder):
    """Let one contender carry all events of the source's outbox to effects in the target."""
    with ExitStack() as stack:
        consumer, relay = (stack.enter_context(process(contender, r, settings, folder)) for r in ("consumer", "relay"))
        consumer.hear()
        relay.hear()
        began = perf_counter()
        relay.tell_to_start()
        sent, applied = relay.hear(), consumer.hear()
    return Flow(settings["count"] / (applied["at"] - began), (sent["cpu"] + applied["cpu"]) / settings["count"] * 1e6)
