"""Synthetic Norwegian identity numbers: made and checked here on their own, apart from the suite's own rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

# Skatteetaten marks synthetic numbers by adding 80 to the month; D-numbers add 40 to the day.
SYNTHETIC, D_NUMBER = 80, 40
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_LENGTH, _ELEVEN = 11, 11
_H_MONTHS = range(41, 53)
# Which hundreds of the three individual digits belong to which birth years.
_SERIES = (
    (range(1854, 1900), range(749, 499, -1)),
    (range(1900, 1940), range(499, -1, -1)),
    (range(1940, 2000), (*range(499, -1, -1), *range(999, 899, -1))),
    (range(2000, 2040), range(999, 499, -1)),
)


def is_valid(number: str) -> bool:
    """Tell whether it is a fødselsnummer or D-number with right check digits, by the old rule or that of 2032."""
    if len(number) != _LENGTH or not (number.isascii() and number.isdigit()) or not _has_date(number):
        return False
    first = (_weighted(number[:9], _FIRST) + int(number[9])) % _ELEVEN
    second = (_weighted(number[:10], _SECOND) + int(number[10])) % _ELEVEN
    return first <= 3 and second == 0  # noqa: PLR2004 - the remainders allowed from 2032


def is_synthetic(number: str) -> bool:
    """Tell whether the month carries the mark of synthetic numbers."""
    return int(number[2:4]) > SYNTHETIC


def is_d_number(number: str) -> bool:
    """Tell whether the day carries the mark of D-numbers."""
    return int(number[0]) >= 4  # noqa: PLR2004 - days have a first digit up to 3


def candidates(birth_on: date, *, is_male: bool, is_d: bool = False, remainder: int = 0) -> Iterator[str]:
    """Give all numbers of this birth date and sex; `remainder` 1 to 3 gives numbers of the 2032 kind only."""
    day = birth_on.day + (D_NUMBER if is_d else 0)
    stem = f"{day:02}{birth_on.month + SYNTHETIC:02}{birth_on.year % 100:02}"
    for individual in next(series for years, series in _SERIES if birth_on.year in years):
        if individual % 2 != is_male:
            continue
        nine = f"{stem}{individual:03}"
        first = (remainder - _weighted(nine, _FIRST)) % _ELEVEN
        second = -_weighted(f"{nine}{first % 10}", _SECOND) % _ELEVEN
        if first < 10 and second < 10:  # noqa: PLR2004 - a check digit is one digit
            yield f"{nine}{first}{second}"


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _has_date(number: str) -> bool:
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    if month in _H_MONTHS:
        return False
    month -= SYNTHETIC if month > SYNTHETIC else 0
    day -= D_NUMBER if day > D_NUMBER else 0
    for century in (1800, 1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False
