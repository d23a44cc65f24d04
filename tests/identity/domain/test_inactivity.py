"""Accounts nobody uses, by the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.inactivity import Idle, IdleStep, due_idle_step

USED = datetime(2026, 1, 5, 6, tzinfo=UTC)


def at(days, **told):
    return due_idle_step(
        Idle(used_at=USED, **{name: USED + timedelta(days=day) for name, day in told.items()}),
        USED + timedelta(days=days),
    )


@pytest.mark.req("IDN-17")
@pytest.mark.parametrize(
    ("days", "told", "step"),
    [
        (334.9, {}, None),
        (335, {}, IdleStep.TELL_MONTH),
        (357.9, {"month_told_at": 335}, None),
        (358, {"month_told_at": 335}, IdleStep.TELL_WEEK),
        (364.9, {"month_told_at": 335, "week_told_at": 358}, None),
        (365, {"month_told_at": 335, "week_told_at": 358}, IdleStep.LOCK),
    ],
)
def test_the_owner_is_told_a_month_and_a_week_before_the_lock(days, told, step):
    assert at(days, **told) is step


@pytest.mark.req("IDN-17")
def test_after_a_long_break_both_warnings_still_come_in_time():
    assert at(800) is IdleStep.TELL_MONTH
    assert at(822.9, month_told_at=800) is None
    assert at(823, month_told_at=800) is IdleStep.TELL_WEEK
    assert at(829.9, month_told_at=800, week_told_at=823) is None
    assert at(830, month_told_at=800, week_told_at=823) is IdleStep.LOCK
