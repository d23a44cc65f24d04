"""Years of eprom's calendar in seconds: two schedulers on one database, random events, downtimes and outages."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from sqlalchemy import event, select

from services.eprom.domain.course import CourseName
from services.eprom.domain.deadlines import OSLO
from services.eprom.domain.holidays import ClosedDays
from services.eprom.store.store import Store
from services.eprom.store.tables import KIT, Base, OrderRow
from services.eprom.usecases.answer_form import forget_answers, save_answers, submit_answers
from services.eprom.usecases.follow_course import note_facts, note_finalised, note_reopened, note_withdrawn
from services.eprom.usecases.messages import BATCH_JOB, REMIND_JOB, SEND_JOB
from services.eprom.usecases.place_order import order_at_once, stop_dead_person, stop_orders
from services.eprom.usecases.ports import OutsideUnavailable
from services.eprom.usecases.schedules import schedules
from services.eprom.usecases.send_form import send_form, send_forms
from services.eprom.usecases.sweep import dispatch, lock_overdue, remind
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobRunner
from tests.eprom.usecases.world import World

FIRST_DAY, REGISTRY = date(2024, 9, 30), "smertereg"
CLOSED = ClosedDays.named(("saturday", "sunday", "holidays"))
MINUTES = ((0, 6), (9, 0), (16, 30), (16, 33))
DISPATCHED = 30
CRONS = (Cron("remind_due", "0 9 * * *"), Cron("lock_overdue", "5 * * * *"), Cron("dispatch", "30 16 * * *"))


def quick(url):
    """An engine that does not wait for the disk: nothing here loses its power."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    return engine


@dataclass(frozen=True)
class Taken:
    """A message that a channel took."""

    message_id: str
    at: datetime


class Postman:
    """A channel that notes every message it takes, also a repeated one."""

    def __init__(self, name, clock):
        self.name, self.clock, self.taken, self.is_down = name, clock, [], False

    def send(self, recipient, contact, letter):
        if self.is_down:
            raise OutsideUnavailable
        self.taken.append(Taken(letter.message_id, self.clock.now()))
        return True


class LongRun:
    """A world whose days go by; the same for the same seed."""

    def __init__(self, url, seed):
        self.random = random.Random(seed)
        self.world = World(Database(quick(url), Base.metadata))
        self.clock, self.uow, self.post = self.world.clock, self.world.uow, self.world.post
        self.postman = Postman("helsenorge", self.clock)
        self.schedules = {REGISTRY: replace(schedules()[REGISTRY], closed=CLOSED, channels=("helsenorge",))}
        self.post = replace(self.post, channels={"helsenorge": self.postman}, schedule=self.schedules.__getitem__)
        self.databases = [Database(quick(url), Base.metadata) for _ in range(2)]
        self.units = [UnitOfWork(database, Store, KIT, clock=self.clock) for database in self.databases]
        self.runners = [self._runner(uow) for uow in self.units]
        self.pool, self.courses, self.numbers = ThreadPoolExecutor(2), {}, count(1)
        self.down_until = self.outage_until = datetime.min.replace(tzinfo=UTC)
        self.done, self.by_hand = Counter(), set()

    def close(self):
        self.pool.shutdown()
        for database in (self.world.database, *self.databases):
            database.engine.dispose()

    def _runner(self, uow):
        post, told = self.post, self.schedules
        jobs = {
            SEND_JOB: lambda given: send_form(given["order_id"], given["kind"], post=post, uow=uow),
            REMIND_JOB: lambda given: send_form(given["order_id"], given["kind"], post=post, uow=uow),
            BATCH_JOB: lambda given: send_forms(given["order_ids"], given["kind"], post=post, uow=uow),
            "remind_due": lambda _: remind(schedules=told, uow=uow),
            "lock_overdue": lambda _: lock_overdue(schedules=told, uow=uow),
            "dispatch": lambda given: dispatch(
                REGISTRY, datetime.fromisoformat(given["due_at"]), schedules=told, uow=uow
            ),
        }
        return JobRunner(uow.database, KIT.scheduling, self.clock, jobs, CRONS)

    def live(self, days, *, is_calm=False):
        """Let so many days pass; calm ones bring nothing new, and nothing is down."""
        first = self.clock.now().astimezone(OSLO).date() if self.done else FIRST_DAY
        for day in (first + timedelta(days=number) for number in range(1, days + 1)):
            for hour, minute in MINUTES:
                at = datetime.combine(day, time(hour, minute), OSLO).astimezone(UTC)
                self.clock.move(at - self.clock.now())
                if not is_calm:
                    self._something_happens()
                self._schedulers_run()
            self.done["days"] += 1

    def _schedulers_run(self):
        now = self.clock.now()
        self.postman.is_down = now < self.outage_until
        if now >= self.down_until:
            list(self.pool.map(self._scheduler_runs, self.runners, self.units))

    def _scheduler_runs(self, runner, uow):
        """What is due, and sometimes a dispatch that somebody starts beside it."""
        if self.clock.now().minute == DISPATCHED:
            dispatch(REGISTRY, self.clock.now(), schedules=self.schedules, uow=uow)
        runner.run_due()

    def _something_happens(self):
        now, dice = self.clock.now(), self.random.random()
        if dice < 0.01:
            self.down_until = now + timedelta(hours=self.random.uniform(1, 200))
        elif dice < 0.03:
            self.outage_until = now + timedelta(hours=self.random.uniform(1, 40))
        if dice > 0.6:
            act = self.random.choice(ACTS)
            self.done[act.__name__] += act(self, now) is not None

    def orders(self, *states):
        """Orders that are in one of some states."""
        with self.world.database.reading() as session:
            found = session.scalars(select(OrderRow).where(OrderRow.state.in_(states)).order_by(OrderRow.created_at))
            return found.all()

    def one_of(self, *states):
        found = sorted(self.orders(*states), key=lambda row: (row.created_at, row.course_id, row.form))
        return self.random.choice(found) if found else None


