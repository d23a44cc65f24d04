"""B11: how fast the daily dispatch decides and queues, that its memory stays flat, and how long the sweep for deadlines takes."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, insert, select, text, update

from services.eprom.domain.deadlines import end_of_day, oslo_date
from services.eprom.domain.order import OrderState
from services.eprom.store.store import Store
from services.eprom.store.tables import KIT, Base, OrderRow
from services.eprom.usecases.messages import FIRST, SEND_JOB
from services.eprom.usecases.schedules import schedules
from services.eprom.usecases.sweep import dispatch, lock_overdue
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.db.types import UtcDateTime
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock
from tests.benchmarks.harness import Figure, spread

MANY, MILLION, OVERDUE = 100_000, 1_000_000, 5000
DISPATCH = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
REGISTRY = "smertereg"
TABLES = ("form_order", "job", "outbox", "aggregate_version")
LEAST_RATIO, MOST_SECONDS, MOST_GROWTH, MOST_SWEEP = 1.0, 60.0, 1.5, 5.0
_COLUMNS = "order_id, course_id, pid, registry, organisation, form, state, due_at, lock_at, may_return, created_at"
_NUMBERS = {
    True: (
        "(WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < :many) SELECT i FROM t)",
        "printf('%032x', i)",
    ),
    False: ("generate_series(1, :many) AS t(i)", "lpad(to_hex(i), 32, '0')"),
}


@dataclass(frozen=True)
class Ground:
    """Eprom's database, and how to fill it."""

    database: Database

    @property
    def uow(self):
        return UnitOfWork(self.database, Store, KIT, clock=FixedClock(DISPATCH))

    def emptied(self):
        with self.database.transaction() as session:
            for table in TABLES:
                session.execute(text(f"DELETE FROM {table}"))
        self._tidied()
        return self

    def filled(self, many, state=OrderState.WAITING, overdue=0):
        """So many orders of a state; the first `overdue` of them have a lock that is over."""
        numbers, order_id = _NUMBERS[self.database.is_sqlite]
        lock_at = f"CASE WHEN i <= {overdue} THEN :over ELSE :later END"
        statement = (
            f"INSERT INTO form_order ({_COLUMNS}) SELECT {order_id}, i, i, '{REGISTRY}', 100082, 'pasreg', '{state}',"
            f" :due_at, {lock_at}, false, :due_at FROM {numbers}"
        )
        times = {"due_at": DISPATCH, "over": DISPATCH - timedelta(hours=1), "later": DISPATCH + timedelta(days=2)}
        typed = text(statement).bindparams(*(bindparam(name, type_=UtcDateTime) for name in times))
        with self.database.transaction() as session:
            session.execute(typed, {"many": many, **times})
        self._tidied()
        return self

    def _tidied(self):
        if not self.database.is_sqlite:
            with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))


def dispatched(ground, many):
    """The daily dispatch; orders a second."""
    ground.emptied().filled(many)
    began = time.perf_counter()
    if dispatch(REGISTRY, DISPATCH, schedules=schedules(), uow=ground.uow) != many:
        raise RuntimeError("not all orders were queued")
    return many / (time.perf_counter() - began)


def one_by_one(ground, many):
    """The plain design: all due orders read, each marked and given a job by `executemany`, in one transaction."""
    ground.emptied().filled(many)
    began = time.perf_counter()
    day = oslo_date(DISPATCH)
    with ground.database.transaction() as session:
        waiting = (OrderRow.state == OrderState.WAITING) & (OrderRow.due_at < end_of_day(day))
        ids = session.scalars(select(OrderRow.order_id).where(waiting)).all()
        table = OrderRow.__table__
        mark = update(table).where(table.c.order_id == bindparam("id")).values(queued_on=day)
        session.connection().execute(mark, [{"id": order_id} for order_id in ids])
        job = {"name": SEND_JOB, "due_at": DISPATCH, "attempts": 0, "correlation_id": ""}
        jobs = [{**job, "key": order_id, "arguments": {"order_id": order_id, "kind": FIRST}} for order_id in ids]
        session.execute(insert(KIT.scheduling.job), jobs)
    return many / (time.perf_counter() - began)


def memory(ground, many):
    """Bytes that the dispatch holds at most."""
    ground.emptied().filled(many)
    tracemalloc.start()
    dispatch(REGISTRY, DISPATCH, schedules=schedules(), uow=ground.uow)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def swept(ground, many, overdue):
    """The sweep for deadlines over so many orders that are out; seconds."""
    ground.emptied().filled(many, OrderState.REMINDED, overdue)
    began = time.perf_counter()
    if lock_overdue(schedules=schedules(), uow=ground.uow) != overdue:
        raise RuntimeError("not all overdue orders were locked")
    return time.perf_counter() - began


def measure(bench):
    many = bench.some(MANY)
    addresses = {"PostgreSQL": bench.postgresql.create("b11"), "SQLite": f"sqlite:///{bench.folder}/b11.sqlite"}
    for name, address in addresses.items():
        ground = Ground(Database(make_engine(address), Base.metadata))
        Base.metadata.create_all(ground.database.engine)
        rounds = bench.compare(
            {
                "dispatch": lambda ground=ground: dispatched(ground, many),
                "one by one": lambda ground=ground: one_by_one(ground, many),
            }
        )
        yield rounds.compared("B11", f"{many:,} orders queued, {name}", "dispatch", "one by one", LEAST_RATIO)
        seconds = [MANY / rate for rate in rounds.figures["dispatch"]]
        what = f"100,000 orders decided and queued, {name}"
        yield Figure("B11", what, statistics.median(seconds), MOST_SECONDS, "s", True, spread(seconds))
        few, most = memory(ground, many // 10), memory(ground, many)
        note = f"{few / 1e6:.1f} MB for a tenth, {most / 1e6:.1f} MB"
        yield Figure(
            "B11", f"memory against a tenth of the orders, {name}", most / few, MOST_GROWTH, "x", True, note=note
        )
        taken = [swept(ground, bench.some(MILLION), OVERDUE) for _ in range(3)]
        what, note = f"deadlines of {bench.some(MILLION):,} orders, {name}", f"{OVERDUE:,} overdue"
        yield Figure("B11", what, statistics.median(taken), MOST_SWEEP, "s", True, spread(taken), note)
        ground.database.engine.dispose()


BARS = {"B11": measure}
