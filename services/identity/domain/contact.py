"""How a person is reached: mobile number and e-mail, checked and written in one way."""

from __future__ import annotations

import re

import phonenumbers

_LONGEST_EMAIL = 254
# One @, no blanks, a dot in the domain: enough to catch slips; whether it works shows when it is used.
_EMAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,63}")
_NORWAY = 47
_NORWEGIAN_MOBILE = re.compile(r"[49]\d{7}")
_MOBILE_KINDS = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})


def mobile_number(typed: str) -> str | None:
    """The number as +47 and digits; None if it is no mobile number. Without country code it is Norwegian."""
    try:
        number = phonenumbers.parse(typed, "NO")
    except phonenumbers.NumberParseException:
        return None
    if not (_is_norwegian_mobile(number) or _is_foreign_mobile(number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_norwegian_mobile(number: phonenumbers.PhoneNumber) -> bool:
    # The library knows the series in use when it was made; all that begin with 4 or 9 are mobile, used or not yet.
    return number.country_code == _NORWAY and bool(_NORWEGIAN_MOBILE.fullmatch(str(number.national_number)))


def _is_foreign_mobile(number: phonenumbers.PhoneNumber) -> bool:
    is_valid = number.country_code != _NORWAY and phonenumbers.is_valid_number(number)
    return is_valid and phonenumbers.number_type(number) in _MOBILE_KINDS


def email_address(typed: str) -> str | None:
    """The address with a small-letter domain; None if it cannot be one."""
    address = typed.strip()
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        return None
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


def grouped_mobile(number: str) -> str:
    """The number as people read it to each other: in groups, on one line; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    grouped = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    if _is_norwegian_mobile(parsed):  # some series the library groups like landlines
        grouped = f"{number[:3]} {number[3:6]} {number[6:8]} {number[8:]}"
    return grouped.replace(" ", "\N{NO-BREAK SPACE}")


def shortened_mobile(number: str) -> str:
    """The number as it may be shown to somebody who has not finished the log-in: the last two digits, on one line."""
    return f"•••\N{NO-BREAK SPACE}••\N{NO-BREAK SPACE}•{number[-2:]}"
