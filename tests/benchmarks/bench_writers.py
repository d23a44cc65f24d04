"""B8: how long saves of four threads take on one SQLite file, in a queue and by SQLite's own waiting."""

from __future__ import annotations

import statistics
import threading
from contextlib import nullcontext
from dataclasses import replace

from services.registration.store.store import Store
from services.registration.store.tables import KIT, Base
from shared.db.database import Database
from shared.outbox.unit_of_work import UnitOfWork
from tests.benchmarks.filled_form import fields
from tests.benchmarks.harness import Figure, Rounds, spread
from tests.benchmarks.registration_site import Visit
from tests.registration.site import AMINA, GUNNAR, KARI, OLA, Site

PARTS, A_PART, LONGEST_SECONDS = 20, 25, 120.0
PERSONS = (KARI, OLA, AMINA, GUNNAR)


class Unqueued(Database):
    """The same database, whose transactions begin with no more than BEGIN IMMEDIATE: SQLite tries again and again."""

    def _turn(self):
        return nullcontext()


class Desk:
    """A web app on SQLite, with a course and a logged-in user for each thread."""

    def __init__(self, folder, kind):
        folder.mkdir()
        self.site = Site(folder, f"sqlite:///{folder}/registration.sqlite")
        self.courses = [self.site.register(number) for number in PERSONS]
        self.visits = [Visit(self.site) for _ in PERSONS]
        self.revisions = [0 for _ in PERSONS]
        means = self.site.means
        database = kind(means.database.engine, Base.metadata)
        uow = UnitOfWork(database, Store, KIT, clock=means.clock)
        self.site.app.extensions["registration"] = replace(means, database=database, uow=uow)

    def saves(self, count):
        """Seconds of the first saves of each thread, as many of one as of another."""
        taken = [[] for _ in PERSONS]
        threads = [
            threading.Thread(target=self._save, args=(n, count, taken), daemon=True) for n in range(len(PERSONS))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONGEST_SECONDS)
        if min(map(len, taken)) < count:
            raise RuntimeError("a save failed")
        return [one for own in taken for one in own[:count]]

    def _save(self, number, count, taken):
        """Save until all are through: who was quick stays in the others' way."""
        path = f"/courses/{self.courses[number]}/forms/b11"
        while min(map(len, taken)) < count:
            revision = self.revisions[number]
            taken[number].append(self.visits[number].post(path, fields(revision, revision)).seconds)
            self.revisions[number] += 1


def late(desks, parts):
    """The 95th percentile of both in milliseconds; they take turns often, so that a busy machine is so for both."""
    taken = {name: [] for name in desks}
    for _ in range(parts):
        for name, desk in desks.items():
            taken[name] += desk.saves(A_PART)
    return {name: statistics.quantiles(seconds, n=20)[-1] * 1e3 for name, seconds in taken.items()}


def measure(bench):
    desks = {name: Desk(bench.folder / name, kind) for name, kind in (("queue", Database), ("plain", Unqueued))}
    found = [late(desks, bench.some(PARTS)) for _ in range(bench.rounds)]
    rounds = Rounds({name: [figures[name] for figures in found] for name in desks})
    for desk in desks.values():
        desk.site.close()
    ratios = rounds.ratios("queue", "plain")
    note = f"queue {rounds.median('queue'):.0f} ms, BEGIN IMMEDIATE {rounds.median('plain'):.0f} ms"
    what = f"p95 of saves of {len(PERSONS)} threads on SQLite"
    yield Figure("B8", what, statistics.median(ratios), 0.2, "x", at_most=True, noise=spread(ratios), note=note)


BARS = {"B8": measure}
