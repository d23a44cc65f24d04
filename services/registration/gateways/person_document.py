"""A person as the health sector's person service tells of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.registration.domain.national_id import NumberKind
from services.registration.domain.person import PROTECTED, PersonFacts, Sex

_KINDS = {"NationalIdentityNumber": NumberKind.NATIONAL, "DNumber": NumberKind.D_NUMBER}
_SEXES = {"Female": Sex.FEMALE, "Male": Sex.MALE}
_PROTECTIONS = {"Confidential": "confidential", "StrictlyConfidential": "strictly_confidential"}
_OPEN = "unclassified"
_PARENTS = frozenset({"Joint", "Mother", "Father", "CoMother"})
_DATE_SIGNS = 10


def number_in_use(body: Mapping[str, Any]) -> str:
    """The person's number; raises ValueError if there is none."""
    entries = _valid(body, "norwegianIdentificationNumber")
    ordered = sorted(entries, key=lambda entry: entry.get("status") != "InUse")
    if not ordered:
        raise ValueError("no number")
    return str(ordered[0]["identificationNumber"])


def read_person(body: Mapping[str, Any], asked: str) -> PersonFacts:
    """The person in an answer, without an address that is protected; raises KeyError or ValueError if it is none."""
    numbers = _valid(body, "norwegianIdentificationNumber")
    kept = next((entry for entry in numbers if entry["identificationNumber"] == asked), None)
    if kept is None:
        raise ValueError("the answer is about somebody else")
    facts = PersonFacts(
        number=asked,
        number_kind=_KINDS[kept["identificationNumberType"]],
        name=_name(_valid(body, "name")),
        birth_on=_birth(_valid(body, "birth")),
        sex=_SEXES.get(_first(body, "gender").get("gender", ""), Sex.UNKNOWN),
        municipality=_municipality(_first(body, "residentialAddress")),
        address=_address(_first(body, "residentialAddress")),
        died_on=_day((body.get("death") or {}).get("deceasedDate")),
        protection=_protection(body),
    )
    return facts.without_protected_address()


def responsible_for(body: Mapping[str, Any], child: str) -> list[str]:
    """The numbers of the parents who have parental responsibility; of others who have it no form is told."""
    entries = _valid(body, "parentalResponsibility")
    own = [entry for entry in entries if entry.get("subjectOfResponsibility") in (None, child)]
    return [str(one["responsible"]) for one in own if one.get("responsibilityType") in _PARENTS and one["responsible"]]


def is_alive(body: Mapping[str, Any]) -> bool:
    """Whether no death is registered."""
    return not (body.get("death") or {}).get("deceasedDate")


def is_protected(body: Mapping[str, Any]) -> bool:
    """Whether the address is."""
    return _protection(body) in PROTECTED


def _valid(body: Mapping[str, Any], part: str) -> Sequence[Mapping[str, Any]]:
    return [entry for entry in body.get(part) or () if entry.get("isValid") is not False]


def _first(body: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    return next(iter(_valid(body, part)), {})


def _name(entries: Sequence[Mapping[str, Any]]) -> str:
    entry = entries[0] if entries else {}
    parts = (entry.get("givenName"), entry.get("middleName"), entry.get("familyName"))
    return " ".join(part for part in parts if part)


def _birth(entries: Sequence[Mapping[str, Any]]) -> date | None:
    return _day(entries[0].get("birthDate")) if entries else None


def _day(stamp: str | None) -> date | None:
    """The date as written: the time of day and its zone mean nothing in this register."""
    return date.fromisoformat(stamp[:_DATE_SIGNS]) if stamp else None


def _protection(body: Mapping[str, Any]) -> str:
    """The strictest of what is said about the person and about the address."""
    said = [entry.get("protectionLevel") for entry in _valid(body, "addressProtection")]
    said += [entry.get("addressConfidentiality") for entry in _valid(body, "residentialAddress")]
    levels = {_PROTECTIONS.get(level or "", _OPEN) for level in said}
    return next((level for level in ("strictly_confidential", "confidential") if level in levels), _OPEN)


def _municipality(entry: Mapping[str, Any]) -> str:
    return str((entry.get("streetAddress") or {}).get("municipalityNumber") or "")


def _address(entry: Mapping[str, Any]) -> str:
    street = entry.get("streetAddress") or {}
    number, city = street.get("addressNumber") or {}, street.get("city") or {}
    house = f"{number.get('houseNumber') or ''}{number.get('houseLetter') or ''}"
    line = " ".join(part for part in (street.get("addressName"), house) if part)
    place = " ".join(part for part in (city.get("postalCode"), city.get("cityName")) if part)
    return ", ".join(part for part in (line, place) if part)
