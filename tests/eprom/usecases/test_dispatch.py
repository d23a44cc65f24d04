"""From the order to the reminder and the lock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.eprom.store.tables import Base
from services.eprom.usecases.messages import FIRST, REMINDER
from services.eprom.usecases.note_sending import message_id_of
from services.eprom.usecases.place_order import stop_dead_person, stop_orders
from services.eprom.usecases.ports import OutsideUnavailable
from services.eprom.usecases.send_form import send_form
from services.eprom.usecases.sweep import dispatch, lock_overdue, remind
from tests.eprom.usecases.world import DISPATCH, SCHEDULE, World


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


def send(world, order_id, kind=FIRST):
    send_form(order_id, kind, post=world.post, uow=world.uow)


def sent_order(world):
    order_id = world.order()
    world.clock.move(DISPATCH - world.clock.now())
    send(world, order_id)
    return order_id


@pytest.mark.req("EPR-02")
def test_a_form_is_ordered_once_for_a_course(world):
    assert world.order() == world.order()
    assert world.event_names() == ["FormOrdered"]


@pytest.mark.req("EPR-03", "EPR-14")
def test_the_dispatch_sends_what_is_due_once_however_often_it_runs(world):
    order_id = world.order()

    assert dispatch("smertereg", DISPATCH - timedelta(days=1), schedules=world.schedules, uow=world.uow) == 0
    dispatch("smertereg", DISPATCH, schedules=world.schedules, uow=world.uow)
    dispatch("smertereg", DISPATCH, schedules=world.schedules, uow=world.uow)
    assert world.jobs() == [{"order_ids": [order_id], "kind": "first"}]


@pytest.mark.req("EPR-04")
def test_the_first_channel_that_reaches_the_person_is_used(make_database):
    world = World(make_database(Base.metadata), first_reaches=False)
    order_id = sent_order(world)

    assert world.row(order_id).channel == "digipost"
    assert world.event_names() == ["FormOrdered", "FormSent"]


@pytest.mark.req("EPR-14")
def test_a_message_is_not_sent_twice(world):
    order_id = sent_order(world)
    send(world, order_id)

    assert world.channels[0].attempts == 1
    assert list(world.channels[0].letters) == [message_id_of(order_id, FIRST)]


@pytest.mark.req("EPR-14", "EPR-15")
def test_a_channel_that_is_down_is_tried_again_with_the_same_message(world):
    order_id = world.order()
    world.channels[0].is_down = True
    with pytest.raises(OutsideUnavailable):
        send(world, order_id)
    world.channels[0].is_down = False
    send(world, order_id)

    assert world.row(order_id).state == "sent"
    assert len(world.channels[0].letters) == 1


@pytest.mark.req("EPR-10")
def test_nothing_is_sent_to_a_person_who_is_gone(world):
    order_id = world.order()
    world.recipients.gone = True
    send(world, order_id)

    assert world.row(order_id).state == "stopped"
    assert world.channels[0].attempts == 0


@pytest.mark.req("EPR-04")
def test_a_person_no_channel_reaches_is_told_to_registration(world):
    world.channels[0].reaches = world.channels[1].reaches = False
    order_id = world.order()
    send(world, order_id)

    assert (world.row(order_id).state, world.row(order_id).code) == ("unreachable", "no_digital_channel")
    assert world.event_names() == ["FormOrdered", "DeliveryFailed"]
    assert world.events()[-1].code == "no_digital_channel"


@pytest.mark.req("EPR-05")
def test_one_reminder_after_three_days_and_locked_after_three_more(world):
    order_id = sent_order(world)
    world.clock.move(timedelta(days=3, hours=8))
    assert remind(schedules=world.schedules, uow=world.uow) == 1
    send(world, order_id, REMINDER)
    assert remind(schedules=world.schedules, uow=world.uow) == 0
    world.clock.move(timedelta(days=3))

    assert lock_overdue(schedules={"smertereg": SCHEDULE}, uow=world.uow) == 1
    assert (world.row(order_id).state, world.row(order_id).reason) == ("expired", 7)
    assert world.event_names() == ["FormOrdered", "FormSent", "ReminderSent", "FormExpired"]


@pytest.mark.req("EPR-06")
def test_a_stopped_order_is_not_sent_and_its_link_closes(world):
    waiting, out = world.order(form="hads"), sent_order(world)
    stop_orders(1, reason=4, uow=world.uow)
    send(world, waiting)

    assert {world.row(waiting).state, world.row(out).state} == {"stopped"}
    assert world.row(out).link_hash is None


@pytest.mark.req("EPR-10")
def test_a_dead_person_gets_nothing_more(world):
    order_id = sent_order(world)
    stop_dead_person(5, schedules={"smertereg": SCHEDULE}, uow=world.uow)

    assert (world.row(order_id).state, world.row(order_id).reason) == ("stopped", SCHEDULE.died_reason)
