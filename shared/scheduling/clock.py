"""The one clock: kept in UTC, reckoned and shown in Oslo."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


class Clock(Protocol):
    """Whoever needs the time is handed one of these."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """The machine's clock moved by the seconds in a small file, so that all processes of a demo move together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = -1
        self._offset = timedelta()

    def now(self) -> datetime:
        """This moment plus the offset of the file; no file, no offset."""
        try:
            stamp = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            stamp, self._offset = -1, timedelta()
        if stamp != self._stamp:
            self._stamp = stamp
            self._offset = timedelta(seconds=float(self._path.read_text(encoding="utf-8") or "0"))
        return datetime.now(UTC) + self._offset

    def shift(self, seconds: float) -> None:
        """Set the offset for all processes that read the file."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(seconds), encoding="utf-8")
        fresh.replace(self._path)


def make_clock(file: Path | None) -> Clock:
    """The machine's clock; with a file, as it moves it."""
    return ShiftedClock(file) if file else SystemClock()


class FixedClock:
    """Stands still until it is moved; for tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._at

    def move(self, by: timedelta) -> None:
        """Move it forward or back."""
        self._at += by


def oslo(moment: datetime) -> datetime:
    """The same moment as people in Oslo read it."""
    return moment.astimezone(OSLO)


def today(clock: Clock) -> date:
    """The calendar day in Oslo now."""
    return oslo(clock.now()).date()


def end_of_day(day: date) -> datetime:
    """The first moment after the Oslo day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), OSLO).astimezone(UTC)
