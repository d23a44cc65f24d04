"""Waits after failed tries: a try is counted before it is looked at, so that many at once gain nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.identity.domain.errors import MustWait

FIRST_WAIT = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many failures are free, how long waits grow, after how many failures it is over, when they are forgotten."""

    free: int
    longest_wait: timedelta
    cap: int | None = None
    forgotten_after: timedelta | None = None


# Failures in a row of one account from devices not known to it: at most 100 guesses until somebody helps.
ACCOUNT = Limits(free=4, longest_wait=timedelta(hours=1), cap=100)
# The same from a device where the owner has logged in before: the owner is never kept out longer than 15 minutes.
# After as many failures the device counts as unknown.
KNOWN_DEVICE = Limits(free=4, longest_wait=timedelta(minutes=15), cap=100)
# A hospital shares one address, so more is free, and a success does not wipe out the failures of others.
ADDRESS = Limits(free=30, longest_wait=timedelta(hours=1), forgotten_after=timedelta(hours=1))
# Links to a new password for one user name, known or not: each is an e-mail to its owner. Forgotten after a quiet day.
LINKS = Limits(free=4, longest_wait=timedelta(hours=1), forgotten_after=timedelta(days=1))
# Wrong one-time codes of one account; beyond it a coordinator must reset the password. The owner's log-ins do not open
# this room anew for somebody else who knows the password: 20 guesses, one in a million each, is all there is.
CODES = Limits(free=20, longest_wait=timedelta(0), cap=20)


@dataclass(frozen=True, kw_only=True)
class Tries:
    """Failures so far and the moment before which no further try is looked at."""

    failures: int = 0
    blocked_until: datetime | None = None
    last_at: datetime | None = None


def reserve(tries: Tries, limits: Limits, now: datetime) -> Tries:
    """Count one try as failed before it is looked at; raises MustWait if none is allowed now."""
    tries = _remembered(tries, limits, now)
    if is_capped(tries, limits):
        raise MustWait(now + limits.longest_wait, "no_more_tries")
    if tries.blocked_until is not None and now < tries.blocked_until:
        raise MustWait(tries.blocked_until)
    failures = tries.failures + 1
    return Tries(failures=failures, last_at=now, blocked_until=_blocked_until(failures, limits, now))


def take_back(tries: Tries, counted: int = 1) -> Tries:
    """The tries after one turned out right, without those counted on the way to it; those of others stay."""
    return replace(tries, failures=max(0, tries.failures - counted), blocked_until=None)


def is_capped(tries: Tries, limits: Limits) -> bool:
    """Tell whether so many tries failed in a row that waiting does not help any more."""
    return limits.cap is not None and tries.failures >= limits.cap


def _remembered(tries: Tries, limits: Limits, now: datetime) -> Tries:
    if limits.forgotten_after is None or tries.last_at is None or now - tries.last_at < limits.forgotten_after:
        return tries
    return Tries()


def _blocked_until(failures: int, limits: Limits, now: datetime) -> datetime | None:
    if failures <= limits.free or not limits.longest_wait:
        return None
    wait = FIRST_WAIT
    for _ in range(failures - limits.free - 1):
        wait = min(wait * 2, limits.longest_wait)
    return now + min(wait, limits.longest_wait)
