"""The public holidays of Norway, and days on which nothing leaves by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.easter import easter as known_easter

from services.eprom.domain.course import Course, wanted
from services.eprom.domain.deadlines import OSLO
from services.eprom.domain.holidays import ClosedDays, easter, public_holidays
from services.eprom.domain.order import Waits
from services.eprom.domain.schedule import Rule, Schedule, Trigger

pytestmark = pytest.mark.req("EPR-03", "EPR-11")
CLOSED = ClosedDays.named(("saturday", "sunday", "holidays"))
SCHEDULE = Schedule(
    at=time(16, 30),
    rules=(Rule(form="pasreg", trigger=Trigger.COURSE_OPENED, minutes_after=2),),
    waits=Waits(reminder_days=3, lock_days=3),
    channels=("helsenorge",),
    not_answered_reason=7,
    died_reason=3,
    forms_of_type={},
    closed=CLOSED,
)


def test_easter_is_when_another_method_says_over_five_centuries():
    assert [year for year in range(1900, 2400) if easter(year) != known_easter(year)] == []


# The dates as the calendars of these years were printed.
@pytest.mark.parametrize(
    ("year", "movable"),
    [
        (2008, ["03-20", "03-21", "03-23", "03-24", "05-01", "05-11", "05-12"]),
        (2019, ["04-18", "04-19", "04-21", "04-22", "05-30", "06-09", "06-10"]),
        (2024, ["03-28", "03-29", "03-31", "04-01", "05-09", "05-19", "05-20"]),
        (2025, ["04-17", "04-18", "04-20", "04-21", "05-29", "06-08", "06-09"]),
        (2026, ["04-02", "04-03", "04-05", "04-06", "05-14", "05-24", "05-25"]),
        (2027, ["03-25", "03-26", "03-28", "03-29", "05-06", "05-16", "05-17"]),
    ],
)
def test_the_public_holidays_of_a_year_are_those_of_the_almanac(year, movable):
    fixed = ["01-01", "05-01", "05-17", "12-25", "12-26"]

    assert public_holidays(year) == {date.fromisoformat(f"{year}-{day}") for day in [*fixed, *movable]}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 1), date(2026, 4, 1)),  # the Wednesday before Easter
        (date(2026, 4, 2), date(2026, 4, 7)),  # Maundy Thursday to the Tuesday after Easter
        (date(2026, 5, 1), date(2026, 5, 4)),  # a Friday
        (date(2026, 5, 17), date(2026, 5, 18)),  # a Sunday
        (date(2026, 12, 24), date(2026, 12, 24)),  # no public holiday
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2027, 1, 4)),
    ],
)
def test_what_falls_on_a_closed_day_leaves_on_the_next_open_one(day, expected):
    assert CLOSED.next_open(day) == expected


def test_weekends_alone_leave_holidays_open():
    closed = ClosedDays.named(("saturday", "sunday"))

    assert closed.is_open(date(2026, 5, 14))
    assert not closed.is_open(date(2026, 5, 16))
    assert ClosedDays().is_open(date(2026, 12, 25))


@pytest.mark.parametrize("opened_on", [date(2026, 1, 1) + timedelta(days=days) for days in range(0, 730, 7)])
def test_a_form_is_due_at_its_minute_of_an_open_day(opened_on):
    now = datetime.combine(opened_on, time(17), UTC)
    due = wanted(Course(included=True, consented=True, opened_on=opened_on), SCHEDULE, now)["pasreg"].astimezone(OSLO)

    assert (due.hour, due.minute) == (16, 32)
    assert due.date() == CLOSED.next_open(opened_on + timedelta(days=1))
