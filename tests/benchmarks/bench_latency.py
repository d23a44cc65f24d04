"""B4: how long an event takes when nothing else happens, from a web process's commit to the effect elsewhere."""

from __future__ import annotations

import random
import statistics
import time
from contextlib import ExitStack

from sqlalchemy import select

from shared.contracts.release import Delivered
from tests.benchmarks.bench_publish import NOW
from tests.benchmarks.contest import Contender, process
from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.suite import Effect, emptied, make_uow, open_database

MANY, WARM = 100, 10
SIDES = ("source", "target")
PAUSE_SECONDS = (0.02, 0.08)
LONGEST_SECONDS = 30.0
BOUNDS = {"PostgreSQL and RabbitMQ": 6.0, "SQLite and the embedded bus": 4.0}
UNEVEN = 1.5


class Trial:
    """Running workers of two services; this process is the web process of the first."""

    def __init__(self, bench, stack, settings, workers):
        self.source, self.target = (open_database(settings[side]) for side in ("source", "target"))
        for database in (self.source, self.target):
            stack.callback(database.engine.dispose)
        worker = Contender("latency_kit")
        for child in [stack.enter_context(process(worker, role, settings, bench.folder)) for role in workers]:
            child.hear()
        self.rounds, self._count = [], bench.some(MANY)
        self._uow = make_uow(self.source)

    def run(self):
        """Milliseconds of one round's events from before their transaction to their effect; returns the median."""
        for database in (self.source, self.target):
            emptied(database)
        began = [self._tell(f"{number:032x}") for number in range(WARM + self._count)]
        seen = self._effects(len(began))
        took = [(seen[key] - moment) / 1e6 for key, moment in began[WARM:]]
        self.rounds.append(statistics.quantiles(took, n=20))
        return statistics.median(took)

    def _tell(self, key):
        time.sleep(random.uniform(*PAUSE_SECONDS))
        began = time.monotonic_ns()
        with self._uow() as store:
            store.emit(Delivered(delivery_id=key, project_id=key, extract_id=key, delivered_at=NOW))
        return key, began

    def _effects(self, count):
        deadline = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < deadline:
            with self.target.reading() as session:
                seen = dict(session.execute(select(Effect.delivery_id, Effect.seen_ns)).tuples().all())
            if len(seen) == count:
                return seen
            time.sleep(0.05)
        raise TimeoutError(f"{len(seen)} of {count} events had an effect")


def figures(name, trial):
    """Of the least disturbed round: neighbours on the machine can only make the same way look longer."""
    middles = [twentieths[9] for twentieths in trial.rounds]
    best = trial.rounds[middles.index(min(middles))]
    note = f"p95 {best[18]:.1f} ms; the rounds' medians {', '.join(f'{m:.1f}' for m in middles)}"
    what = f"event to effect, {name}"
    yield Figure("B4", f"{what}, p50", best[9], BOUNDS[name], unit="ms", at_most=True, noise=spread(middles), note=note)
    yield Figure("B4", f"{what}, p95/p50", best[18] / best[9], UNEVEN, at_most=True)


def measure(bench):
    folder = bench.folder
    servers = {"bus": bench.rabbitmq.url, **{side: bench.postgresql.create(f"b4_{side}") for side in SIDES}}
    files = {side: f"sqlite:///{folder}/b4_{side}.sqlite" for side in SIDES}
    files["bus"] = f"sqlitebus:///{folder}/b4_bus.sqlite"
    with ExitStack() as stack:
        trials = {
            "PostgreSQL and RabbitMQ": Trial(bench, stack, servers, SIDES),
            "SQLite and the embedded bus": Trial(bench, stack, files, ["+".join(SIDES)]),
        }
        bench.compare({name: trial.run for name, trial in trials.items()})
    for name, trial in trials.items():
        yield from figures(name, trial)


BARS = {"B4": measure}
