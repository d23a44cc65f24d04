"""Cases, receipts and deadlines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reservation.domain.case import (
    RECEIPTS_OF_ERASURE,
    Case,
    CaseKind,
    CaseState,
    Channel,
    refuse_identity_in,
    with_receipt,
)
from services.reservation.domain.deadline import Urgency, answer_by, urgency
from services.reservation.domain.errors import RuleBroken


def make_case(**values):
    valid = {
        "kind": CaseKind.RESERVATION,
        "state": CaseState.WAITING,
        "channel": Channel.CITIZEN_PAGE,
        "received_on": date(2026, 11, 21),
    }
    return Case(**(valid | values))


@pytest.mark.req("RES-04")
@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2026, 11, 21), date(2026, 12, 21)),  # 30 days, one month would be the same
        (date(2026, 12, 21), date(2027, 1, 20)),  # 30 days before the month is over
        (date(2027, 1, 31), date(2027, 2, 28)),  # the month ends first
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 2, 10), date(2026, 3, 10)),
    ],
)
def test_a_case_is_answered_within_30_days_and_one_month(received_on, due_on):
    assert answer_by(received_on) == due_on


@pytest.mark.req("RES-04")
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_deadline_is_never_over_30_days(received_on):
    assert timedelta(days=28) <= answer_by(received_on) - received_on <= timedelta(days=30)


@pytest.mark.req("RES-04")
def test_a_case_is_near_in_its_last_week_and_late_after_its_day():
    due = date(2026, 12, 21)

    assert urgency(due, date(2026, 12, 13)) is Urgency.CALM
    assert urgency(due, date(2026, 12, 14)) is Urgency.NEAR
    assert urgency(due, due) is Urgency.NEAR
    assert urgency(due, date(2026, 12, 22)) is Urgency.LATE


@pytest.mark.req("RES-05")
def test_the_last_receipt_closes_the_case_in_whatever_order_they_come():
    case = make_case()
    for service in sorted(RECEIPTS_OF_ERASURE):
        assert case.state is CaseState.WAITING
        case = with_receipt(with_receipt(case, service), service)

    assert case.state is CaseState.CLOSED


@pytest.mark.req("RES-02")
@pytest.mark.parametrize("text", ["pasient 03851598730", "nr 038515 98730.", "0385159-8730", "3 03851598730 x"])
def test_a_text_with_an_identity_number_is_refused(text):
    with pytest.raises(RuleBroken, match="text_holds_identity_number"):
        refuse_identity_in(text)


@pytest.mark.req("RES-02")
@pytest.mark.parametrize("text", ["PID 20481 ønsker reservasjon", "telefon 55 97 55 60", "FID 1234567890"])
def test_a_text_with_a_pid_is_taken(text):
    refuse_identity_in(text)
