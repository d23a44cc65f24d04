"""The reach ledger: every attempt is kept with its code, and each message still goes out once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.eprom.domain.errors import NotFound
from services.eprom.queries.reach import attempts_of_course, attempts_of_order
from services.eprom.store.tables import AttemptRow, Base, SentRow
from services.eprom.usecases.answer_form import erase_person
from services.eprom.usecases.messages import FIRST, REMINDER
from services.eprom.usecases.note_sending import message_id_of
from services.eprom.usecases.place_order import order_at_once, stop_orders
from services.eprom.usecases.ports import LastingFault, OutsideUnavailable
from services.eprom.usecases.send_form import send_form, send_forms
from shared.auth.principal import Kind, Principal
from shared.scheduling.jobs import JobWaits
from tests.eprom.usecases.world import DISPATCH, SCHEDULE, World, course_name

pytestmark = pytest.mark.req("EPR-04", "EPR-14", "EPR-15")
BY = Principal(kind=Kind.SERVICE, subject="registration")


@pytest.fixture
def world(make_database):
    world = World(make_database(Base.metadata))
    world.clock.move(DISPATCH - world.clock.now())
    return world


def send(world, order_id, kind=FIRST):
    send_form(order_id, kind, post=world.post, uow=world.uow)


def count(world, table):
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def fail(world, order_id, kind=FIRST):
    with pytest.raises(OutsideUnavailable):
        send(world, order_id, kind)


def test_each_channel_on_the_way_to_the_one_that_takes_it_is_in_the_ledger(world):
    world.channels[0].reaches = False
    order_id = world.order()
    send(world, order_id)

    found = attempts_of_order(order_id, by=BY, uow=world.uow)
    assert [(line.channel, line.outcome, line.code) for line in found] == [
        ("helsenorge", "not_reached", "not_active_on_helsenorge"),
        ("digipost", "taken", None),
    ]
    assert {(line.form, line.kind, line.tried_at) for line in found} == {("pasreg", "first", DISPATCH)}
    assert count(world, SentRow) == 1


def test_a_course_has_one_ledger_of_all_its_orders_and_looking_is_noted(world):
    first, second = world.order(), world.order(form="hads")
    for order_id in (first, second):
        send(world, order_id)

    assert [line.order_id for line in attempts_of_course(1, by=BY, uow=world.uow)] == [first, second]
    with pytest.raises(NotFound):
        attempts_of_course(2, by=BY, uow=world.uow)


def test_an_attempt_that_failed_is_kept_and_the_order_waits_free_for_the_next(world):
    order_id = world.order()
    world.channels[0].is_down = True
    fail(world, order_id)
    world.recipients.is_down = True
    fail(world, order_id)
    world.recipients.is_down, world.contacts.is_down = False, True
    fail(world, order_id)

    assert world.attempts() == [
        ("helsenorge", "outage", "channel_outage"),
        ("registration", "outage", "register_outage"),
        ("contact_register", "outage", "register_outage"),
    ]
    assert (world.row(order_id).state, world.row(order_id).claimed_until) == ("waiting", None)


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        ({"is_reserved": True}, "reserved_in_krr"),
        ({"is_old": True}, "no_digital_channel"),
        ({}, "no_digital_channel"),
    ],
)
def test_who_no_channel_reaches_is_told_with_the_code_that_says_most(world, contact, code):
    world.contact(**contact)
    for channel in world.channels:
        channel.reaches = False
    send(world, order_id := world.order())

    assert (world.row(order_id).state, world.row(order_id).code) == ("unreachable", code)
    assert [(event.channel, event.code) for event in world.events()[1:]] == [("none", code)]


def test_a_fault_that_lasts_is_for_a_person_to_look_at(world):
    order_id = world.order()
    world.channels[0].is_down = True
    world.clock.move(timedelta(days=7) - timedelta(minutes=1))
    fail(world, order_id)
    assert world.row(order_id).state == "waiting"

    world.clock.move(timedelta(minutes=1))
    fail(world, order_id)
    assert (world.row(order_id).state, world.row(order_id).code) == ("failed", "channel_outage")
    assert world.event_names() == ["FormOrdered", "DeliveryFailed"]


def test_what_a_channel_refuses_for_good_is_not_tried_again(world):
    world.channels[0].fault = LastingFault("channel_refused")
    order_id = world.order()
    fail(world, order_id)
    send(world, order_id)

    assert (world.row(order_id).state, world.channels[0].attempts) == ("failed", 1)
    assert world.attempts() == [("helsenorge", "refused", "channel_refused")]


def test_ordered_again_by_hand_it_goes_out_under_the_same_message_id(world):
    for channel in world.channels:
        channel.reaches = False
    send(world, order_id := world.order())
    world.channels[0].reaches = True
    order_at_once(course_name(), "pasreg", channel="secure", schedules=world.schedules, uow=world.uow)
    send(world, order_id)

    assert (world.row(order_id).state, world.row(order_id).code) == ("sent", None)
    assert [job["order_id"] for job in world.jobs()] == [order_id]
    assert len(world.channels[0].letters) == 1


@pytest.mark.req("EPR-07")
def test_ordered_by_a_secure_channel_it_never_goes_by_mail(world):
    world.schedules["smertereg"] = replace(SCHEDULE, channels=("helsenorge", "digipost", "email_sms"))
    for channel in world.channels:
        channel.reaches = False
    order_at_once(course_name(), "pasreg", channel="secure", schedules=world.schedules, uow=world.uow)
    send(world, world.jobs()[0]["order_id"])

    assert [channel for channel, _, _ in world.attempts()] == ["helsenorge", "digipost"]
    assert world.event_names()[-1] == "DeliveryFailed"


def test_a_reminder_that_reaches_nobody_lets_the_deadline_run(world):
    send(world, order_id := world.order())
    world.channels[0].reaches = world.channels[1].reaches = False
    world.clock.move(timedelta(days=4))
    send(world, order_id, REMINDER)

    assert world.row(order_id).state == "reminded"
    assert [kind for _, kind, _ in world.attempts()] == ["taken", "not_reached", "not_reached"]
    assert count(world, SentRow) == 1


@pytest.mark.parametrize(("fault", "days"), [(LastingFault("channel_refused"), 3), (OutsideUnavailable(), 10)])
def test_a_reminder_that_is_given_up_lets_the_deadline_run(world, fault, days):
    send(world, order_id := world.order())
    world.channels[0].fault = fault
    world.clock.move(timedelta(days=days, hours=-8))
    fail(world, order_id, REMINDER)
    is_given_up = world.row(order_id).state == "reminded"
    world.clock.move(timedelta(hours=16))
    if not is_given_up:
        fail(world, order_id, REMINDER)

    assert world.row(order_id).state == "reminded"
    assert is_given_up is isinstance(fault, LastingFault)


def test_in_a_batch_the_contact_register_is_asked_once_and_an_outage_keeps_back_only_some(world):
    orders = [world.order(course_id=course, pid=course) for course in range(1, 6)]
    world.channels[0].down_for = 2
    send_forms(orders, FIRST, post=world.post, uow=world.uow)

    states = [world.row(order_id).state for order_id in sorted(orders)]
    assert (world.contacts.calls, states) == ([5], ["waiting"] * 2 + ["sent"] * 3)
    assert [job["order_id"] for job in world.jobs()] == sorted(orders)[:2]


def test_what_is_stopped_while_a_batch_is_sent_gets_nothing(world):
    orders = sorted(world.order(course_id=course, pid=course) for course in range(1, 4))
    stopped = world.row(orders[1])
    world.channels[0].then = lambda: stop_orders(stopped.course_id, reason=4, uow=world.uow)
    send_forms(orders, FIRST, post=world.post, uow=world.uow)

    assert [world.row(order_id).state for order_id in orders] == ["sent", "stopped", "sent"]
    assert len(world.channels[0].letters) == 2


def test_an_order_that_another_job_is_sending_is_waited_for_until_the_claim_ends(world):
    order_id = world.order()
    with world.uow() as store:
        store.claim([order_id], "waiting", DISPATCH + timedelta(minutes=4))
    with pytest.raises(JobWaits):
        send(world, order_id)
    assert world.channels[0].attempts == 0

    world.clock.move(timedelta(minutes=4))
    send(world, order_id)
    assert world.row(order_id).state == "sent"


def test_a_broken_order_does_not_hold_up_the_others_of_its_batch(world):
    orders = sorted(world.order(course_id=course, pid=course) for course in range(1, 5))
    world.channels[0].fault_for = {message_id_of(orders[1], FIRST): RuntimeError("broken")}
    send_forms(orders, FIRST, post=world.post, uow=world.uow)
    assert [world.row(order_id).state for order_id in orders] == ["sent", "waiting", "waiting", "waiting"]

    world.clock.move(timedelta(minutes=4))
    for job in world.take_jobs():
        with suppress(RuntimeError):
            send(world, job["order_id"])
    assert [world.row(order_id).state for order_id in orders] == ["sent", "waiting", "sent", "sent"]


def test_what_is_not_done_in_three_minutes_becomes_a_batch_of_its_own(world):
    orders = sorted(world.order(course_id=course, pid=course) for course in range(1, 5))
    world.channels[0].then = lambda: world.clock.move(timedelta(seconds=100))
    send_forms(orders, FIRST, post=world.post, uow=world.uow)
    assert [world.row(order_id).state for order_id in orders] == ["sent", "sent", "waiting", "waiting"]

    world.clock.move(timedelta(minutes=1))
    (job,) = world.take_jobs()
    send_forms(job["order_ids"], FIRST, post=world.post, uow=world.uow)
    assert {world.row(order_id).state for order_id in orders} == {"sent"}


@pytest.mark.req("RES-05")
def test_the_ledger_goes_with_the_person(world):
    send(world, world.order())
    kept = world.order(course_id=2, pid=6)
    send(world, kept)
    erase_person("1a" * 16, 5, "smertereg", uow=world.uow)

    assert [line.order_id for line in attempts_of_course(2, by=BY, uow=world.uow)] == [kept]
    assert count(world, AttemptRow) == count(world, SentRow) == 1
