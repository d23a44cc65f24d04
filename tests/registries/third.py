"""A registry that nobody has programmed for, and one course in it; run inside a copy of the suite that has it.

    python -m tests.registries.third <folder for databases>

prints what registration stored and what eprom ordered, as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import yaml
from sqlalchemy import select

from services.eprom.handlers import HANDLERS
from services.eprom.store.tables import Base as EpromBase
from services.eprom.store.tables import OrderRow
from services.eprom.usecases.schedules import schedules
from services.identity.gateways.registry_data import load_registries as known_to_identity
from services.registration.gateways.registry import load_registries
from services.registration.store.tables import TYPED, Base, CourseRow
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.open_course import Desk, open_course
from services.registration.usecases.save_form import save_form
from services.release.gateways.registry_folders import load_catalog
from services.reservation.gateways.registry_folders import load_registries as known_to_reservation
from shared.auth.principal import Kind, Principal, Role
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.laid_tables import lay_tables
from tests.eprom.usecases.world import World as Eprom
from tests.registration.usecases.desk import LINE, World
from tests.registries.children import run as children

KEY = "footcare"
PLACE, BEGAN, ENDED = 100082, date(2026, 11, 2), "2026-11-18"
NURSE = Principal(kind=Kind.USER, subject="7", role=Role.LU, registry=KEY, organisation=PLACE)


def _text(words: str) -> dict[str, str]:
    return dict.fromkeys(("nb", "nn", "en"), words)


def _question(key: str, kind: str, **more: object) -> dict[str, object]:
    return {"key": key, "type": kind, "label": _text(key), "field": key.upper(), "name": key, "required": True, **more}


def _form(key: str, audience: str, *questions: dict[str, object]) -> dict[str, object]:
    section = {"key": "all", "title": _text(key), "questions": list(questions)}
    return {
        "form": key,
        "version": 1,
        "published_on": date(2026, 1, 1),
        "table": key,
        "audience": audience,
        "short": key,
        "title": _text(key),
        "sections": [section],
    }


FORMS = (
    _form("podiatry", "clinician", _question("began", "date"), _question("ended", "date")),
    _form("steps", "patient", _question("walks", "integer", limit={"min": 0, "max": 99})),
    _form("later", "patient", _question("walks", "integer", limit={"min": 0, "max": 99})),
)
RULES = {
    "key": KEY,
    "names": _text("Fotregisteret"),
    "short_name": "FootReg",
    "controller": "Eksempel HF",
    "legal_basis": [{"basis": "reservation"}],
    "course_types": {3: {"when": "always", "label": _text("alle"), "forms": ["podiatry", "steps", "later"]}},
    "forms": {"clinician": ["podiatry"], "patient": ["steps", "later"]},
    "course": {
        "started_on": {"form": "podiatry", "question": "began"},
        "ended_on": {"form": "podiatry", "question": "ended"},
    },
    "messages": {
        "dispatch": {"at": "09:00", "zone": "Europe/Oslo"},
        "orders": [
            {"form": "steps", "on": "course_opened", "days_after": 0},
            {"form": "later", "on": "course_ended", "days_after": 30},
        ],
        "reminder_after_days": 2,
        "lock_after_days": 2,
        "not_answered_reason": 17,
        "died_reason": 13,
        "channels": ["digipost", "email_sms", "paper"],
        "paper_lock_after_days": 30,
        "representation": {"parents_until": 16},
    },
    "organisations": [{"resh_id": PLACE, "name": "Eksempel", "short_name": "Eks", "region": "vest"}],
    "regions": {"vest": "Helse Vest RHF"},
}


def write_registry(folder: Path) -> None:
    """Write the registry into a folder of registries."""
    home = folder / KEY
    for form in FORMS:
        file = home / "forms" / str(form["form"]) / "v1.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(yaml.safe_dump(form, allow_unicode=True), encoding="utf-8")
    (home / "registry.yaml").write_text(yaml.safe_dump(RULES, allow_unicode=True), encoding="utf-8")


def _database(folder, name, base):
    engine = make_engine(f"sqlite:///{folder}/{name}.sqlite")
    lay_tables(engine, base.metadata)
    return Database(engine, base.metadata)


def _course(world):
    """Open a course and finalise its form; returns its id."""
    desk = Desk(world.persons, world.population, load_registries()[KEY], accepts_synthetic=True)
    course_id = open_course(LINE, started_on=BEGAN, by=NURSE, desk=desk, uow=world.uow)
    place = FormAt(course_id=course_id, form="podiatry", by=NURSE, seen=frozenset({PLACE}))
    kept, given = Kept(persons=world.persons, uow=world.uow), {"ended": ENDED}
    saved = save_form(
        place, lambda now: now.form.read_values(given, now.document), revision=0, kept=kept, is_final=True
    )
    assert saved.is_finalised, saved
    return course_id


def run(folder: str) -> dict[str, object]:
    """One course from its opening to what its patient is sent."""
    world, eprom = World(_database(folder, "registration", Base)), Eprom(_database(folder, "eprom", EpromBase))
    course_id = _course(world)
    for event in world.events():
        if type(event) in HANDLERS:
            HANDLERS[type(event)](event, eprom.uow)
    with world.database.reading() as session:
        course = session.get_one(CourseRow, course_id)
        typed = session.execute(select(TYPED[KEY, "podiatry"].table)).mappings().one()
    with eprom.database.reading() as session:
        orders = {row.form: row.due_at.isoformat() for row in session.scalars(select(OrderRow))}
    return {
        "known": [KEY in known() for known in (known_to_identity, known_to_reservation, load_catalog)],
        "course": [course.placement, course.is_included, course.course_type, course.form_status],
        "typed": [typed["began"].isoformat(), typed["ended"].isoformat()],
        "orders": orders,
        "children": children(Path(folder) / "children", KEY),
        "last_way": [schedules()[KEY].channels[-1], schedules()[KEY].waits.paper_lock_days],
    }


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1])))  # noqa: T201 - the answer of the program
