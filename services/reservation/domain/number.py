"""A national number typed from a paper form: eleven digits whose check digits fit, so that a slip is seen."""

from __future__ import annotations

from services.reservation.domain.errors import RuleBroken

_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# Numbers issued from 2032 may leave 1, 2 or 3 in the first check; the second is unchanged.
_FIRST_REMAINDERS = frozenset({0, 1, 2, 3})
_LENGTH, _SYNTHETIC_MONTHS = 11, 80


def read_number(text: str, *, accept_synthetic: bool) -> str:
    """The number without blanks; raises RuleBroken with what is wrong."""
    number = "".join(text.split())
    if not number.isascii() or not number.isdigit() or len(number) != _LENGTH:
        raise RuleBroken("number_not_eleven_digits")
    digits = [int(sign) for sign in number]
    first = sum(w * d for w, d in zip(_WEIGHTS_1, digits, strict=False)) % 11
    second = sum(w * d for w, d in zip(_WEIGHTS_2, digits, strict=True)) % 11
    if first not in _FIRST_REMAINDERS or second:
        raise RuleBroken("number_check_digits_wrong")
    if int(number[2:4]) > _SYNTHETIC_MONTHS and not accept_synthetic:
        raise RuleBroken("number_is_synthetic")
    return number