def open_course(run, now):
    number = next(run.numbers)
    run.courses[number] = name = CourseName(course_id=number, pid=number, registry=REGISTRY, organisation=100082)
    facts = {"opened_on": now.astimezone(OSLO).date(), "included": True, "basis": "reservation", "course_type": 3}
    note_facts(name, **facts, schedules=run.schedules, uow=run.uow)
    return number


def finalise(run, now):
    if run.courses:
        name = run.random.choice(list(run.courses.values()))
        ended_on = now.astimezone(OSLO).date() - timedelta(days=run.random.randint(0, 40))
        note_finalised(name, "b22", ended_on, schedules=run.schedules, uow=run.uow)
        return name
    return None


def reopen(run, now):
    if run.courses:
        note_reopened(number := run.random.choice(list(run.courses)), "b22", schedules=run.schedules, uow=run.uow)
        return number
    return None


def answer(run, now):
    row = run.one_of("sent", "reminded")
    if row is None or (row.state == "reminded" and row.lock_at <= now):
        return None
    save_answers(row.order_id, lambda _: {"answers": {"a": 1}}, definition_version=1, uow=run.uow)
    submit_answers(row.order_id, uow=run.uow)
    if run.random.random() < 0.8:
        forget_answers(row.order_id, uow=run.uow)
    return row


def stop(run, now):
    row = run.one_of("waiting", "sent", "reminded")
    if row is not None:
        stop_orders(row.course_id, reason=4, uow=run.uow, forms=[row.form])
    return row


def withdraw(run, now):
    row = run.one_of("waiting", "sent", "reminded")
    if row is not None:
        note_withdrawn(row.course_id, uow=run.uow)
    return row


def die(run, now):
    row = run.one_of("waiting", "sent", "reminded")
    if row is not None:
        stop_dead_person(row.pid, schedules=run.schedules, uow=run.uow)
        del run.courses[row.course_id]
    return row


def order_by_hand(run, now):
    row = run.one_of("waiting")
    if row is not None:
        order_at_once(run.courses[row.course_id], row.form, channel="secure", schedules=run.schedules, uow=run.uow)
        run.by_hand.add(row.order_id)
    return row


ACTS = (
    open_course,
    open_course,
    open_course,
    finalise,
    finalise,
    reopen,
    answer,
    answer,
    stop,
    withdraw,
    die,
    order_by_hand,
)
