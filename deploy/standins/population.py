"""NHN Persontjenesten, api-version 2: look-ups by number in the body, never in the address, and the event feed."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from deploy.standins.callers import require_scope
from deploy.standins.clients import POPULATION
from deploy.standins.contact_facts import contact_facts
from deploy.standins.numbers import is_valid
from deploy.standins.parts import parts
from deploy.standins.people import Change
from deploy.standins.persons import StandinPerson
from deploy.standins.population_document import known_parts, person_document
from deploy.standins.refusals import Refused, as_problem
from shared.scheduling.clock import today

population = Blueprint("population", __name__, url_prefix="/population/api/legal-basis")
population.register_error_handler(Refused, as_problem)
_MOST_PERSONS, _MOST_EVENTS = 100, 1000
_FORM = "application/x-www-form-urlencoded"


@population.before_request
def check_caller() -> None:
    """Every request needs a token with the scope and names the version."""
    require_scope(POPULATION, issuers=("helseid", "maskinporten"))
    if request.headers.get("api-version") != "2":
        raise Refused(400, "api_version", "header api-version: 2 is needed")
    if request.method == "POST" and request.mimetype != _FORM:
        raise Refused(415, "content_type", f"the body must be {_FORM}")


@population.post("/person/get-by-nin")
def by_number() -> ResponseReturnValue:
    """Tell of one person."""
    person = parts().people.by_number(_checked(request.form.get("nin", "")))
    if person is None:
        raise Refused(404, "not_found", "nobody has this number")
    return jsonify(_told(person))


@population.post("/person/bulk-by-nin")
def by_numbers() -> ResponseReturnValue:
    """Tell of up to a hundred persons; unknown numbers are left out."""
    numbers = [_checked(number) for number in _some(request.form.getlist("nins"))]
    found = [parts().people.by_number(number) for number in numbers]
    return jsonify([_told(person) for person in found if person])


@population.post("/person/bulk-by-id")
def by_ids() -> ResponseReturnValue:
    """Tell of up to a hundred persons by the service's own ids; unknown ids are left out."""
    found = [parts().people.by_id(person_id) for person_id in _some(request.form.getlist("personIds"))]
    return jsonify([_told(person) for person in found if person])


@population.get("/person/<person_id>")
def by_id(person_id: str) -> ResponseReturnValue:
    """Tell of one person by the service's own id."""
    if person_id.isdigit():
        raise Refused(400, "number_in_address", "a national number must not stand in an address")
    person = parts().people.by_id(person_id)
    if person is None:
        raise Refused(404, "not_found", "nobody has this id")
    return jsonify(_told(person))


@population.get("/event")
def events() -> ResponseReturnValue:
    """Give up to a thousand events, beginning with the number asked for."""
    first = request.args.get("sequenceNumber", "0")
    kinds = [kind for value in request.args.getlist("eventTypes") for kind in value.split(",") if kind]
    if not first.isdigit() or not set(kinds) <= {change.value for change in Change}:
        raise Refused(400, "bad_request", "sequenceNumber is a number and eventTypes are known")
    with parts().store.reading() as transaction:
        rows = transaction.all(
            "SELECT * FROM population_event WHERE sequence >= ? ORDER BY sequence LIMIT ?", int(first), _MOST_EVENTS
        )
    shown = [_event(dict(row)) for row in rows if not kinds or row["event_type"] in kinds]
    return jsonify(results=shown, startIndex=0, endIndex=max(0, len(shown) - 1))


@population.get("/event/latest")
def latest_event() -> ResponseReturnValue:
    """Give the newest event."""
    with parts().store.reading() as transaction:
        row = transaction.one("SELECT * FROM population_event ORDER BY sequence DESC LIMIT 1")
    if row is None:
        raise Refused(404, "not_found", "there is no event yet")
    return jsonify(_event(dict(row)))


def _event(row: dict[str, object]) -> dict[str, object]:
    return {"sequenceNumber": str(row["sequence"]), "personId": row["person_id"], "eventType": row["event_type"]}


def _told(person: StandinPerson) -> dict[str, object]:
    asked = [part for value in request.args.getlist("informationParts") for part in value.split(",") if part]
    if not asked or not set(asked) <= known_parts():
        raise Refused(400, "information_parts", "informationParts is needed and names known parts")
    return person_document(
        person,
        contact_facts(person, today(parts().clock)),
        asked,
        parts().people.latest_event(),
        with_history=request.args.get("includeHistory") == "true",
    )


def _checked(number: str) -> str:
    if not is_valid(number):
        raise Refused(400, "invalid_number", "nin is no fødselsnummer or D-number")
    return number


def _some(values: list[str]) -> list[str]:
    if not 1 <= len(values) <= _MOST_PERSONS:
        raise Refused(400, "amount", f"between 1 and {_MOST_PERSONS} at a time")
    return values
