"""Jobs are done once each, tried again when they fail, and taken over when a worker dies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from shared.scheduling.clock import FixedClock, ShiftedClock, SystemClock
from shared.scheduling.cron import Cron, due_run
from shared.scheduling.jobs import JobRefused, JobRunner, JobWaits
from tests.shared.outbox.kit import KIT, METADATA, NOW, make_uow

JOB = KIT.scheduling.job
DISPATCH = Cron("dispatch", "30 16 * * *")


@pytest.fixture
def database(make_database):
    return make_database(METADATA)


def job_rows(database):
    with database.reading() as session:
        return session.execute(select(JOB)).mappings().all()


def enqueue(database, clock, key="k", **arguments):
    with make_uow(database, clock)() as store:
        store.enqueue("work", key=key, **arguments)


def test_a_job_is_run_once_however_often_it_was_asked_for(database):
    done, clock = [], FixedClock(NOW)
    runner = JobRunner(database, KIT.scheduling, clock, {"work": done.append})
    enqueue(database, clock, number=1)
    enqueue(database, clock, number=1)

    assert (runner.run_due(), runner.run_due()) == (1, 0)
    assert done == [{"number": 1}]


def test_a_failing_job_is_tried_again_later_and_then_shown_as_failed(database):
    clock = FixedClock(NOW)

    def fail(_arguments):
        raise OSError

    runner = JobRunner(database, KIT.scheduling, clock, {"work": fail})
    enqueue(database, clock)
    for _ in range(12):
        assert runner.run_due() == 1
        assert runner.run_due() == 0
        clock.move(timedelta(hours=2))

    assert job_rows(database)[0]["failed_at"] is not None
    assert job_rows(database)[0]["error"] == "OSError"


def test_a_waiting_job_never_fails(database):
    clock = FixedClock(NOW)

    def wait(_arguments):
        raise JobWaits("not yet")

    runner = JobRunner(database, KIT.scheduling, clock, {"work": wait})
    enqueue(database, clock)
    for _ in range(20):
        runner.run_due()
        clock.move(timedelta(minutes=1))

    assert job_rows(database)[0]["failed_at"] is None


def test_the_job_of_a_dead_worker_is_taken_over(database):
    done, clock = [], FixedClock(NOW)
    enqueue(database, clock)
    JobRunner(database, KIT.scheduling, clock, {})._take()
    runner = JobRunner(database, KIT.scheduling, clock, {"work": done.append})

    assert runner.run_due() == 0
    clock.move(timedelta(minutes=6))
    assert runner.run_due() == 1


def test_a_refused_job_fails_at_once_and_can_be_tried_again_by_hand(database):
    done, clock = [], FixedClock(NOW)

    def refuse(_arguments):
        raise JobRefused("no such form")

    enqueue(database, clock)
    runner = JobRunner(database, KIT.scheduling, clock, {"work": refuse})
    assert runner.run_due() == 1
    (row,) = job_rows(database)
    assert (row["failed_at"], row["error"], row["attempts"]) == (NOW, "no such form", 1)
    runner.retry(row["job_id"])
    assert JobRunner(database, KIT.scheduling, clock, {"work": done.append}).run_due() == 1
    assert done == [{}]


@pytest.mark.req("EPR-03", "GEN-07")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ((2026, 10, 24), datetime(2026, 10, 24, 14, 30, tzinfo=UTC)),
        ((2026, 10, 25), datetime(2026, 10, 25, 15, 30, tzinfo=UTC)),
        ((2027, 3, 27), datetime(2027, 3, 27, 15, 30, tzinfo=UTC)),
        ((2027, 3, 28), datetime(2027, 3, 28, 14, 30, tzinfo=UTC)),
    ],
)
def test_the_daily_run_follows_oslo_over_daylight_saving(day, expected):
    midnight = datetime(*day, tzinfo=UTC)

    assert due_run(DISPATCH, midnight, midnight + timedelta(hours=20)) == expected


@pytest.mark.req("EPR-03")
def test_missed_days_become_one_run_and_two_schedulers_make_no_second(database):
    done, clock = [], FixedClock(NOW)
    runners = [JobRunner(database, KIT.scheduling, clock, {"dispatch": done.append}, [DISPATCH]) for _ in range(2)]
    for runner in runners:
        runner.run_due()
    clock.move(timedelta(days=3))
    for runner in runners * 2:
        runner.run_due()

    assert [run["due_at"] for run in done] == ["2026-11-23T15:30:00+00:00"]


@pytest.mark.req("EPR-03")
def test_of_many_schedulers_at_one_moment_one_claims_the_run(database):
    done, clock, together = [], FixedClock(NOW), Barrier(6)

    def run(_number):
        runner = JobRunner(database, KIT.scheduling, clock, {"dispatch": done.append}, [DISPATCH])
        together.wait()
        runner.run_due()

    for _day in range(5):
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(run, range(6)))
        clock.move(timedelta(days=1))

    assert len(done) == len({run["due_at"] for run in done}) == 4


@pytest.mark.req("EPR-03")
def test_a_run_that_another_has_claimed_is_not_claimed_again(database):
    runner = JobRunner(database, KIT.scheduling, FixedClock(NOW), {}, [DISPATCH])
    claims = []
    for _ in range(2):
        with database.transaction() as session:
            claims.append(runner._is_claimed(session, "dispatch", NOW))

    assert claims == [True, False]


@pytest.mark.req("EPR-03")
def test_two_thousand_days_have_two_thousand_runs():
    last, runs, now = NOW, set(), NOW
    for _ in range(2000):
        now += timedelta(days=1)
        while (due := due_run(DISPATCH, last, now)) is not None:
            runs.add(due.date())
            last = due

    assert len(runs) == 2000


@pytest.mark.req("GEN-07")
def test_all_processes_of_a_demo_see_the_moved_clock(tmp_path):
    here, there = ShiftedClock(tmp_path / "clock"), ShiftedClock(tmp_path / "clock")
    here.shift(86400)

    assert timedelta(hours=23) < there.now() - SystemClock().now() < timedelta(hours=25)
