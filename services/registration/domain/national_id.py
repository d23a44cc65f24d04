"""Norwegian identity numbers: kinds, check digits (also the 2032 rule), birth date where the number tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.registration.domain.errors import RuleBroken

_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# Numbers issued from 2032 may leave 1, 2 or 3 after division by 11 in the first check; the second check is unchanged.
_FIRST_REMAINDERS = frozenset({0, 1, 2, 3})
_LENGTH = 11
_SYNTHETIC_MONTHS, _H_MONTHS, _D_DAYS = 80, 40, 40


class NumberKind(StrEnum):
    """What sort of number it is."""

    NATIONAL = "national"  # fødselsnummer
    D_NUMBER = "d_number"
    H_NUMBER = "h_number"
    FH_NUMBER = "fh_number"
    OTHER = "other"  # foreign: "Annet"


# The population register knows none of these.
UNREGISTERED = frozenset({NumberKind.H_NUMBER, NumberKind.FH_NUMBER, NumberKind.OTHER})


@dataclass(frozen=True)
class NationalId:
    """A checked number. `birth_on` is None where the number does not carry it."""

    number: str
    kind: NumberKind
    is_synthetic: bool
    birth_on: date | None


def read_national_id(text: str, *, accept_synthetic: bool, today: date) -> NationalId:
    """The number in `text` (blanks allowed), checked; raises RuleBroken with the reason."""
    number = "".join(text.split())
    if not number.isascii() or not number.isdigit() or len(number) != _LENGTH:
        raise RuleBroken("number_not_eleven_digits")
    if not _has_valid_check_digits(number):
        raise RuleBroken("number_check_digits_wrong")
    if number[0] in "89":
        return NationalId(number, NumberKind.FH_NUMBER, is_synthetic=False, birth_on=None)
    checked = _dated(number, today)
    if checked.is_synthetic and not accept_synthetic:
        raise RuleBroken("number_is_synthetic")
    return checked


def _has_valid_check_digits(number: str) -> bool:
    digits = [int(sign) for sign in number]
    first = sum(w * d for w, d in zip(_WEIGHTS_1, digits, strict=False)) % 11
    second = sum(w * d for w, d in zip(_WEIGHTS_2, digits, strict=True)) % 11
    return first in _FIRST_REMAINDERS and second == 0


def _dated(number: str, today: date) -> NationalId:
    day, month = int(number[:2]), int(number[2:4])
    kind, synthetic = NumberKind.NATIONAL, month > _SYNTHETIC_MONTHS
    if synthetic:
        month -= _SYNTHETIC_MONTHS
    elif month > _H_MONTHS:
        kind, month = NumberKind.H_NUMBER, month - _H_MONTHS
    if day > _D_DAYS:
        kind, day = NumberKind.D_NUMBER, day - _D_DAYS
    birth_on = _birth_date(day, month, int(number[4:6]), int(number[6:9]), today)
    return NationalId(number, kind, synthetic, birth_on)


def _birth_date(day: int, month: int, short_year: int, individual: int, today: date) -> date:
    """The latest date not in the future that fits; the century is the number's, or 20xx for series freed in 2032."""
    for century in _centuries(short_year, individual):
        try:
            born_on = date(century + short_year, month, day)
        except ValueError:
            continue
        if born_on <= today:
            return born_on
    raise RuleBroken("number_has_no_such_date")


def _centuries(short_year: int, individual: int) -> tuple[int, ...]:
    if individual < 500:  # noqa: PLR2004 - the series of 1900-1999
        return (1900, 2000)
    if individual < 750 and short_year >= 54:  # noqa: PLR2004 - the series of 1854-1899
        return (1800, 1900)
    if individual >= 900 and short_year >= 40:  # noqa: PLR2004 - the series of 1940-1999
        return (1900,)
    return (2000, 1900)
