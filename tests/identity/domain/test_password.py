"""Passwords."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.password import PasswordState, faults, first_password

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def found(password, *, user_name="kari.nordmann", is_common=False):
    return faults(password, user_name=user_name, is_common=is_common)


@pytest.mark.req("IDN-05")
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1!Ab1!Ab1", "password_too_short"),
        ("A1!" + "b" * 198, "password_too_long"),
        ("ABCDEFGHIJ1!", "password_needs_lower"),
        ("abcdefghij1!", "password_needs_upper"),
        ("Abcdefghijk!", "password_needs_digit"),
        ("Abcdefghijk1", "password_needs_sign"),
        ("xKARI.Nordmann9", "password_has_user_name"),
    ],
)
def test_each_rule_says_no_alone(password, code):
    assert found(password) == [code]


@pytest.mark.req("IDN-05")
@pytest.mark.parametrize("password", ["Vår 7 blå hester", "Ærfugl-på-1000-svaberg", "Gul§Potet§88x"])
def test_norwegian_letters_and_blanks_are_welcome(password):
    assert found(password) in ([], ["password_needs_sign"])
    assert found(password + "!") == []


@pytest.mark.req("IDN-05")
def test_a_common_password_is_refused():
    assert found("Sommer-2026-Sol", is_common=True) == ["password_too_common"]


@pytest.mark.req("IDN-03")
def test_first_passwords_keep_the_rules_and_are_all_different():
    passwords = {first_password() for _ in range(500)}

    assert len(passwords) == 500
    assert not [password for password in passwords if found(password)]
    assert not [sign for password in passwords for sign in password if sign in "0O1lIio"]


@pytest.mark.req("IDN-03")
def test_a_first_password_works_for_seven_days_and_once():
    first = PasswordState(is_first=True, set_at=NOW)

    assert first.works(NOW + timedelta(days=7, seconds=-1))
    assert not first.works(NOW + timedelta(days=7))
    assert not PasswordState(is_first=True, set_at=NOW, is_used=True).works(NOW)
    assert PasswordState(is_first=False, set_at=NOW, is_used=True).works(NOW + timedelta(days=4000))
