"""The public holidays of Norway, and the days on which a registry lets nothing leave by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

HOLIDAYS = "holidays"
WEEKDAYS: Mapping[str, int] = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
# Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension, Whit Sunday and Monday: days from Easter Sunday.
_FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar, by the method of Gauss with its two exceptions."""
    century, moon = year // 100, year % 19
    shift = (15 - (13 + 8 * century) // 25 + century - century // 4) % 30
    full = (19 * moon + shift) % 30
    if full == 29 or (full == 28 and moon > 10):  # noqa: PLR2004 - the two exceptions
        full -= 1
    paschal = date(year, 3, 21) + timedelta(days=full)
    return paschal + timedelta(days=(6 - paschal.weekday()) or 7)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year; those that fall on a Sunday too."""
    sunday = easter(year)
    return frozenset(date(year, *day) for day in _FIXED) | {sunday + timedelta(days=days) for days in _FROM_EASTER}


@dataclass(frozen=True)
class ClosedDays:
    """Weekdays (0 is Monday) on which nothing is sent, and whether public holidays are closed too."""

    weekdays: frozenset[int] = frozenset()
    holidays: bool = False

    @classmethod
    def named(cls, names: tuple[str, ...]) -> ClosedDays:
        """From the words of a registry's rules; raises KeyError for a word that names no day."""
        return cls(frozenset(WEEKDAYS[name] for name in names if name != HOLIDAYS), HOLIDAYS in names)

    def is_open(self, day: date) -> bool:
        """Whether something may be sent on a day."""
        return day.weekday() not in self.weekdays and not (self.holidays and day in public_holidays(day.year))

    def next_open(self, day: date) -> date:
        """The day itself, or the first one after it on which something may be sent."""
        while not self.is_open(day):
            day += timedelta(days=1)
        return day


NEVER_CLOSED = ClosedDays()
