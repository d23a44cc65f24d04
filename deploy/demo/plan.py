"""Which courses the demo has: who, where, when and how far each has come. The same for a seed and a day."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from deploy.demo.users import HAUKELAND, NORPAIN, SMERTEREG, ST_OLAVS, STAVANGER, UNN
from deploy.standins.persons import Part, StandinPerson

COURSES, PERSONS, SEED = 900, 300, 7
NORPAIN_COURSES, NORPAIN_PERSONS, NORPAIN_SEED = 100, 60, 11
# Comes to the registry only when somebody at the screen registers her.
_NOT_YET = "Granlid"
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
class Story:
    """What the courses of one registry are like; `days` is how long the shortest and the longest last.

    Its people are `persons` of those planned for the demo, from the number `first` on.
    """

    registry: str
    seed: int
    courses: int
    first: int
    persons: int
    weights: Mapping[int, int]
    days: tuple[int, int]
    now: Sequence[Stage]
    then: Sequence[Stage]
    has_treated_now: bool


STORIES = (
    Story(
        registry=SMERTEREG,
        seed=SEED,
        courses=COURSES,
        first=0,
        persons=PERSONS,
        weights={HAUKELAND: 9, STAVANGER: 4, ST_OLAVS: 4, UNN: 3},
        days=(2, 25),
        now=_NOW,
        then=_THEN,
        has_treated_now=True,
    ),
    # People whom SmerteReg knows too: a person has one PID and may have courses in both.
    Story(
        registry=NORPAIN,
        seed=NORPAIN_SEED,
        courses=NORPAIN_COURSES,
        first=100,
        persons=NORPAIN_PERSONS,
        weights={ST_OLAVS: 5, HAUKELAND: 3, UNN: 2},
        days=(60, 420),
        now=(Stage.OPENED, Stage.BEGUN, Stage.TREATED, Stage.TREATED),
        then=(Stage.NOT_INCLUDED, *[Stage.ENDED] * 7),
        has_treated_now=False,
    ),
)


@dataclass(frozen=True, kw_only=True)
class PlannedCourse:
    """One course to be made; `number` says which answers it gets."""

    number: int
    registry: str
    person: StandinPerson
    organisation: int
    started_on: date
    ended_on: date
    stage: Stage
    is_asked_at_once: bool


def planned_persons(people: Sequence[StandinPerson], day: date) -> list[StandinPerson]:
    """Who is in the registry when the demo begins: grown-up patients, the named ones first."""
    patients = [person for person in people if person.part is Part.PATIENT and person.family_name != _NOT_YET]
    adult_before = day - timedelta(days=366 * (_ADULT_YEARS + _YEARS_BACK))
    return [person for person in patients if date.fromisoformat(person.birth_on) < adult_before][:PERSONS]


def planned_courses(
    everybody: Sequence[StandinPerson], day: date, story: Story = STORIES[0]
) -> Iterator[PlannedCourse]:
    """The courses of a registry, the first one of everybody before the second ones."""
    source = random.Random(story.seed)  # noqa: S311 - the same courses each time are the purpose
    persons = everybody[story.first : story.first + story.persons]
    home = {person.id: source.choices(list(story.weights), list(story.weights.values()))[0] for person in persons}
    for number in range(story.courses):
        person = persons[number] if number < len(persons) else source.choice(persons)
        is_now = story.has_treated_now and number < len(persons) and is_treated_now(person)
        began = day - timedelta(days=3 + number % 4) if is_now else _start(source, person, day)
        ended = began + timedelta(days=source.randint(*story.days))
        yield PlannedCourse(
            number=number,
            registry=story.registry,
            person=person,
            organisation=home[person.id],
            started_on=began,
            ended_on=ended,
            stage=Stage.TREATED if is_now else _stage(source, story, began, ended, day),
            is_asked_at_once=is_now,
        )


def is_treated_now(person: StandinPerson) -> bool:
    """Tell whether the person's first course is one of those that patient forms go out for at the first start."""
    return bool(person.note) and person.died_on is None


def _start(source: random.Random, person: StandinPerson, day: date) -> date:
    """Every sixth course is recent; nobody is treated after death."""
    last = date.fromisoformat(person.died_on) - timedelta(days=30) if person.died_on else day
    span = _RECENT.days if source.randrange(6) == 0 else _YEARS_BACK * 365
    return min(last, day - timedelta(days=source.randint(0, span)))


def _stage(source: random.Random, story: Story, began: date, ended: date, day: date) -> Stage:
    if ended >= day:
        return source.choice(story.now if day - began > timedelta(days=1) else story.now[:3])
    return source.choice(story.then)
