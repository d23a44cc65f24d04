"""A person as the health sector's person service tells of one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from deploy.standins.contact_facts import ContactFacts
from deploy.standins.numbers import is_d_number
from deploy.standins.persons import Protection, StandinPerson

_SINGLE = frozenset({"Death", "CommonContactRegisterInformation", "FalseIdentity"})


def person_document(
    person: StandinPerson, contact: ContactFacts, asked: Iterable[str], sequence: int, *, with_history: bool
) -> dict[str, Any]:
    """Return the information parts that were asked for; raises KeyError for a part that does not exist."""
    document: dict[str, Any] = {"id": person.id, "sequenceNumber": sequence}
    for part in asked:
        made: Any = contact_block(contact) if part == "CommonContactRegisterInformation" else _PARTS[part](person)
        name = part[0].lower() + part[1:]
        if part in _SINGLE:
            document[name] = made
            continue
        document[name] = [entry for entry in made if with_history or entry["isValid"]]
    return document


def contact_block(contact: ContactFacts) -> dict[str, Any]:
    """Return what the contact register says, in the words of the person service."""
    block: dict[str, Any] = {
        "reservation": "Yes" if contact.is_reserved else "No",
        "status": {"AKTIV": "Active", "SLETTET": "Deleted", "IKKE_REGISTRERT": "NotRegistered"}[contact.status],
        "notificationStatus": "CanBeNotified" if contact.may_be_notified else "CanNotBeNotified",
        "language": contact.language,
        "contactInformation": None,
    }
    if contact.email or contact.mobile:
        block["contactInformation"] = {
            "email": contact.email,
            "emailLastUpdated": _moment(contact.confirmed_on) if contact.email else None,
            "emailLastVerified": _moment(contact.confirmed_on) if contact.email else None,
            "phoneNumber": contact.mobile,
            "phoneNumberLastUpdated": _moment(contact.confirmed_on) if contact.mobile else None,
            "phoneNumberLastVerified": _moment(contact.confirmed_on) if contact.mobile else None,
        }
    return block


def known_parts() -> frozenset[str]:
    """Return the names of the information parts that can be asked for."""
    return frozenset({*_PARTS, "CommonContactRegisterInformation"})


def _entry(values: Mapping[str, Any], since: str, *, until: str | None = None) -> dict[str, Any]:
    return {
        "registeredAt": f"{since}T09:12:44.11+01:00",
        "isValid": until is None,
        "source": "KILDE_DSF",
        "reason": None,
        "validFrom": f"{since}T00:00:00+01:00",
        "validTo": f"{until}T00:00:00+01:00" if until else None,
        **values,
    }


def _numbers(person: StandinPerson) -> list[dict[str, Any]]:
    kind = "DNumber" if is_d_number(person.number) else "NationalIdentityNumber"
    status = "InUse" if person.died_on is None else "Discontinued"
    values = {"identificationNumber": person.number, "identificationNumberType": kind, "status": status}
    return [_entry(values, person.birth_on)]


def _names(person: StandinPerson) -> list[dict[str, Any]]:
    since = person.birth_on
    entries = []
    for order, family in enumerate(person.earlier_names):
        until = (date.fromisoformat(since) + timedelta(days=30 * (order + 1))).isoformat()
        entries.append(_entry(_name(person, family), since, until=until))
        since = until
    return [*entries, _entry(_name(person, person.family_name), since)]


def _name(person: StandinPerson, family: str) -> dict[str, Any]:
    given = {"givenName": person.given_name, "middleName": person.middle_name, "familyName": family}
    return {**given, "shortName": f"{family} {person.given_name}".upper()[:24]}


def _genders(person: StandinPerson) -> list[dict[str, Any]]:
    return [_entry({"gender": "Male" if person.is_male else "Female"}, person.birth_on)]


def _births(person: StandinPerson) -> list[dict[str, Any]]:
    # The time of day means nothing and differs, as in the real service: whoever converts time zones gets it wrong.
    hour = hashlib.sha256(person.id.encode()).digest()[0] % 24
    values = {"birthDate": f"{person.birth_on}T{hour:02}:00:00+00:00", "birthYear": person.birth_on[:4]}
    return [_entry(values, person.birth_on)]


def _death(person: StandinPerson) -> dict[str, Any] | None:
    if person.died_on is None:
        return None
    return _entry({"deceasedDate": f"{person.died_on}T00:00:00+02:00"}, person.died_on)


def _statuses(person: StandinPerson) -> list[dict[str, Any]]:
    alive = "NotResident" if is_d_number(person.number) else "Resident"
    if person.died_on is None:
        return [_entry({"status": alive}, person.birth_on)]
    return [
        _entry({"status": alive}, person.birth_on, until=person.died_on),
        _entry({"status": "Deceased"}, person.died_on),
    ]


def _protections(person: StandinPerson) -> list[dict[str, Any]]:
    if person.protection is Protection.UNCLASSIFIED:
        return []
    return [_entry({"protectionLevel": person.protection.value}, person.birth_on)]


def _addresses(person: StandinPerson) -> list[dict[str, Any]]:
    if person.protection is Protection.STRICTLY_CONFIDENTIAL:
        return []
    municipality_number, municipality, county_number, county, postal_code, city = person.place
    digits = person.house.rstrip("ABCDEFGH")
    street = {
        "municipalityNumber": municipality_number,
        "municipalityName": municipality,
        "countyNumber": county_number,
        "countyName": county,
        "addressName": person.street,
        "addressNumber": {"houseNumber": digits, "houseLetter": person.house[len(digits) :] or None},
        "city": {"cityName": city.upper(), "postalCode": postal_code},
        "coAddressName": None,
    }
    values = {"addressConfidentiality": person.protection.value, "streetAddress": street, "cadastralAddress": None}
    return [_entry(values, person.birth_on)]


def _responsibility(person: StandinPerson) -> list[dict[str, Any]]:
    entries = []
    for kind, number, organisation, until in person.responsibility:
        values = {
            "responsibilityType": kind,
            "subjectOfResponsibility": None,  # named in the document of the one who has it only
            "responsible": number,
            "responsibleOrganization": organisation,
            "responsibleWithoutIdentifier": None,
        }
        entries.append(_entry(values, person.birth_on, until=until))
    return entries


def _nothing(_person: StandinPerson) -> list[dict[str, Any]]:
    return []


_PARTS: Mapping[str, Callable[[StandinPerson], Any]] = {
    "NorwegianIdentificationNumber": _numbers,
    "Name": _names,
    "Gender": _genders,
    "Birth": _births,
    "Death": _death,
    "Status": _statuses,
    "AddressProtection": _protections,
    "ResidentialAddress": _addresses,
    "PresentAddress": _nothing,
    "PostalAddress": _nothing,
    "ForeignPostalAddress": _nothing,
    "SharedResidence": _nothing,
    "GuardianshipOrFuturePowerOfAttorney": _nothing,
    "ParentalResponsibility": _responsibility,
    "FalseIdentity": lambda _person: None,
}


def _moment(day: str | None) -> str | None:
    return f"{day}T10:14:52Z" if day else None
