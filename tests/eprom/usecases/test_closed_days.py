"""Days on which nothing leaves by itself, and persons whose address is protected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.eprom.domain.deadlines import OSLO
from services.eprom.domain.holidays import ClosedDays
from services.eprom.store.tables import Base
from services.eprom.usecases.messages import FIRST, REMINDER
from services.eprom.usecases.place_order import order_at_once
from services.eprom.usecases.ports import OutsideUnavailable
from services.eprom.usecases.send_form import send_form, send_forms
from services.eprom.usecases.sweep import dispatch, lock_overdue, remind
from tests.eprom.usecases.world import DISPATCH, SCHEDULE, World, course_name

FRIDAY, SATURDAY, MONDAY = (DISPATCH + timedelta(days=days) for days in (4, 5, 7))


@pytest.fixture
def world(make_database):
    world = World(make_database(Base.metadata))
    world.schedules["smertereg"] = replace(SCHEDULE, closed=ClosedDays.named(("saturday", "sunday", "holidays")))
    return world


def at(world, moment):
    world.clock.move(moment - world.clock.now())


def run(world, moment):
    """The dispatch of a day and the jobs it has queued."""
    at(world, moment)
    count = dispatch("smertereg", moment, schedules=world.schedules, uow=world.uow)
    work(world)
    return count


def work(world):
    for job in world.take_jobs():
        ids = job.get("order_ids") or [job["order_id"]]
        send_forms(ids, job["kind"], post=world.post, uow=world.uow)


@pytest.mark.req("EPR-03")
def test_what_an_outage_kept_back_on_friday_leaves_on_monday(world):
    world.order()
    world.channels[0].is_down = True
    assert run(world, FRIDAY) == 1
    world.channels[0].is_down = False
    assert run(world, SATURDAY) == 0
    assert world.channels[0].letters == {}

    assert run(world, MONDAY) == 1
    assert len(world.channels[0].letters) == 1


@pytest.mark.req("EPR-03")
def test_a_job_that_is_late_waits_for_an_open_day(world):
    order_id = world.order()
    at(world, FRIDAY)
    dispatch("smertereg", FRIDAY, schedules=world.schedules, uow=world.uow)
    at(world, SATURDAY)
    work(world)

    assert (world.row(order_id).state, world.row(order_id).claimed_until) == ("waiting", None)
    run(world, MONDAY)
    assert world.row(order_id).state == "sent"


@pytest.mark.req("EPR-07")
def test_what_a_clinician_orders_by_hand_leaves_on_any_day(world):
    at(world, SATURDAY)
    order_at_once(course_name(), "pasreg", channel="secure", schedules=world.schedules, uow=world.uow)
    work(world)

    assert len(world.channels[0].letters) == 1


@pytest.mark.req("EPR-05")
def test_a_reminder_waits_for_an_open_day_and_the_deadline_moves_with_it(world):
    at(world, DISPATCH + timedelta(days=1))
    send_form(order_id := world.order(), FIRST, post=world.post, uow=world.uow)
    morning = datetime(2026, 11, 28, 9, tzinfo=OSLO)
    at(world, morning)
    assert remind(schedules=world.schedules, uow=world.uow) == 0
    at(world, morning + timedelta(days=2))
    assert remind(schedules=world.schedules, uow=world.uow) == 1
    send_form(order_id, REMINDER, post=world.post, uow=world.uow)

    assert world.row(order_id).lock_at == datetime(2026, 12, 3, tzinfo=OSLO)
    assert lock_overdue(schedules=world.schedules, uow=world.uow) == 0


@pytest.mark.req("EPR-04", "GEN-04")
@pytest.mark.parametrize(
    ("allowed", "state", "code"),
    [(("helsenorge",), "unreachable", "protected_address"), (("helsenorge", "digipost"), "sent", None)],
)
def test_a_protected_person_gets_a_message_only_by_channels_the_registry_lets(world, allowed, state, code):
    world.recipients.is_protected, world.channels[0].reaches = True, False
    world.schedules["smertereg"] = replace(SCHEDULE, protected_channels=frozenset(allowed))
    at(world, DISPATCH)
    send_form(order_id := world.order(), FIRST, post=world.post, uow=world.uow)

    assert (world.row(order_id).state, world.row(order_id).code) == (state, code)
    assert world.channels[1].attempts == ("digipost" in allowed)


@pytest.mark.req("EPR-04", "GEN-04")
def test_even_by_hand_no_sms_goes_to_a_protected_person(world):
    world.recipients.is_protected = True
    order_at_once(course_name(), "pasreg", channel="email_sms", schedules=world.schedules, uow=world.uow)
    work(world)

    assert [event.code for event in world.events()[1:]] == ["protected_address"]
    assert world.attempts() == [("email_sms", "not_reached", "protected_address")]


@pytest.mark.req("EPR-14")
def test_an_outage_of_the_contact_register_keeps_all_back_and_none_is_lost(world):
    for course in range(3):
        world.order(course_id=course, pid=course)
    world.contacts.is_down = True
    run(world, DISPATCH)
    assert len(world.attempts()) == 3
    for job in world.take_jobs():
        with pytest.raises(OutsideUnavailable):
            send_form(job["order_id"], job["kind"], post=world.post, uow=world.uow)

    world.contacts.is_down = False
    assert run(world, DISPATCH + timedelta(days=1)) == 3
    assert len(world.channels[0].letters) == 3
