"""Where a letter to a person goes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.registration.domain.person import PROTECTED, PersonFacts

# A postcode is a text: many begin with 0. Some places have one and no street.
_ADDRESS = re.compile(r"(?:(?P<line>.+), )?(?P<postcode>\d{4}) (?P<city>\S.*)")


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """A Norwegian address with the name above it; `line` is the street, or empty."""

    name: str
    line: str
    postcode: str
    city: str

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "PostalAddress(...)"


def postal_address(facts: PersonFacts) -> PostalAddress | None:
    """Where the person can be written to; None when the address is protected, unknown or not a Norwegian one."""
    found = _ADDRESS.fullmatch(facts.address)
    if found is None or facts.protection in PROTECTED:
        return None
    return PostalAddress(name=facts.name, line=found["line"] or "", postcode=found["postcode"], city=found["city"])
