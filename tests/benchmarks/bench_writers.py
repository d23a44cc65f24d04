"""B8: how long saves of four threads take on one SQLite file, in a queue and by SQLite's own waiting.

A save is what a form's page asks for: the transaction that reads the form, checks the fields, and writes document, columns
and log. What the page does around it is measured with B6; it only keeps the threads from the file.
"""

from __future__ import annotations

import statistics
import threading
import time
from contextlib import nullcontext
from functools import partial

from werkzeug.datastructures import MultiDict

from services.registration.store.store import Store
from services.registration.store.tables import KIT, Base
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.save_form import save_form
from shared.auth.principal import Role
from shared.db.database import Database
from shared.outbox.unit_of_work import UnitOfWork
from shared.testing.web import a_user
from tests.benchmarks.filled_form import fields
from tests.benchmarks.harness import Figure, Rounds, spread
from tests.registration.site import AMINA, GUNNAR, HUS, KARI, OLA, Site

PARTS, A_PART, LONGEST_SECONDS = 20, 25, 120.0
PERSONS = (KARI, OLA, AMINA, GUNNAR)


class Unqueued(Database):
    """The same database, whose transactions begin with no more than BEGIN IMMEDIATE: SQLite tries again and again."""

    def _turn(self):
        return nullcontext()


class Desk:
    """Registration on SQLite, with a course and a user for each thread."""

    def __init__(self, folder, kind):
        folder.mkdir()
        self.site = Site(folder, f"sqlite:///{folder}/registration.sqlite")
        nurse, seen = a_user(Role.LU, organisation=HUS), frozenset({HUS})
        courses = [self.site.register(number) for number in PERSONS]
        self.forms = [FormAt(course_id=course, form="b11", by=nurse, seen=seen) for course in courses]
        self.revisions = [0 for _ in PERSONS]
        database = kind(self.site.database.engine, Base.metadata)
        uow = UnitOfWork(database, Store, KIT, clock=self.site.clock)
        self.kept = Kept(persons=self.site.persons, uow=uow)

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
        while min(map(len, taken)) < count:
            revision = self.revisions[number]
            typed = MultiDict(fields(revision, revision))
            began = time.perf_counter()
            saved = save_form(self.forms[number], partial(_read, typed), revision=revision, kept=self.kept)
            taken[number].append(time.perf_counter() - began)
            if saved.problems:
                raise RuntimeError(saved.problems)
            self.revisions[number] += 1


def _read(typed, opened):
    return opened.form.read(typed, opened.document)


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
