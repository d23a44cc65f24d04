"""The life of an order."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from services.eprom.domain.deadlines import end_of_day, next_dispatch, oslo_date
from services.eprom.domain.errors import RuleBroken
from services.eprom.domain.links import link_token, token_hash
from services.eprom.domain.order import (
    Order,
    OrderState,
    Waits,
    answered,
    expired,
    is_open,
    reminded,
    sent,
    stopped,
    stored,
)

WAITS = Waits(reminder_days=3, lock_days=3)
DISPATCH = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


def make_order(state=OrderState.WAITING, **values):
    return Order(state=state, due_at=DISPATCH, **values)


@pytest.mark.req("EPR-05")
def test_a_sent_order_ends_its_waits_at_the_end_of_oslo_days():
    order = sent(make_order(), now=DISPATCH, waits=WAITS)

    assert order.state is OrderState.SENT
    assert order.remind_at == datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert order.lock_at == datetime(2026, 11, 29, 23, tzinfo=UTC)


@pytest.mark.req("EPR-05")
def test_a_late_reminder_gives_the_patient_the_promised_days():
    order = sent(make_order(), now=DISPATCH, waits=WAITS)
    late = datetime(2026, 11, 28, 12, tzinfo=UTC)

    assert reminded(order, now=late, waits=WAITS).lock_at == datetime(2026, 12, 1, 23, tzinfo=UTC)


@pytest.mark.req("EPR-05")
def test_a_reminder_in_time_leaves_the_lock_where_it_was():
    order = sent(make_order(), now=DISPATCH, waits=WAITS)

    assert reminded(order, now=order.remind_at, waits=WAITS).lock_at == order.lock_at


@pytest.mark.req("EPR-05")
def test_an_order_is_locked_only_after_its_reminder_and_deadline():
    order = reminded(sent(make_order(), now=DISPATCH, waits=WAITS), now=DISPATCH, waits=WAITS)

    with pytest.raises(RuleBroken, match="order_is_not_overdue"):
        expired(order, now=datetime(2026, 11, 29, 22, 59, tzinfo=UTC), reason=7)
    assert expired(order, now=order.lock_at, reason=7).reason == 7


@pytest.mark.req("EPR-08")
def test_a_form_is_submitted_once():
    order = answered(make_order(OrderState.REMINDED), now=DISPATCH)

    with pytest.raises(RuleBroken, match="form_is_not_open"):
        answered(order, now=DISPATCH)


def test_answers_are_stored_only_when_there_are_some():
    assert stored(make_order(OrderState.ANSWERED)).state is OrderState.STORED
    with pytest.raises(RuleBroken, match="order_has_no_answers"):
        stored(make_order(OrderState.SENT))


@pytest.mark.req("EPR-10")
@pytest.mark.parametrize("state", [OrderState.WAITING, OrderState.SENT, OrderState.REMINDED])
def test_an_open_order_can_be_stopped(state):
    assert stopped(make_order(state), reason=3).state is OrderState.STOPPED


@pytest.mark.parametrize("state", [OrderState.ANSWERED, OrderState.STORED, OrderState.EXPIRED])
def test_stopping_changes_nothing_at_the_end(state):
    assert stopped(make_order(state), reason=3).state is state


@pytest.mark.req("EPR-03", "GEN-07")
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 24, 14, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 15, tzinfo=UTC), datetime(2026, 10, 25, 15, 30, tzinfo=UTC)),
        (datetime(2027, 3, 27, 15, 30, tzinfo=UTC), datetime(2027, 3, 27, 15, 30, tzinfo=UTC)),
        (datetime(2027, 3, 27, 16, tzinfo=UTC), datetime(2027, 3, 28, 14, 30, tzinfo=UTC)),
    ],
)
def test_the_daily_dispatch_is_at_half_past_four_in_oslo(now, expected):
    assert next_dispatch(now, time(16, 30)) == expected


def test_the_day_of_25_hours_ends_at_midnight():
    assert end_of_day(oslo_date(datetime(2026, 10, 25, 0, tzinfo=UTC))) == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.req("EPR-08")
def test_a_link_is_unguessable_and_kept_as_a_hash():
    tokens = {link_token(b"k" * 32, f"order-{number}") for number in range(100)}

    assert len(tokens) == 100
    assert all(len(token) == 43 and token not in token_hash(token) for token in tokens)
    assert link_token(b"k" * 32, "order-1") != link_token(b"l" * 32, "order-1")


@pytest.mark.req("EPR-05")
def test_an_order_with_a_last_moment_of_its_own_is_open_until_then_without_a_reminder():
    last = DISPATCH + timedelta(days=10)
    order = sent(make_order(lock_at=last), now=DISPATCH, waits=WAITS)

    assert (order.remind_at, order.lock_at) == (None, last)
    assert is_open(order, last - timedelta(seconds=1))
    assert not is_open(order, last)
