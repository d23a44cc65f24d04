"""Random kills: processes and servers are ended by SIGKILL while commands flow; nothing may be lost or done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import func, select, text

from deploy.processes import free_port, wait_for_port
from shared.testing.postgresql import Cluster
from shared.testing.rabbitmq import RabbitServer
from tests.faults.load import Load
from tests.faults.system import SETTINGS, consume, database, done_at, empty_bus, relay, start, told_by
from tests.faults.verdict import judge
from tests.shared.outbox.kit import EFFECT, KIT, METADATA

ROOT = Path(__file__).resolve().parents[2]
DRAIN_SECONDS = 120.0
_AHEAD = 60  # how many commands go on while a kill is under way
_TRIES = 3
_ROLES = {"relay": relay, "consumer": consume}


@dataclass
class System:
    """A system with its servers. `kill` ends one part of it and has it come back."""

    folder: Path
    urls: dict[str, str]
    cluster: Cluster | None = None
    broker: RabbitServer | None = None
    port: int = field(default_factory=free_port)
    children: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def settings(self):
        return {**self.urls, "deliveries": str(self.folder / "deliveries")}

    def __enter__(self):
        self.source, self.target = database(self.urls["source"]), database(self.urls["target"])
        for part in (self.source, self.target):
            METADATA.create_all(part.engine)
        empty_bus(self.urls["bus"])
        for name, role in _ROLES.items():
            self.children[name] = start(role, self.settings, self.folder / f"{name}.log")
        self._serve()
        return self

    def kill(self, victim):
        match victim:
            case "relay" | "consumer":
                self._kill_child(victim)
            case "web worker":
                self._web_workers()[0].kill()
            case "web":
                self._end_web()
                self._serve()
            case "broker":
                self.broker.restart()
            case "postmaster":
                self.cluster.restart_after_kill()
            case "backend":
                self._kill_backend()

    def under_way(self):
        """How many commands are committed and have not yet had their effect."""
        versions, effects = KIT.outbox.aggregate_version.c.version, select(func.count()).select_from(EFFECT)
        with self.target.reading() as session:
            done = session.scalar(effects)
        with self.source.reading() as session:
            return (session.scalar(select(func.sum(versions))) or 0) - done

    def drain(self):
        deadline = time.monotonic() + DRAIN_SECONDS
        while self.under_way() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)

    def __exit__(self, *_):
        for child in self.children.values():
            child.terminate()
            child.join(10)
            child.kill()
        self._end_web()
        for part in (self.source, self.target):
            part.engine.dispose()

    def deliveries(self):
        path = self.folder / "deliveries"
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    def _serve(self):
        command = [sys.executable, "-m", "gunicorn", "tests.faults.system:site", "-b", f"127.0.0.1:{self.port}"]
        env = {**os.environ, SETTINGS: json.dumps(self.settings), "PYTHONPATH": str(ROOT)}
        with (self.folder / "web.log").open("ab") as log:
            self.web = subprocess.Popen(
                [*command, "-c", "python:deploy.gunicorn_settings"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not wait_for_port(self.port, is_wanted=True):
            self.faults.append("the web server did not start")

    def _web_workers(self):
        """Those there are; one that has just started forks a moment later."""
        deadline, found = time.monotonic() + DRAIN_SECONDS, []
        while not found and time.monotonic() < deadline:
            found = psutil.Process(self.web.pid).children()
        return found

    def _end_web(self):
        """Master and workers at once, as when their machine fails."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def _kill_child(self, name):
        child = self.children[name]
        if not child.is_alive():
            self.faults.append(f"the {name} ended by itself with {child.exitcode}")
        child.kill()
        child.join()
        self.children[name] = start(_ROLES[name], self.settings, self.folder / f"{name}.log")

    def _kill_backend(self):
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        with self.source.reading() as session:
            found = session.scalars(text(query)).all()
        if found:
            os.kill(found[0], signal.SIGKILL)


def embedded(parent):
    folder = Path(tempfile.mkdtemp(dir=parent))
    urls = {name: f"sqlite:///{folder}/{name}.sqlite" for name in ("source", "target")}
    return System(folder, {**urls, "bus": f"sqlitebus:///{folder}/bus.sqlite"})


def production(parent, cluster, broker):
    folder = Path(tempfile.mkdtemp(dir=parent))
    urls = {name: cluster.create(f"ledger_{name}_{free_port()}") for name in ("source", "target")}
    return System(folder, {**urls, "bus": broker.url}, cluster, broker)


def plan(system, chance, kills):
    """Whom to kill, in random order: processes mostly, servers each about every tenth time."""
    servers = ["web", "broker", "postmaster", "backend"] if system.broker else ["web"]
    victims = [server for server in servers for _ in range(max(1, kills // 10))]
    names = ["relay", "consumer", "web worker", "consumer"]
    return chance.sample(victims + [names[n % len(names)] for n in range(kills - len(victims))], kills)


def run_until_it_bites(make, *, seed, events, kills):
    """A run, or the next one where chance let every kill miss; what does not hold is never tried again."""
    for further in range(_TRIES):
        verdict = run(make(), seed=seed + further, events=events, kills=kills)
        if verdict.has_bitten or not verdict.holds:
            break
    return verdict


def run(system, *, seed, events, kills):
    """Let commands flow, kill at random moments of the flow, wait for quiet, compare ledger and effects."""
    chance, began = random.Random(seed), time.monotonic()
    victims, bit = plan(system, chance, kills), 0
    moments = sorted(chance.sample(range(events // 50, events - events // 50), kills))
    with system:
        load = Load(system.port, events)
        load.gate = moments[0] + _AHEAD
        load.start()
        for moment, victim in zip(moments, victims, strict=True):
            load.gate = moment + _AHEAD
            if not load.wait_for(moment, DRAIN_SECONDS):
                system.faults.append(f"the flow stood still before the kill of {victim}")
            bit += system.under_way() > 0
            system.kill(victim)
        load.gate = events
        if not load.join(DRAIN_SECONDS + events / 20):
            system.faults.append("the flow stood still at the end")
            load.stop()
        system.drain()
        found = {"seed": seed, "kills": kills, "bit": bit, "seconds": time.monotonic() - began}
        return verdict_of("R1", system, load, **found)


def verdict_of(bar, system, load, **more):
    """Compare the ledger of the load with what the system holds."""
    deliveries = Counter(system.deliveries())
    return judge(
        bar=bar,
        place="postgresql+rabbitmq" if system.broker else "sqlite+sqlitebus",
        attempted=load.attempted,
        acked=load.acked,
        told=told_by(system.source),
        done=done_at(system.target),
        raw_duplicates=sum(deliveries.values()) - len(deliveries),
        faults=system.faults,
        **more,
    )
