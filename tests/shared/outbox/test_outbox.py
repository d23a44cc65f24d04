"""Events leave with the change that caused them, in order, and arrive once."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import insert

from shared.contracts.registration import CourseDeleted
from shared.outbox.inbox import Inbox, Result
from shared.outbox.relay import PublishFailed, Relay
from tests.shared.outbox.kit import EFFECT, KIT, METADATA, count, effects, make_uow


@pytest.fixture
def database(make_database):
    return make_database(METADATA)


def emit(uow, *course_ids):
    for course_id in course_ids:
        with uow() as store:
            store.emit(CourseDeleted(course_id=course_id, pid=1))


def published(database, uow, *course_ids):
    """The envelopes that a relay would hand to the bus."""
    sent = []
    emit(uow, *course_ids)
    Relay(database, KIT, sent.extend).drain()
    return sent


def note(event, uow):
    with uow() as store:
        store.session.execute(insert(EFFECT).values(what=f"course {event.course_id}"))


@pytest.mark.req("BUS-01")
def test_an_event_of_a_failed_change_is_never_told(database):
    uow = make_uow(database)
    with pytest.raises(RuntimeError), uow() as store:
        store.emit(CourseDeleted(course_id=1, pid=1))
        raise RuntimeError

    assert count(database, KIT.outbox.outbox) == 0


@pytest.mark.req("BUS-01", "BUS-03")
def test_the_relay_sends_in_order_and_keeps_what_it_sent(database):
    sent = published(database, make_uow(database), 7, 8, 7)

    assert [(e.event.course_id, e.version) for e in sent] == [(7, 1), (8, 1), (7, 2)]
    assert (count(database, KIT.outbox.outbox), count(database, KIT.outbox.event_log)) == (0, 3)


@pytest.mark.req("BUS-01")
def test_what_the_bus_refused_stays_in_the_outbox(database):
    def refuse(_envelopes):
        raise PublishFailed

    emit(make_uow(database), 1)
    with pytest.raises(PublishFailed):
        Relay(database, KIT, refuse).drain()

    assert count(database, KIT.outbox.outbox) == 1


@pytest.mark.req("BUS-03")
def test_a_delivery_has_its_effect_once(database):
    uow = make_uow(database)
    sent = published(database, uow, 1)
    inbox = Inbox(uow, {CourseDeleted: note})

    results = [outcome.result for outcome in inbox.take(sent + sent) + inbox.take(sent)]

    assert results == [Result.DONE, Result.DUPLICATE, Result.DUPLICATE]
    assert effects(database) == ["course 1"]


@pytest.mark.req("BUS-03")
def test_what_comes_too_early_waits_for_the_gap(database):
    uow = make_uow(database)
    first, second, third = published(database, uow, 1, 1, 1)
    inbox = Inbox(uow, {CourseDeleted: note})

    assert [o.result for o in inbox.take([third, second])] == [Result.PARKED, Result.PARKED]
    assert inbox.take([first])[0].result is Result.DONE
    assert effects(database) == ["course 1"] * 3
    assert count(database, KIT.outbox.inbox_parked) == 0


@pytest.mark.req("BUS-01")
def test_one_bad_event_does_not_stop_its_neighbours(database):
    uow = make_uow(database)
    sent = published(database, uow, 1, 2, 3)

    def fail_on_two(event, uow):
        note(event, uow)
        if event.course_id == 2:
            raise ValueError

    outcomes = Inbox(uow, {CourseDeleted: fail_on_two}).take(sent)

    assert [o.result for o in outcomes] == [Result.DONE, Result.FAILED, Result.DONE]
    assert effects(database) == ["course 1", "course 3"]


@pytest.mark.req("BUS-03")
def test_shuffled_and_repeated_deliveries_end_as_if_each_came_once(database):
    uow, chance = make_uow(database), random.Random(20261121)
    sent = published(database, uow, *[chance.randrange(20) for _ in range(200)])
    deliveries = [envelope for envelope in sent for _ in range(chance.randint(1, 5))]
    chance.shuffle(deliveries)
    inbox = Inbox(uow, {CourseDeleted: note})

    for start in range(0, len(deliveries), 50):
        inbox.take(deliveries[start : start + 50])

    assert sorted(effects(database)) == sorted(f"course {e.event.course_id}" for e in sent)
    assert count(database, KIT.outbox.inbox_parked) == 0
