"""Registration's part of the demo: locations and wards, persons as the population register tells of them, courses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from deploy.demo.courses import Clerk
from deploy.demo.history import Desk
from deploy.demo.plan import STORIES, PlannedCourse, planned_courses, planned_persons
from deploy.demo.users import HOSPITALS, SHORT_NAMES
from deploy.standins.contact_facts import contact_facts
from deploy.standins.parts import build as build_standins
from deploy.standins.persons import StandinPerson
from deploy.standins.population_document import person_document
from deploy.standins.settings import StandinSettings
from services.registration.app import Parts, build
from services.registration.gateways.population import PARTS, read_person
from services.registration.settings import Settings
from services.registration.store.store import Store
from services.registration.store.tables import PlaceRow
from shared.forms.catalogue import registry as forms_of
from shared.scheduling.clock import today

_WARDS = ("Kirurgisk sengepost", "Ortopedisk sengepost", "Medisinsk sengepost", "Kreftavdelingen", "Intensiv")


def load_registration(env: Mapping[str, str]) -> None:
    """Fill both databases; with DEMO_SHARE=n, of the courses with patients nobody knows by name only every nth."""
    share = int(env.get("DEMO_SHARE", "1"))
    parts, outside = build(Settings.from_env(env)), build_standins(StandinSettings.from_env(env))
    day = today(parts.means.clock)
    persons = planned_persons(outside.people.all(), day)
    pids = {person.id: _keep(person, day, parts) for person in persons}
    with parts.means.uow() as store:
        places = _places(store)
        for story in STORIES:
            desk = Desk(forms_of(story.registry), places, day)
            clerk = Clerk(parts.means.registry(story.registry), desk, pids)
            plans = planned_courses(persons, day, story)
            _write(store, clerk, [plan for plan in plans if plan.person.note or plan.number % share == 0])


def _keep(person: StandinPerson, day: date, parts: Parts) -> int:
    document = person_document(person, contact_facts(person, day), PARTS, 0, with_history=False)
    return parts.means.persons.keep(read_person(document, person.number))


def _places(store: Store) -> dict[int, dict[str, Sequence[int]]]:
    """Add the places and return their ids by hospital, under the names that forms use for such lists."""
    rows = list(_place_rows())
    store.session.add_all(rows)
    store.session.flush()
    found: dict[int, dict[str, Sequence[int]]] = {}
    for organisation in HOSPITALS:
        own = [row for row in rows if row.organisation == organisation]
        found[organisation] = {
            f"{kind}s": [row.place_id for row in own if row.kind == kind] for kind in ("location", "ward")
        }
    return found


def _place_rows() -> Iterator[PlaceRow]:
    for organisation, name in HOSPITALS.items():
        yield PlaceRow(kind="location", organisation=organisation, name=name, short_name=SHORT_NAMES[organisation])
        for ward in _WARDS:
            yield PlaceRow(kind="ward", organisation=organisation, name=ward, short_name=ward[:22])


def _write(store: Store, clerk: Clerk, plans: Sequence[PlannedCourse]) -> None:
    written = {plan.number: list(clerk.desk.history(plan)) for plan in plans}
    rows = {plan.number: clerk.course(plan, written[plan.number]) for plan in plans}
    store.session.add_all(rows.values())
    store.session.flush()
    for plan in plans:
        row = rows[plan.number]
        store.session.add_all(clerk.forms(plan, row.course_id, written[plan.number]))
        store.session.add_all(clerk.flags(plan, row.course_id, written[plan.number]))
        for event in clerk.events(plan, row):
            store.emit(event)
    store.write_typed_again(list(rows.values()))
