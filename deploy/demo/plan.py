"""Which courses the demo has: who, where, when and how far each has come. The same for a seed and a day."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from deploy.demo.users import HAUKELAND, ST_OLAVS, STAVANGER, UNN
from deploy.standins.persons import Part, StandinPerson

COURSES, PERSONS, SEED = 900, 300, 7
# Comes to the registry only when somebody at the screen registers her.
_NOT_YET = "Granlid"
_WEIGHTS = {HAUKELAND: 9, STAVANGER: 4, ST_OLAVS: 4, UNN: 3}
_YEARS_BACK, _ADULT_YEARS = 5, 19
_RECENT = timedelta(days=45)


class Stage(Enum):
    """How far a course has come."""

    OPENED = "nothing is filled in"
    BEGUN = "the first forms are begun"
    NOT_SEEN = "the patient was not seen"
    NOT_INCLUDED = "seen, but the criteria are not met"
    TREATED = "included, treatment goes on"
    ENDED = "included, treatment is over"


_NOW = (Stage.OPENED, Stage.BEGUN, Stage.BEGUN, Stage.NOT_SEEN, Stage.TREATED, Stage.TREATED, Stage.TREATED)
_THEN = (Stage.NOT_SEEN, *[Stage.NOT_INCLUDED] * 2, *[Stage.ENDED] * 12)


@dataclass(frozen=True, kw_only=True)
class PlannedCourse:
    """One course to be made; `number` says which answers it gets."""

    number: int
    person: StandinPerson
    organisation: int
    started_on: date
    ended_on: date
    stage: Stage


def planned_persons(people: Sequence[StandinPerson], day: date) -> list[StandinPerson]:
    """Who is in the registry when the demo begins: grown-up patients, the named ones first."""
    patients = [person for person in people if person.part is Part.PATIENT and person.family_name != _NOT_YET]
    adult_before = day - timedelta(days=366 * (_ADULT_YEARS + _YEARS_BACK))
    return [person for person in patients if date.fromisoformat(person.birth_on) < adult_before][:PERSONS]


def planned_courses(persons: Sequence[StandinPerson], day: date) -> Iterator[PlannedCourse]:
    """The courses, the first one of everybody before the second ones."""
    source = random.Random(SEED)  # noqa: S311 - the same courses each time are the purpose
    home = {person.id: source.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0] for person in persons}
    for number in range(COURSES):
        person = persons[number] if number < len(persons) else source.choice(persons)
        is_now = number < len(persons) and is_treated_now(person)
        began = day - timedelta(days=3 + number % 4) if is_now else _start(source, person, day)
        ended = began + timedelta(days=source.randint(2, 25))
        yield PlannedCourse(
            number=number,
            person=person,
            organisation=home[person.id],
            started_on=began,
            ended_on=ended,
            stage=Stage.TREATED if is_now else _stage(source, began, ended, day),
        )


def is_treated_now(person: StandinPerson) -> bool:
    """Tell whether the person's first course is one of those that patient forms go out for at the first start."""
    return bool(person.note) and person.died_on is None


def _start(source: random.Random, person: StandinPerson, day: date) -> date:
    """Every sixth course is recent; nobody is treated after death."""
    last = date.fromisoformat(person.died_on) - timedelta(days=30) if person.died_on else day
    span = _RECENT.days if source.randrange(6) == 0 else _YEARS_BACK * 365
    return min(last, day - timedelta(days=source.randint(0, span)))


def _stage(source: random.Random, began: date, ended: date, day: date) -> Stage:
    if ended >= day:
        return source.choice(_NOW if day - began > timedelta(days=1) else _NOW[:3])
    return source.choice(_THEN)
