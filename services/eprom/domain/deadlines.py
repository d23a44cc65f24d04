"""Moments a patient can rely on: they are reckoned in Oslo and kept in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def oslo_date(moment: datetime) -> date:
    """The calendar day in Oslo at a moment."""
    return moment.astimezone(OSLO).date()


def end_of_day(day: date) -> datetime:
    """The first moment after the Oslo day, in UTC; also right on the days of 23 and 25 hours."""
    return datetime.combine(day + timedelta(days=1), time(), OSLO).astimezone(UTC)


def next_dispatch(now: datetime, at: time) -> datetime:
    """The next daily dispatch from `now` on, in UTC."""
    day = oslo_date(now)
    moment = datetime.combine(day, at, OSLO).astimezone(UTC)
    if moment < now:
        moment = datetime.combine(day + timedelta(days=1), at, OSLO).astimezone(UTC)
    return moment


def dispatch_on(day: date, at: time) -> datetime:
    """The dispatch of one Oslo day, in UTC."""
    return datetime.combine(day, at, OSLO).astimezone(UTC)
