"""The process dies at each named point and each commit of a dispatch, and the next run does what is left: nothing is
lost, and no message is given to a channel under two ids."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.eprom.store.store import Store
from services.eprom.store.tables import KIT, Base, OrderRow, SentRow
from services.eprom.usecases import sweep
from services.eprom.usecases.messages import BATCH_JOB, SEND_JOB
from services.eprom.usecases.send_form import send_form, send_forms
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock
from shared.scheduling.jobs import JobRunner
from shared.testing.laid_tables import lay_tables
from tests.eprom.usecases.world import DISPATCH, World
from tests.faults.crashes import POINT

POINTS = ["dispatch.after_part", "send_form.after_channel", "db.before_commit", "db.after_commit", "job.before_finish"]
CRASHED, PERSONS, PART = 137, 5, 2
LONGER_THAN_A_LEASE = timedelta(minutes=6)
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.eprom.usecases.test_crashes", "psycopg"])
pytestmark = [pytest.mark.req("EPR-03", "EPR-14"), pytest.mark.fault]


class Notebook:
    """A channel that writes down each message it takes, at once and for good, as the outside would."""

    def __init__(self, name, file):
        self.name, self._file = name, file

    def send(self, recipient, contact, letter):
        with self._file.open("a", encoding="utf-8") as book:
            book.write(f"{letter.message_id}\n")
        return True


def one_run(url, folder, at, crash_at):
    """The dispatch of the day and its jobs, in a process that dies where it is told to."""
    os.environ["CRASH_AT"] = crash_at
    sweep.PART = PART
    world = World(Database(make_engine(url), Base.metadata))
    clock = FixedClock(at)
    post = replace(world.post, channels={n: Notebook(n, Path(folder) / "book") for n in ("helsenorge", "digipost")})
    uow = UnitOfWork(world.database, Store, KIT, clock=clock)
    jobs = {
        SEND_JOB: lambda given: send_form(given["order_id"], given["kind"], post=post, uow=uow),
        BATCH_JOB: lambda given: send_forms(given["order_ids"], given["kind"], post=post, uow=uow),
    }
    sweep.dispatch("smertereg", DISPATCH, schedules=world.schedules, uow=uow)
    JobRunner(world.database, KIT.scheduling, clock, jobs).run_due()
    os._exit(0)


class Place:
    """A database with orders that wait, and the channel's notebook."""

    def __init__(self, url, folder):
        self.url, self.folder, self.at = url, folder, DISPATCH
        self.world = World(Database(make_engine(url), Base.metadata))
        lay_tables(self.world.database.engine, Base.metadata)
        self.course = 0

    def order(self):
        for _ in range(PERSONS):
            self.course += 1
            self.world.order(course_id=self.course, pid=self.course)

    def run(self, crash_at=""):
        self.at += LONGER_THAN_A_LEASE
        process = PROCESSES.Process(target=one_run, args=(self.url, str(self.folder), self.at, crash_at))
        process.start()
        process.join(60)
        return process.exitcode

    def book(self):
        return Counter((self.folder / "book").read_text(encoding="utf-8").split())

    def rows(self):
        with self.world.database.reading() as session:
            return session.scalars(select(OrderRow.state)).all(), set(session.scalars(select(SentRow.message_id)))


@pytest.fixture
def place(laid_url, tmp_path):
    place = Place(laid_url(Base.metadata), tmp_path)
    yield place
    place.world.database.engine.dispose()


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_pass_of_a_point_is_repaired_by_the_next_run(place, point):
    crashes = 0
    for number in range(1, 40):
        place.order()
        if place.run(f"{point}:{number}") != CRASHED:
            break
        crashes += 1
        assert place.run() == 0
        states, sent = place.rows()
        assert set(states) == {"sent"}, Counter(states)
        assert set(place.book()) == sent
        assert len(sent) == place.course
    else:
        pytest.fail("no pass was clean")
    twice = {message: times for message, times in place.book().items() if times > 1}

    assert crashes >= 3
    # What a channel had taken when the process died is offered again under the same id, which the channel drops.
    assert len(twice) <= crashes
    assert max(twice.values(), default=1) <= 2


def test_every_point_of_the_service_is_tried_here():
    files = Path(sweep.__file__).parents[1].rglob("*.py")
    named = {name for file in files for name in POINT.findall(file.read_text(encoding="utf-8"))}

    assert named == {"dispatch.after_part", "send_form.after_channel"}
    assert named < set(POINTS)
