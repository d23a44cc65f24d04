"""Kontakt- og reservasjonsregisteret, version 2 of its REST interface."""

from __future__ import annotations

import base64
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from deploy.standins.callers import require_scope
from deploy.standins.clients import CONTACT, MAILBOX
from deploy.standins.contact_facts import ContactFacts, contact_facts
from deploy.standins.numbers import is_valid
from deploy.standins.parts import parts
from deploy.standins.persons import StandinPerson
from deploy.standins.refusals import Refused, as_problem
from shared.scheduling.clock import today

krr = Blueprint("krr", __name__, url_prefix="/krr")
krr.register_error_handler(Refused, as_problem)
_MOST = 1000
_MAILBOX_PROVIDER = "984661185"


@krr.post("/rest/v2/personer")
def persons() -> ResponseReturnValue:
    """Tell how up to a thousand persons can be reached, as far as the token's scopes go."""
    scopes = require_scope(CONTACT, MAILBOX, issuers=("maskinporten",))
    if not request.is_json:
        raise Refused(415, "content_type", "the body must be application/json")
    body = request.get_json(silent=True)
    numbers = body.get("personidentifikatorer") if isinstance(body, dict) else None
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= _MOST:
        raise Refused(400, "bad_request", f"personidentifikatorer must be a list of 1 to {_MOST}")
    if not all(isinstance(number, str) and is_valid(number) for number in numbers):
        raise Refused(
            400, "invalid_number", "personidentifikatorer holds something that is no fødselsnummer or D-number"
        )
    return jsonify(personer=[_told(number, scopes) for number in numbers])


def _told(number: str, scopes: frozenset[str]) -> dict[str, Any]:
    person = parts().people.by_number(number)
    told: dict[str, Any] = {"personidentifikator": number, "reservasjon": "NEI"}
    facts = contact_facts(person, today(parts().clock)) if person else None
    if person is None or facts is None or facts.status == "IKKE_REGISTRERT":
        return {**told, "status": "IKKE_REGISTRERT", "varslingsstatus": "KAN_IKKE_VARSLES"}
    told |= {"reservasjon": "JA" if facts.is_reserved else "NEI", "status": facts.status}
    told["varslingsstatus"] = "KAN_VARSLES" if facts.may_be_notified else "KAN_IKKE_VARSLES"
    if facts.is_reserved:
        told["reservasjonstidspunkt"] = told["reservasjon_oppdatert"] = _short(facts.confirmed_on)
    if CONTACT in scopes:
        told |= _contact(facts)
    if MAILBOX in scopes and facts.mailbox:
        told |= _mailbox(person, facts.mailbox)
    return told


def _contact(facts: ContactFacts) -> dict[str, Any]:
    told: dict[str, Any] = {"spraak": facts.language, "spraak_oppdatert": _long(facts.confirmed_on)}
    information: dict[str, Any] = {}
    for name, value in (("epostadresse", facts.email), ("mobiltelefonnummer", facts.mobile)):
        if value:
            information |= {
                name: value,
                f"{name}_oppdatert": _short(facts.confirmed_on),
                f"{name}_sist_verifisert": _long(facts.confirmed_on),
            }
    return {**told, "kontaktinformasjon": information} if information else told


def _mailbox(person: StandinPerson, address: str) -> dict[str, Any]:
    return {
        "digital_post": {"postkasseadresse": address, "postkasseleverandoeradresse": _MAILBOX_PROVIDER},
        "sertifikat": base64.b64encode(person.id.encode()).decode(),
    }


# The real register writes moments in two ways, one with an offset of hours only; readers must take both.
def _short(day: str | None) -> str:
    return f"{day}T10:14:52+02"


def _long(day: str | None) -> str:
    return f"{day}T08:14:52.123Z"
