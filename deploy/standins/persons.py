"""Synthetic people, always the same for a seed: numbers, names, addresses and how each can be reached."""

from __future__ import annotations

import hashlib
import random
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple, Self

from deploy.standins import names
from deploy.standins.numbers import candidates

_AGE_SPAN_DAYS = range(18 * 366, 96 * 365)
_CHILD_SPAN_DAYS = range(8 * 365, 17 * 365)
OWN_AGE = 16  # from then on a person uses Helsenorge alone
_TOO_OLD_DAYS, _FRESH_DAYS = 600, 300  # on either side of 18 months


class Profile(StrEnum):
    """How a person can be reached."""

    HELSENORGE = "helsenorge"  # active on Helsenorge; e-mail and mobile too
    DIGIPOST = "digipost"  # a digital mailbox, not on Helsenorge; e-mail and mobile too
    EMAIL_SMS = "email_sms"
    MOBILE_ONLY = "mobile_only"
    EMAIL_ONLY = "email_only"
    NONE = "none"  # not in the contact register
    RESERVED = "reserved"  # against digital post from public bodies
    EXPIRED = "expired"  # contact data not confirmed for 18 months
    DELETED = "deleted"  # removed from the contact register


class Protection(StrEnum):
    """Level of address protection, in the words of the person service."""

    UNCLASSIFIED = "Unclassified"
    CONFIDENTIAL = "Confidential"
    STRICTLY_CONFIDENTIAL = "StrictlyConfidential"


class Part(StrEnum):
    """Which part the person plays in the demo; patients get the strict check of what is written to them."""

    PATIENT = "patient"
    APPLICANT = "applicant"


class Responsibility(NamedTuple):
    """Parental responsibility for a person: which kind, whose, and since which day no longer.

    The kinds are those of the person service: Joint, Mother, Father, CoMother, Other, Unknown. An organisation has it
    where no human being does.
    """

    kind: str
    number: str | None = None
    organisation: str | None = None
    until: str | None = None


@dataclass(frozen=True, kw_only=True)
class StandinPerson:
    """One invented person, as all stand-ins see them. Dates are ISO texts, so that it can be kept as JSON."""

    id: str
    number: str
    given_name: str
    family_name: str
    is_male: bool
    birth_on: str
    street: str
    house: str
    place: tuple[str, ...]
    profile: Profile
    language: str
    mobile: str
    email: str
    confirmed_on: str
    middle_name: str | None = None
    earlier_names: tuple[str, ...] = ()
    protection: Protection = Protection.UNCLASSIFIED
    died_on: str | None = None
    part: Part = Part.PATIENT
    note: str = ""
    responsibility: tuple[Responsibility, ...] = ()

    @property
    def name(self) -> str:
        """Given, middle and family name."""
        return " ".join(part for part in (self.given_name, self.middle_name, self.family_name) if part)

    @property
    def is_on_helsenorge(self) -> bool:
        """Tell whether Helsenorge may write to the person."""
        return self.profile is Profile.HELSENORGE and self.died_on is None

    @property
    def has_mailbox(self) -> bool:
        """Tell whether the person has a digital mailbox that takes post."""
        return self.profile is Profile.DIGIPOST and self.died_on is None

    def to_json(self) -> dict[str, Any]:
        """Return a document for the store."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        """Read what `to_json` made."""
        fixed = {
            "profile": Profile(body["profile"]),
            "protection": Protection(body["protection"]),
            "part": Part(body["part"]),
            "place": tuple(body["place"]),
            "earlier_names": tuple(body["earlier_names"]),
            "responsibility": tuple(Responsibility(*entry) for entry in body["responsibility"]),
        }
        return cls(**{**body, **fixed})


_PROFILES = (
    *[Profile.HELSENORGE] * 8,
    *[Profile.DIGIPOST] * 4,
    *[Profile.EMAIL_SMS] * 3,
    *[Profile.MOBILE_ONLY, Profile.EMAIL_ONLY, Profile.NONE, Profile.RESERVED, Profile.EXPIRED] * 1,
)
_LANGUAGES = (*["nb"] * 14, "nn", "nn", "nn", "en", "en", "se")


def random_persons(seed: int, count: int, today: date, *, taken: set[str]) -> list[StandinPerson]:
    """Make `count` people who do not use a number in `taken`; the same for the same seed and day."""
    source = random.Random(seed)  # noqa: S311 - the same people each time are the purpose
    used, made = set(taken), []
    for index in range(count):
        person = _random_person(source, index, today, used)
        used.add(person.number)
        made.append(person)
    return made


def age_on(person: StandinPerson, day: date) -> int:
    """Return the person's age in whole years."""
    born = date.fromisoformat(person.birth_on)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def person_id(number: str) -> str:
    """Return the person service's own id, which says nothing of the number."""
    return hashlib.sha256(f"standin person {number}".encode()).hexdigest()


