"""People of whom nobody knows anything when the suite begins: neither the registry nor another journey."""

from __future__ import annotations

from datetime import date

from deploy.demo.plan import planned_persons
from deploy.demo.reservation import planned_cases
from deploy.standins.persons import Part, Protection, StandinPerson
from shared.scheduling.clock import SystemClock, today
from tests.deploy.visitor import Visitor

ADULT_YEARS = 19


def strangers(walker):
    """Grown-up patients whom the demo neither registers nor lets opt out, in the order of the population."""
    people = Visitor(walker.url).get("/standins/people.json").json()["people"]
    people, day = [StandinPerson.from_json(body) for body in people], today(SystemClock())
    taken = {person.id for person in planned_persons(people, day)}
    taken |= {case.person.id for case in planned_cases(people, day)}
    return [person for person in people if person.id not in taken and _is_plain(person, day)]


def _is_plain(person, day):
    """Alive, a patient, grown up, with an open address, and no named person of a browser's journey."""
    is_patient = person.part is Part.PATIENT and person.died_on is None and not person.note
    is_adult = date.fromisoformat(person.birth_on).year <= day.year - ADULT_YEARS
    return is_patient and is_adult and person.protection is Protection.UNCLASSIFIED
