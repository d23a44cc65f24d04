"""Identity numbers, with the tax administration's public test numbers."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.errors import RuleBroken
from services.registration.domain.national_id import NumberKind, read_national_id

TODAY = date(2026, 11, 21)


def read(text, *, accept_synthetic=True, today=TODAY):
    return read_national_id(text, accept_synthetic=accept_synthetic, today=today)


@pytest.mark.req("REG-01")
@pytest.mark.parametrize(
    ("number", "kind", "synthetic"),
    [
        ("30108299939", NumberKind.NATIONAL, False),  # 2032 rule: first check leaves 1
        ("30908299902", NumberKind.NATIONAL, True),  # 2032 rule: first check leaves 2
        ("20036914700", NumberKind.NATIONAL, False),
        ("03851598730", NumberKind.NATIONAL, True),
        ("29020073150", NumberKind.NATIONAL, False),  # leap day
        ("55102499947", NumberKind.D_NUMBER, False),
        ("41819077906", NumberKind.D_NUMBER, True),
        ("70019950032", NumberKind.D_NUMBER, False),
    ],
)
def test_a_valid_number_is_read(number, kind, synthetic):
    checked = read(number)

    assert (checked.kind, checked.is_synthetic) == (kind, synthetic)


@pytest.mark.req("REG-01")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("20036914712", "number_check_digits_wrong"),
        ("29020105729", "number_has_no_such_date"),
        ("2003691470", "number_not_eleven_digits"),
        ("2003691470x", "number_not_eleven_digits"),
        ("\u0662\u06600369147\u0660\u0660", "number_not_eleven_digits"),
        ("", "number_not_eleven_digits"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(number, code):
    with pytest.raises(RuleBroken, match=code):
        read(number)


@pytest.mark.req("REG-01")
def test_a_synthetic_number_is_refused_where_real_persons_are_registered():
    with pytest.raises(RuleBroken, match="number_is_synthetic"):
        read("03851598730", accept_synthetic=False)


def test_the_birth_date_follows_the_series():
    assert read("20036914700").birth_on == date(1969, 3, 20)
    assert read("03851598730").birth_on == date(2015, 5, 3)
    assert read("29020073150").birth_on == date(2000, 2, 29)


def test_blanks_in_the_number_are_forgiven():
    assert read(" 200369 14700 ").number == "20036914700"


def test_a_help_number_tells_no_birth_date():
    number = "80000000"
    valid = next(n for k in range(1000) if (n := f"{number}{k:03d}") and _passes(n))

    assert read(valid).kind is NumberKind.FH_NUMBER
    assert read(valid).birth_on is None


def _passes(number):
    try:
        read(number)
    except RuleBroken:
        return False
    return True
