"""One-time codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.codes import (
    Attempt,
    Purpose,
    check_allowance,
    done,
    new_code,
    typed_code,
    with_new_code,
    with_try,
)
from services.identity.domain.errors import RuleBroken

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FRESH = with_new_code(Attempt(purpose=Purpose.LOG_IN, begun_at=NOW), NOW)


@pytest.mark.req("IDN-04")
def test_codes_are_six_digits_and_spread():
    codes = {new_code() for _ in range(2000)}

    assert all(len(code) == 6 and code.isascii() and code.isdecimal() for code in codes)
    assert len(codes) > 1950
    assert any(code.startswith("0") for code in codes)


@pytest.mark.req("IDN-04")
def test_blanks_in_a_typed_code_do_not_matter():
    assert typed_code(" 123 456\n") == "123456"


@pytest.mark.req("IDN-04")
def test_a_code_lives_five_minutes():
    assert with_try(FRESH, NOW + 5 * MINUTE - timedelta(seconds=1)).tries == 1
    with pytest.raises(RuleBroken, match="code_expired"):
        with_try(FRESH, NOW + 5 * MINUTE)


@pytest.mark.req("IDN-04")
def test_five_tries_and_a_new_code_does_not_give_more():
    attempt = FRESH
    for number in range(5):
        attempt = with_try(attempt, NOW)
        if number == 2:
            attempt = with_new_code(attempt, NOW)

    with pytest.raises(RuleBroken, match="too_many_wrong_codes"):
        with_try(attempt, NOW)
    with pytest.raises(RuleBroken, match="too_many_wrong_codes"):
        with_new_code(attempt, NOW)


@pytest.mark.req("IDN-04")
def test_a_code_works_once():
    used = done(with_try(FRESH, NOW), NOW)

    with pytest.raises(RuleBroken, match="code_expired"):
        done(used, NOW)
    with pytest.raises(RuleBroken, match="log_in_over"):
        with_try(used, NOW)


@pytest.mark.req("IDN-04")
def test_an_attempt_is_over_after_half_an_hour():
    with pytest.raises(RuleBroken, match="log_in_over"):
        with_new_code(FRESH, NOW + 30 * MINUTE)


@pytest.mark.req("IDN-04", "IDN-11")
def test_at_most_five_codes_an_hour_and_twenty_a_day():
    check_allowance([NOW - 10 * MINUTE] * 4 + [NOW - HOUR], NOW)
    check_allowance([NOW - 2 * HOUR] * 19 + [NOW - timedelta(days=1)], NOW)

    for sent in ([NOW - 59 * MINUTE] * 5, [NOW - 23 * HOUR] * 20):
        with pytest.raises(RuleBroken, match="too_many_codes"):
            check_allowance(sent, NOW)
