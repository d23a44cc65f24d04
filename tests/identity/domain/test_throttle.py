"""Waits after failed tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.errors import MustWait
from services.identity.domain.throttle import (
    ACCOUNT,
    ADDRESS,
    CODES,
    KNOWN_DEVICE,
    Tries,
    is_capped,
    reserve,
    take_back,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def failed(times, limits, *, now=NOW):
    tries = Tries()
    for _ in range(times):
        now = max(now, tries.blocked_until or now)
        tries = reserve(tries, limits, now)
    return tries, now


@pytest.mark.req("IDN-11")
@pytest.mark.parametrize(
    ("failures", "seconds"), [(4, None), (5, 30), (6, 60), (7, 120), (8, 240), (11, 1920), (12, 3600), (60, 3600)]
)
def test_waits_begin_at_the_fifth_failure_and_double_to_an_hour(failures, seconds):
    tries, now = failed(failures, ACCOUNT)

    assert tries.blocked_until == (None if seconds is None else now + timedelta(seconds=seconds))


@pytest.mark.req("IDN-11")
def test_a_try_during_a_wait_is_neither_looked_at_nor_counted():
    tries, now = failed(5, ACCOUNT)

    with pytest.raises(MustWait) as waiting:
        reserve(tries, ACCOUNT, now + timedelta(seconds=29))

    assert waiting.value.until == now + timedelta(seconds=30)
    assert reserve(tries, ACCOUNT, now + timedelta(seconds=30)).failures == 6


@pytest.mark.req("IDN-11")
def test_after_a_hundred_failures_in_a_row_waiting_does_not_help():
    tries, now = failed(100, ACCOUNT)

    assert is_capped(tries, ACCOUNT)
    with pytest.raises(MustWait, match="no_more_tries"):
        reserve(tries, ACCOUNT, now + timedelta(days=365))


@pytest.mark.req("IDN-11")
def test_the_owner_at_a_known_device_waits_a_quarter_of_an_hour_at_most():
    tries, now = failed(99, KNOWN_DEVICE)

    assert tries.blocked_until - now == timedelta(minutes=15)


@pytest.mark.req("IDN-11")
def test_failures_of_an_address_are_forgotten_after_an_hour_without_any():
    tries, now = failed(31, ADDRESS)
    assert tries.blocked_until == now + timedelta(seconds=30)

    assert reserve(tries, ADDRESS, now + timedelta(hours=1)).failures == 1


@pytest.mark.req("IDN-11")
def test_a_success_takes_back_its_own_counts_only():
    tries, _ = failed(31, ADDRESS)

    assert take_back(tries) == Tries(failures=30, last_at=tries.last_at)
    assert take_back(tries, counted=5) == Tries(failures=26, last_at=tries.last_at)
    assert take_back(Tries(failures=1), counted=2).failures == 0


@pytest.mark.req("IDN-11", "IDN-04")
def test_twenty_wrong_codes_close_the_account():
    tries, now = failed(20, CODES)

    assert is_capped(tries, CODES)
    with pytest.raises(MustWait):
        reserve(tries, CODES, now + timedelta(days=1))
