"""The ledger test: processes are killed at random while events flow; nothing may be lost or have its effect twice."""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.postgresql import Cluster
from shared.testing.rabbitmq import RabbitServer
from tests.shared.outbox.kit import EFFECT, KIT, METADATA, effects

ROOT = Path(__file__).resolve().parents[2]
DRAIN_SECONDS = 90.0


@dataclass
class Verdict:
    """What a run found, in the words that reliability tests of brokers use."""

    seed: int
    kills: int
    acked: int
    ok: int
    lost: list[int]
    duplicated: list[int]
    unexpected: list[int]
    unacked_done: int
    seconds: float

    def line(self):
        found = f"lost={len(self.lost)} duplicated={len(self.duplicated)} unexpected={len(self.unexpected)}"
        return (
            f"ledger seed={self.seed} kills={self.kills} acked={self.acked} ok={self.ok} {found} "
            f"recovered={self.unacked_done} seconds={self.seconds:.1f}"
        )

    @property
    def holds(self):
        return not (self.lost or self.duplicated or self.unexpected) and self.ok == self.acked


@dataclass
class Run:
    """One run: where things are, what runs, and the chance that decides who dies."""

    folder: Path
    urls: dict[str, str]
    seed: int
    events: int
    broker: RabbitServer | None = None
    pause: float = 0.0
    children: dict[str, subprocess.Popen] = field(default_factory=dict)

    def prepare(self):
        for name in ("source", "target"):
            engine = make_engine(self.urls[name])
            METADATA.create_all(engine)
            engine.dispose()

    def start(self, role):
        settings = {**self.urls, "ledger": str(self.folder / "acked"), "pause": self.pause}
        acked = self.acked()
        attempted = max([*acked, self.last_written()], default=-1) + 1
        settings |= {"first": attempted, "count": max(0, self.events - attempted)}
        command = [sys.executable, "-m", "tests.faults.ledger_process", role, json.dumps(settings)]
        with (self.folder / f"{role}.log").open("ab") as log:
            self.children[role] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    def acked(self):
        path = self.folder / "acked"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def last_written(self):
        """The newest number the source has kept, acknowledged or not."""
        database = Database(make_engine(self.urls["source"]), METADATA)
        numbers = [-1]
        with database.reading() as session:
            for table in (KIT.outbox.outbox, KIT.outbox.event_log):
                numbers += [body["pid"] for body in session.scalars(select(table.c.body))]
        database.engine.dispose()
        return max(numbers)

    def kill(self, role):
        child = self.children[role]
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            child.wait()
        self.start(role)

    def finish(self):
        self.children["writer"].wait(DRAIN_SECONDS)
        target = Database(make_engine(self.urls["target"]), METADATA)
        wanted, deadline = self.last_written() + 1, time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < deadline:
            with target.reading() as session:
                if session.scalar(select(func.count()).select_from(EFFECT)) >= wanted:
                    break
            time.sleep(0.1)
        time.sleep(1.0)
        for child in self.children.values():
            child.terminate()
            child.wait(30)
        return target

    def verdict(self, target, kills, seconds):
        done = Counter(int(what) for what in effects(target))
        target.engine.dispose()
        acked = set(self.acked())
        return Verdict(
            seed=self.seed,
            kills=kills,
            acked=len(acked),
            ok=sum(1 for number in acked if done[number] == 1),
            lost=sorted(number for number in acked if not done[number]),
            duplicated=sorted(number for number, times in done.items() if times > 1),
            unexpected=sorted(number for number in done if not 0 <= number < self.events),
            unacked_done=len(set(done) - acked),
            seconds=seconds,
        )


def run_ledger(run, *, kills, broker_kills=0):
    """Let events flow, kill `kills` times, wait for quiet, and compare ledger and effects."""
    chance, began = random.Random(run.seed), time.monotonic()
    run.prepare()
    run.pause = 0.5 * kills / run.events  # the writer is at work while the killing goes on
    for role in ("relay", "consumer", "writer"):
        run.start(role)
    for number in range(kills):
        time.sleep(chance.uniform(0.3, 0.9))
        if run.broker is not None and number < broker_kills:
            run.broker.kill()
            run.broker.start()
        else:
            run.kill(chance.choice(["relay", "consumer", "consumer", "writer"]))
    return run.verdict(run.finish(), kills, time.monotonic() - began)


def embedded_run(folder, *, seed, events):
    urls = {name: f"sqlite:///{folder}/{name}.sqlite" for name in ("source", "target")}
    return Run(folder, {**urls, "bus": f"sqlitebus:///{folder}/bus.sqlite"}, seed, events)


def production_run(folder, cluster, broker, *, seed, events):
    urls = {name: cluster.create(f"ledger_{name}_{seed}") for name in ("source", "target")}
    return Run(folder, {**urls, "bus": broker.url}, seed, events, broker)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    kills, events = (60, 40_000) if options.long else (10, 1_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        verdict = run_ledger(embedded_run(folder, seed=options.seed, events=events), kills=kills)
        sys.stdout.write(f"embedded    {verdict.line()}\n")
        (folder / "p").mkdir()
        cluster, broker = Cluster.start(folder / "pg", durable=True), RabbitServer(folder / "rabbit")
        broker.start()
        try:
            run = production_run(folder / "p", cluster, broker, seed=options.seed, events=events)
            second = run_ledger(run, kills=kills, broker_kills=max(1, kills // 10))
        finally:
            broker.stop()
            cluster.stop()
        sys.stdout.write(f"production  {second.line()}\n")
    return 0 if verdict.holds and second.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
