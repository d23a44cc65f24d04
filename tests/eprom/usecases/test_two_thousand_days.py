"""Years of dispatches, reminders and locks: each message once, on a day that is open, to nobody who was stopped.

The short form lets a winter pass; `CALENDAR_DAYS=2000` asks for the long one.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from services.eprom.domain.deadlines import OSLO
from services.eprom.store.tables import KIT, Base, OrderRow, SentRow
from services.eprom.usecases.messages import FIRST, REMINDER
from services.eprom.usecases.note_sending import message_id_of
from shared.contracts.event import load
from tests.eprom.usecases.long_run import CLOSED, FIRST_DAY, LongRun

DAYS = int(os.environ.get("CALENDAR_DAYS", "0"))
SHORT = {"sqlite": 240, "postgresql": 36}  # over both changes of the clock and most holidays, and over one change
SETTLE = 12
SEED = 20261122


def once(database):
    """The tests of one life stay in one process, so that it is lived once."""
    return pytest.param(database, marks=pytest.mark.xdist_group(f"many days on {database}"))


@pytest.fixture(scope="module", params=[once("sqlite"), once("postgresql")])
def run(request, tmp_path_factory):
    """The same long life on each database, looked at by every test."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('days')}/days.sqlite"
    else:
        url = request.getfixturevalue("postgresql_cluster").create("days")
    run = LongRun(url, SEED)
    Base.metadata.create_all(run.world.database.engine)
    run.live(DAYS or SHORT[request.param])
    run.down_until = run.outage_until = datetime.min.replace(tzinfo=UTC)
    run.live(SETTLE, is_calm=True)
    yield run
    run.close()


@pytest.fixture
def orders(run):
    with run.world.database.reading() as session:
        return {row.order_id: row for row in session.scalars(select(OrderRow))}


def messages(orders, kind):
    return {message_id_of(order_id, kind): order_id for order_id in orders}


def ended_at(run):
    """When each order was stopped or answered."""
    outbox = KIT.outbox.outbox
    with run.world.database.reading() as session:
        rows = session.execute(select(outbox.c.name, outbox.c.body, outbox.c.time)).all()
    ends = {"FormStopped", "FormAnswered"}
    told = [(load(row.name, row.body), row.time) for row in rows]
    return {event.order_id: at for event, at in told if type(event).__name__ in ends}


@pytest.mark.req("EPR-14")
def test_no_message_was_taken_twice_and_each_one_taken_has_its_row(run):
    taken = Counter(one.message_id for one in run.postman.taken)
    with run.world.database.reading() as session:
        kept = set(session.scalars(select(SentRow.message_id)))

    assert len(taken) > 50
    assert [message for message, times in taken.items() if times > 1] == []
    assert kept == set(taken)


@pytest.mark.req("EPR-03", "EPR-05")
def test_nothing_is_left_behind_when_all_is_calm(run, orders):
    now = run.clock.now()
    late = [row.due_at for row in orders.values() if row.state == "waiting" and row.due_at < now - timedelta(days=5)]
    unreminded = [row for row in orders.values() if row.state == "sent" and row.remind_at < now - timedelta(days=5)]
    unlocked = [row for row in orders.values() if row.state == "reminded" and row.lock_at < now - timedelta(hours=2)]

    assert (late, unreminded, unlocked) == ([], [], [])
    assert {"stored", "expired", "stopped"} <= {row.state for row in orders.values()}


@pytest.mark.req("EPR-05", "EPR-14")
def test_a_reminder_follows_its_form_and_never_an_answer_or_a_stop(run, orders):
    first, reminder, ends = messages(orders, FIRST), messages(orders, REMINDER), ended_at(run)
    sent_at = {first[one.message_id]: one.at for one in run.postman.taken if one.message_id in first}
    reminded_at = {reminder[one.message_id]: one.at for one in run.postman.taken if one.message_id in reminder}

    assert len(sent_at) + len(reminded_at) == len(run.postman.taken)
    assert [order for order, at in reminded_at.items() if at < sent_at[order] + timedelta(days=3)] == []
    assert [at for order, at in [*sent_at.items(), *reminded_at.items()] if order in ends and at >= ends[order]] == []
    assert reminded_at


@pytest.mark.req("EPR-03")
def test_nothing_left_by_itself_on_a_closed_day_or_before_its_time(run, orders):
    kinds = messages(orders, FIRST) | messages(orders, REMINDER)
    own = [one for one in run.postman.taken if kinds[one.message_id] not in run.by_hand]
    first = messages(orders, FIRST)

    assert [one.at for one in own if not CLOSED.is_open(one.at.astimezone(OSLO).date())] == []
    assert [one.at for one in own if one.message_id in first and one.at < orders[first[one.message_id]].due_at] == []
    assert {orders[order_id].due_at.astimezone(OSLO).time() for order_id in orders.keys() - run.by_hand} <= {
        time(16, 30),
        time(16, 32),
    }


@pytest.mark.req("EPR-05", "GEN-07")
def test_every_deadline_is_the_end_of_an_oslo_day_and_no_shorter_than_promised(run, orders):
    first = messages(orders, FIRST)
    sent_on = {
        first[one.message_id]: one.at.astimezone(OSLO).date() for one in run.postman.taken if one.message_id in first
    }
    deadlines = [moment for row in orders.values() for moment in (row.remind_at, row.lock_at) if moment is not None]

    assert {moment.astimezone(OSLO).time() for moment in deadlines} == {time()}
    for order_id, day in sent_on.items():
        assert orders[order_id].lock_at >= datetime.combine(day + timedelta(days=7), time(), OSLO)


@pytest.mark.req("GEN-07")
def test_the_days_held_changes_of_the_clock_and_every_kind_of_event(run):
    days = [FIRST_DAY + timedelta(days=number) for number in range(run.done["days"])]
    offsets = [datetime.combine(day, time(12), OSLO).utcoffset() for day in days]

    assert sum(a != b for a, b in pairwise(offsets)) >= 1
    assert (
        min(run.done[name] for name in ("open_course", "finalise", "reopen", "answer", "stop", "withdraw", "die")) > 0
    )
