"""What clinicians write to each other about a form: it never leaves the unit and never says who somebody is."""

from __future__ import annotations

import re
from datetime import date

from services.registration.domain.errors import RuleBroken
from services.registration.domain.national_id import read_national_id

LONGEST = 2000
# Eleven digits, also as they are written by hand: 010190 12345, 01.01.90-12345.
_NUMBER = re.compile(r"(?<!\d)\d{2}[. ]?\d{2}[. ]?\d{2}[-. ]?\d{3}[ ]?\d{2}(?!\d)", re.ASCII)


def checked_comment(text: str, *, today: date) -> str:
    """The comment as it is kept; raises RuleBroken for one that is too long or holds an identity number."""
    kept = text.replace("\r\n", "\n").strip()
    if len(kept) > LONGEST:
        raise RuleBroken("comment_too_long", most=LONGEST)
    if any(_is_identity(found, today) for found in _NUMBER.findall(kept)):
        raise RuleBroken("comment_has_number")
    return kept


def _is_identity(found: str, today: date) -> bool:
    number = re.sub(r"\D", "", found)
    try:
        read_national_id(number, accept_synthetic=True, today=today)
    except RuleBroken:
        return False
    return True
