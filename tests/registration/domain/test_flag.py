"""Who acknowledges a flag, with what, and when it has waited too long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registration.domain.errors import RuleBroken
from services.registration.domain.flag import acknowledgement, is_overdue

TODAY, NOW = date(2026, 11, 21), datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.req("EPR-13")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"role": "SC"}, "only_clinician_acknowledges"),
        ({"role": None}, "only_clinician_acknowledges"),
        ({"is_open": False}, "flag_is_acknowledged"),
        ({"note": "  ok "}, "reason_missing"),
        ({"note": "Ringte 17855749815 i dag"}, "comment_has_number"),
        ({"note": "x" * 2001}, "comment_too_long"),
    ],
)
def test_an_acknowledgement_needs_a_clinician_and_a_note(changed, expected):
    given = {"note": "Snakket med pasienten", "role": "LU", "is_open": True, **changed}
    with pytest.raises(RuleBroken, match=expected):
        acknowledgement(given.pop("note"), **given, today=TODAY)


def test_the_note_is_kept_without_space_around_it():
    assert acknowledgement(" Ringte henne. ", role="LC", is_open=True, today=TODAY) == "Ringte henne."


@pytest.mark.parametrize(("hours", "expected"), [(23, False), (24, True)])
def test_a_flag_is_overdue_after_a_day(hours, expected):
    assert is_overdue(NOW - timedelta(hours=hours), NOW) is expected
