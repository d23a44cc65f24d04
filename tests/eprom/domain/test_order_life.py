"""The order's state machine against a slow, obvious reference that keeps the history and counts hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.eprom.domain.errors import RuleBroken
from services.eprom.domain.order import (
    ALLOWED,
    ENDED,
    Order,
    OrderState,
    Waits,
    answered,
    expired,
    failed,
    is_open,
    reminded,
    sent,
    sent_on_paper,
    stopped,
    stored,
    unreachable,
    wanted_again,
)
from services.eprom.domain.reach import ReachCode

pytestmark = pytest.mark.req("EPR-05", "EPR-14")
OSLO = ZoneInfo("Europe/Oslo")
WAITS = Waits(reminder_days=3, lock_days=3, paper_lock_days=5)
START = datetime(2026, 1, 1, tzinfo=UTC)
AFTER = {
    "send": {"order", "again"},
    "post": {"order", "again"},
    "unreachable": {"order", "again"},
    "failed": {"order", "again"},
    "again": {"unreachable", "failed"},
    "remind": {"send"},
    "answer": {"send"},
    "store": {"answer"},
}


class Reference:
    """All that was done, in order; each question is answered by reading it from the start."""

    def __init__(self):
        self.history = []

    def did(self, act):
        return act in [done for done, _ in self.history]

    def last(self):
        return self.history[-1][0] if self.history else "order"

    def may(self, act, now):
        """Whether an act may follow, told case by case."""
        last = self.last()
        if act == "stop":
            return last not in {"answer", "store", "expire", "stop"}
        if act == "expire":
            return last in {"remind", "post"} and now >= self.lock_at()
        if act == "answer" and last in {"remind", "post"}:
            return now < self.lock_at()
        return last in AFTER[act]

    def moment(self, act):
        return next((at for done, at in self.history if done == act), None)

    def lock_at(self):
        """The lock as the patient was promised it: after the reminder's days, those planned at first, or a letter's."""
        if self.did("post"):
            return nth_midnight(self.moment("post"), 1 + WAITS.paper_lock_days)
        planned = nth_midnight(self.moment("send"), 1 + WAITS.reminder_days + WAITS.lock_days)
        remind_at = nth_midnight(self.moment("send"), 1 + WAITS.reminder_days)
        at = self.moment("remind")
        late = max(0, round((at - remind_at) / timedelta(days=1))) if at else 0
        return nth_midnight(self.moment("send"), 1 + WAITS.reminder_days + WAITS.lock_days + late) if late else planned


def nth_midnight(moment, number):
    """Walk quarter by quarter until that many midnights of Oslo have been passed."""
    at = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    while number:
        at += timedelta(minutes=15)
        local = at.astimezone(OSLO)
        number -= local.hour == 0 and local.minute == 0
    return at


ACTS = {
    "send": lambda order, now: sent(order, now=now, waits=WAITS),
    "post": lambda order, now: sent_on_paper(order, now=now, waits=WAITS),
    "remind": lambda order, now: reminded(order, now=now, waits=WAITS),
    "answer": lambda order, now: answered(order, now=now),
    "store": lambda order, now: stored(order),
    "expire": lambda order, now: expired(order, now=now, reason=7),
    "unreachable": lambda order, now: unreachable(order, ReachCode.NO_MAILBOX),
    "failed": lambda order, now: failed(order, ReachCode.CHANNEL_OUTAGE),
    "again": lambda order, now: wanted_again(order, due_at=now),
    "stop": lambda order, now: stopped(order, reason=4),
}
STATE_AFTER = {
    "order": "waiting", "again": "waiting", "send": "sent", "post": "sent", "remind": "reminded", "answer": "answered",
    "store": "stored", "expire": "expired", "stop": "stopped", "unreachable": "unreachable", "failed": "failed",
}  # fmt: skip


def tried(act, order, reference, now):
    """The order after an act, as both see it; each act that may not follow changes nothing."""
    may, before = reference.may(act, now), order
    try:
        order = ACTS[act](order, now)
    except RuleBroken:
        assert not may, f"{act} was refused after {reference.last()}"
        return before
    assert may == (order.state is not before.state), f"{act} after {reference.last()}"
    if may:
        reference.history.append((act, now))
    return order


class Life(RuleBasedStateMachine):
    """Acts in any order, with any pauses between them."""

    @initialize(hours=st.integers(0, 24 * 700))
    def begin(self, hours):
        self.now = START + timedelta(hours=hours)
        self.order, self.reference = Order(state=OrderState.WAITING, due_at=self.now), Reference()

    @rule(minutes=st.integers(1, 60 * 24 * 9))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(act=st.sampled_from(sorted(ACTS)))
    def somebody_acts(self, act):
        self.order = tried(act, self.order, self.reference, self.now)

    @precondition(lambda self: self.following())
    @rule(data=st.data())
    def somebody_does_what_may_follow(self, data):
        self.somebody_acts(act=data.draw(st.sampled_from(self.following())))

    def following(self):
        return [act for act in sorted(ACTS) if self.reference.may(act, self.now)]

    @invariant()
    def both_agree(self):
        if not hasattr(self, "order"):
            return
        assert self.order.state == STATE_AFTER[self.reference.last()]
        assert (self.order.code is not None) == (self.order.state in {"failed", "unreachable"})
        if self.reference.did("send") or self.reference.did("post"):
            assert self.order.lock_at == self.reference.lock_at()
            assert is_open(self.order, self.now) == self.reference.may("answer", self.now)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestLife.pytestmark = [pytest.mark.req("EPR-05", "EPR-14")]


def test_the_table_knows_every_state_and_ends_lead_nowhere():
    assert set(ALLOWED) == set(OrderState)
    assert {state for state, following in ALLOWED.items() if not following} == ENDED
    assert {state for following in ALLOWED.values() for state in following} == set(OrderState)


def test_every_act_after_every_short_history_is_let_through_or_refused_as_the_reference_says():
    lives, seen = [(Order(state=OrderState.WAITING, due_at=START), [], START)], 0
    while lives:
        order, history, at = lives.pop()
        for act, pause in [(act, pause) for act in ACTS for pause in (timedelta(hours=1), timedelta(days=8))]:
            reference = Reference()
            reference.history = list(history)
            after, seen = tried(act, order, reference, at + pause), seen + 1
            if after.state is not order.state and len(history) < 4:
                lives.append((after, reference.history, at + pause))
    assert seen > 1000