def reachable(person: StandinPerson, order: int, today: date) -> StandinPerson:
    """Give the person a mobile number and an e-mail address of their own, confirmed lately or too long ago."""
    plain = unicodedata.normalize("NFKD", f"{person.given_name}.{person.family_name}".lower().replace("ø", "o"))
    local = "".join(sign for sign in plain.replace("æ", "ae") if sign.isascii() and (sign.isalnum() or sign == "."))
    age = _TOO_OLD_DAYS + order % 200 if person.profile is Profile.EXPIRED else order % _FRESH_DAYS
    return replace(
        person,
        mobile=f"+479{9000000 + order:07}",
        email=f"{local}{order}@epost.example",
        confirmed_on=(today - timedelta(days=age)).isoformat(),
    )


def _random_person(source: random.Random, index: int, today: date, used: set[str]) -> StandinPerson:
    is_male = source.random() < 0.5  # noqa: PLR2004 - half of them
    span = _CHILD_SPAN_DAYS if index % 40 == 13 else _AGE_SPAN_DAYS  # noqa: PLR2004 - a few children
    birth_on = today - timedelta(days=source.choice(span))
    language = source.choice(_LANGUAGES)
    place = names.PLACES[-5] if language == "se" else source.choice(names.PLACES)
    number = _free_number(source, index, birth_on, is_male=is_male, used=used)
    person = StandinPerson(
        id=person_id(number),
        number=number,
        given_name=_given_name(source, language, is_male=is_male),
        middle_name=_family_name(source) if source.random() < 0.15 else None,  # noqa: PLR2004 - some have one
        family_name=_family_name(source),
        is_male=is_male,
        birth_on=birth_on.isoformat(),
        street=source.choice(names.STREETS),
        house=f"{source.randint(1, 98)}{source.choice(['', '', '', 'A', 'B'])}",
        place=tuple(place),
        profile=_PROFILES[index % len(_PROFILES)],
        language=language,
        mobile="",
        email="",
        confirmed_on="",
        protection=_protection(index),
        died_on=(today - timedelta(days=source.randint(3, 900))).isoformat() if index % 61 == 7 else None,  # noqa: PLR2004
    )
    return reachable(person, index + 100, today)


def _free_number(source: random.Random, index: int, birth_on: date, *, is_male: bool, used: set[str]) -> str:
    remainder = 1 + index % 3 if index % 45 == 20 else 0  # noqa: PLR2004 - a few of the 2032 kind
    offered = candidates(birth_on, is_male=is_male, is_d=index % 25 == 11, remainder=remainder)  # noqa: PLR2004
    return source.choice(list(islice((number for number in offered if number not in used), 40)))


def _given_name(source: random.Random, language: str, *, is_male: bool) -> str:
    if language == "se":
        return source.choice(names.SAMI[4:] if is_male else names.SAMI[:4])
    return source.choice(names.MEN if is_male else names.WOMEN)


def _family_name(source: random.Random) -> str:
    return source.choice(names.FAMILY_BEGIN) + source.choice(names.FAMILY_END)


def _protection(index: int) -> Protection:
    if index % 50 == 9:  # noqa: PLR2004
        return Protection.CONFIDENTIAL
    return Protection.STRICTLY_CONFIDENTIAL if index % 50 == 34 else Protection.UNCLASSIFIED  # noqa: PLR2004
