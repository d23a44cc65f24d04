"""B14: what the access log adds to a request, how long its check takes, and that many writers make one chain."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import replace

from services.registration.store.store import Store
from services.registration.store.tables import KIT
from shared.audit.log import Access, append, verify
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.unit_of_work import UnitOfWork
from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.registration_site import Visit, in_turn, open_site
from tests.benchmarks.suite import KIT as OWN_KIT
from tests.benchmarks.suite import METADATA, make_uow, open_database

MILLION, BATCH, WRITERS = 1_000_000, 1000, 50
KEY = "registration"


class Silent(Store):
    """The same store, but nobody learns who looked."""

    def log_access(self, access):
        _ = access


def entry(pid):
    return Access(
        actor="user:1", role="LU", organisation=100082, registry="smertereg", pid=pid,
        action="read", object=f"course:{pid}/to", reason="care", correlation_id=f"{pid:032x}",
    )  # fmt: skip


def added(bench):
    """A form's page with the log and without it, request by request in turn."""
    with open_site(bench, "b14") as site:
        course_id = site.register()
        visit, logged = Visit(site), site.means
        quiet = replace(logged, uow=UnitOfWork(logged.database, Silent, KIT, clock=logged.clock))

        def ask(means):
            site.app.extensions[KEY] = means
            return visit.get(f"/courses/{course_id}/forms/b11")

        in_turn(lambda: ask(logged), lambda: ask(quiet), 10)
        pairs = [in_turn(lambda: ask(logged), lambda: ask(quiet), bench.some(200)) for _ in range(bench.rounds)]
    shares = [(with_log / without - 1) * 100 for with_log, without in pairs]
    note = f"{statistics.median(p[0] for p in pairs) * 1e3:.2f} ms CPU against {statistics.median(p[1] for p in pairs) * 1e3:.2f}"
    half = (max(shares) - min(shares)) / 200
    return Figure("B14", "access log on a form's page, CPU", statistics.median(shares), 5.0, "%", True, half, note)


def checked(bench):
    """A long chain read again, entry by entry."""
    database, many = open_database(bench.postgresql.create("b14_long")), bench.some(MILLION)
    for first in range(0, many, BATCH):
        with database.transaction() as session:
            append(session, OWN_KIT.audit, make_uow(database).clock.now(), [entry(first + n) for n in range(BATCH)])
    taken = []
    for _ in range(2 if bench.quick else 3):
        began = time.perf_counter()
        with database.reading() as session:
            verdict = verify(session, OWN_KIT.audit)
        taken.append((time.perf_counter() - began) * MILLION / many)
        if not verdict.is_sound or verdict.entries != many:
            raise RuntimeError(verdict.explanation)
    database.engine.dispose()
    return Figure("B14", "a million entries verified", statistics.median(taken), 60.0, "s", True, spread(taken))


def forks(url, name, each):
    """So many writers, each with a connection of its own; how far the chain is from being one."""
    database = open_database(url)
    began = time.perf_counter()
    threads = [threading.Thread(target=write, args=(url, number, each)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    with database.reading() as session:
        verdict = verify(session, OWN_KIT.audit)
    database.engine.dispose()
    wrong = WRITERS * each - verdict.entries + (not verdict.is_sound)
    note = f"{verdict.entries} entries, {verdict.entries / seconds:,.0f}/s"
    return Figure("B14", f"forks and lost entries of {WRITERS} writers, {name}", wrong, 0, "", True, note=note)


def write(url, number, each):
    database = Database(make_engine(url), METADATA)
    uow = make_uow(database)
    for _ in range(each):
        with uow() as store:
            store.log_access(entry(number))
    database.engine.dispose()


def measure(bench):
    yield added(bench)
    yield checked(bench)
    yield forks(bench.postgresql.create("b14_writers"), "PostgreSQL", bench.some(80))
    yield forks(f"sqlite:///{bench.folder}/b14.sqlite", "SQLite", bench.some(80))


BARS = {"B14": measure}
