"""The yearly review by the calendar, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.access_review import Review, Step, due_step, is_review_due, may_review
from services.identity.domain.roles import RoleCode

OPENED = datetime(2026, 3, 2, 6, tzinfo=UTC)
WEEK, MOMENT = timedelta(weeks=1), timedelta(seconds=1)


def at(weeks, **review):
    return due_step(Review(opened_at=OPENED, **review), OPENED + weeks * WEEK)


@pytest.mark.req("IDN-14")
def test_the_first_and_every_next_review_come_after_a_year():
    assert not is_review_due(OPENED, OPENED + timedelta(days=365) - MOMENT)
    assert is_review_due(OPENED, OPENED + timedelta(days=365))


@pytest.mark.req("IDN-14")
@pytest.mark.parametrize(
    ("weeks", "reminders", "step"),
    [
        (1.99, 0, None),
        (2, 0, Step.REMIND),
        (2, 1, None),
        (3.99, 1, None),
        (4, 1, Step.REMIND),
        (4, 2, None),
        (4.99, 2, None),
        (5, 2, Step.WARN),
        (5, 0, Step.WARN),
    ],
)
def test_reminders_come_after_two_and_four_weeks_and_the_warning_after_five(weeks, reminders, step):
    assert at(weeks, reminders=reminders) is step


@pytest.mark.req("IDN-14")
def test_a_warned_review_closes_after_six_weeks_and_never_within_a_week_of_the_warning():
    assert at(5.99, reminders=2, warned_at=OPENED + 5 * WEEK) is None
    assert at(6, reminders=2, warned_at=OPENED + 5 * WEEK) is Step.CLOSE
    assert at(20) is Step.WARN
    assert at(20.9, warned_at=OPENED + 20 * WEEK) is None
    assert at(21, warned_at=OPENED + 20 * WEEK) is Step.CLOSE


@pytest.mark.req("IDN-14")
def test_nobody_reviews_the_own_role_and_a_local_coordinator_local_ones_only():
    assert may_review(RoleCode.LC, RoleCode.LC, is_own=False)
    assert may_review(RoleCode.COUNCIL, RoleCode.SC, is_own=False)
    assert not may_review(RoleCode.COUNCIL, RoleCode.LC, is_own=False)
    assert not may_review(RoleCode.LU, RoleCode.SC, is_own=True)
