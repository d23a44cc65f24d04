"""Codes, refresh tokens and signing keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.signing_keys import KeyAge, is_next_due, next_signs_from, shown, signing
from services.identity.domain.tokens import (
    Refresh,
    TokenStolen,
    check_code,
    check_fields,
    check_refresh,
    new_token,
    read_max_age,
    token_hash,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.req("IDN-09")
def test_tokens_are_long_random_and_kept_as_hashes():
    token = new_token()

    assert len(token) >= 43
    assert token not in token_hash(token)
    assert len({new_token() for _ in range(100)}) == 100


@pytest.mark.req("IDN-09")
def test_a_code_is_good_once_and_for_a_minute():
    check_code(is_used=False, expires_at=NOW + SECOND, now=NOW)
    with pytest.raises(RuleBroken, match="code_expired"):
        check_code(is_used=False, expires_at=NOW, now=NOW)
    with pytest.raises(TokenStolen):
        check_code(is_used=True, expires_at=NOW + SECOND, now=NOW)


@pytest.mark.req("IDN-09")
def test_a_refresh_token_used_twice_is_stolen():
    check_refresh(Refresh(expires_at=NOW + HOUR), NOW)
    with pytest.raises(TokenStolen):
        check_refresh(Refresh(expires_at=NOW + HOUR, is_used=True), NOW)
    for over in (Refresh(expires_at=NOW), Refresh(expires_at=NOW + HOUR, is_revoked=True)):
        with pytest.raises(RuleBroken, match="token_expired"):
            check_refresh(over, NOW)


@pytest.mark.req("IDN-09")
def test_max_age_is_a_number_of_seconds():
    assert (read_max_age(None), read_max_age("0"), read_max_age("300")) == (None, timedelta(0), 300 * SECOND)
    for odd in ("-1", "1.5", "x", "²", "9" * 30, "1e3"):
        with pytest.raises(RuleBroken, match="max_age"):
            read_max_age(odd)


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("values", [["a", "b"], ['a"b'], ["a\\b"], ["a\nb"], ["æ"], ["x" * 2001], ["\x00"]])
def test_fields_no_client_sends_are_refused(values):
    check_fields({"state": ["abc-._~!*'() 123"]})
    with pytest.raises(RuleBroken, match="invalid_request"):
        check_fields({"state": values})


@pytest.mark.req("IDN-09")
def test_a_key_is_shown_before_it_signs_and_after():
    old, new = KeyAge(key_id="a", signs_from=NOW - 30 * DAY), KeyAge(key_id="b", signs_from=NOW + HOUR)

    assert signing([old, new], NOW) == old
    assert shown([new, old], NOW) == [old, new]
    assert signing([old, new], NOW + HOUR) == new
    assert shown([old, new], NOW + HOUR + DAY - SECOND) == [old, new]
    assert shown([old, new], NOW + HOUR + DAY) == [new]


@pytest.mark.req("IDN-09")
def test_the_next_key_is_made_before_the_last_has_signed_for_a_month():
    key = KeyAge(key_id="a", signs_from=NOW)

    assert is_next_due([], NOW)
    assert next_signs_from([], NOW) == NOW
    assert not is_next_due([key], NOW + 30 * DAY - HOUR - SECOND)
    assert is_next_due([key], NOW + 30 * DAY - HOUR)
    assert next_signs_from([key], NOW) == NOW + HOUR
    assert signing([key], NOW - DAY) == key
