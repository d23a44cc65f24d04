"""Rules of second factors: the standard's own codes, what a log-in says of itself, recovery codes as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.app_codes import app_address, is_used_up, new_secret, step_at, step_of
from services.identity.domain.errors import FormRefused
from services.identity.domain.factors import Method, after, alone, with_password
from services.identity.domain.passkeys import has_gone_back, read_name
from services.identity.domain.recovery_codes import RecoveryCode, new_codes, read_code

pytestmark = pytest.mark.req("IDN-13")
# The secret "12345678901234567890" of RFC 6238, whose table has eight digits; an app shows the last six.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
TABLE = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


def at(seconds):
    return datetime.fromtimestamp(seconds, tz=UTC)


@pytest.mark.parametrize(("seconds", "code"), TABLE.items())
def test_codes_are_those_of_the_standard(seconds, code):
    assert step_of(SECRET, code, at(seconds)) == seconds // 30
    assert step_of(SECRET, code, at(seconds) + timedelta(seconds=90)) is None


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "２８７０８２", "287o82", "x" * 5000])
def test_what_is_no_code_is_wrong(typed):
    assert step_of(SECRET, typed, at(59)) is None


def test_a_step_is_used_up_with_all_before_it():
    now = step_at(at(59))
    assert [is_used_up(now, last) for last in (None, now - 1, now, now + 1)] == [False, False, True, True]


def test_secrets_differ_and_the_address_names_account_and_issuer():
    assert len({new_secret() for _ in range(200)}) == 200
    address = app_address(SECRET, account="kari å", issuer="SmerteReg-suiten")
    assert address.startswith("otpauth://totp/SmerteReg-suiten:kari%20%C3%A5?secret=GEZ")
    assert "issuer=SmerteReg-suiten" in address


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (with_password(Method.SMS), ("pwd", "sms", "mfa")),
        (with_password(Method.APP), ("pwd", "otp", "mfa")),
        (with_password(Method.RECOVERY), ("pwd", "otp", "mfa")),
        (with_password(Method.PASSKEY), ("pwd", "pop", "user", "mfa")),
        (alone(), ("pop", "user", "mfa")),
        (after(alone(), Method.SMS), ("pop", "user", "sms", "mfa")),
        (after(with_password(Method.SMS), Method.SMS), ("pwd", "sms", "mfa")),
    ],
)
def test_a_log_in_says_what_was_used_in_words_of_the_standard(said, words):
    assert said == words


def test_recovery_codes_are_ten_and_read_however_they_are_typed():
    codes = new_codes()
    assert [code.number for code in codes] == list(range(10))
    assert len({code.secret for code in codes}) == 10
    for code in codes:
        assert read_code(code.shown) == read_code(f" {code.shown.lower().replace('-', ' ')} ") == code
        assert code.secret not in repr(code)
    assert read_code("7 abcde fghjk") == RecoveryCode(number=7, secret="ABCDEFGHJK")
    assert [read_code(typed) for typed in ("", "ABCDEFGHJKL", "3-ABCDE", "٣-ABCDE-FGHJK")] == [None] * 4


@pytest.mark.parametrize(
    ("new", "kept", "gone_back"),
    [(0, 0, False), (1, 0, False), (8, 7, False), (7, 7, True), (6, 7, True), (0, 7, True)],
)
def test_a_counter_goes_on_or_is_not_there(new, kept, gone_back):
    assert has_gone_back(new, kept) is gone_back


@pytest.mark.parametrize(("typed", "code"), [(" ", "required"), ("x" * 61, "passkey_name_too_long")])
def test_a_name_is_there_and_fits(typed, code):
    assert read_name("  Telefonen   min ") == "Telefonen min"
    with pytest.raises(FormRefused) as refused:
        read_name(typed)
    assert refused.value.errors == {"name": code}
