"""Looking a person up, and registering one whom the population register does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from services.registration.domain.errors import RuleBroken
from services.registration.store.tables import KIT, Base, CourseRow
from services.registration.usecases.block_person import block_person
from services.registration.usecases.look_up_person import look_up_person
from services.registration.usecases.open_course import open_course
from services.registration.usecases.open_course_without_register import Stranger, open_course_without_register
from tests.registration.usecases.desk import LINE, NURSE, OLA, World

DAY = date(2026, 11, 20)
PASSPORT = Stranger(identifier="p 123-456", name=" Anna  Prøve ", birth_on=date(1980, 1, 2))


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


def given(world):
    return {"by": NURSE, "desk": world.desk, "uow": world.uow}


def register(world, stranger=PASSPORT, started_on=DAY):
    return open_course_without_register(stranger, started_on=started_on, **given(world))


def reserve(world, number):
    block_person("smertereg", world.persons.block_hash(number), case_id="1a" * 16, uow=world.uow)


def log(world):
    table = KIT.audit.log
    with world.database.reading() as session:
        return session.execute(select(table).order_by(table.c.sequence)).all()


@pytest.mark.req("REG-01", "GEN-06")
def test_a_look_up_shows_who_it_is_and_keeps_nothing_but_the_log(world):
    assert look_up_person(LINE, **given(world)).name == "Line Danser"
    assert world.persons.find(LINE) is None
    (entry,) = log(world)
    assert (entry.actor, entry.object, entry.pid, entry.reason) == (
        "user:7",
        "population_register",
        None,
        "registration",
    )


@pytest.mark.req("GEN-06")
def test_the_look_up_of_a_known_person_is_logged_on_the_person(world):
    open_course(LINE, started_on=DAY, **given(world))
    look_up_person(LINE, **given(world))

    assert log(world)[-1].pid == world.persons.find(LINE)


@pytest.mark.req("REG-04")
def test_a_reserved_person_is_not_even_looked_up(world):
    reserve(world, LINE)
    world.population.is_down = True

    with pytest.raises(RuleBroken, match="person_has_reserved"):
        look_up_person(LINE, **given(world))
    assert log(world) == []


@pytest.mark.req("REG-05")
def test_contact_data_written_by_clinicians_survive_the_next_course(world):
    open_course(LINE, started_on=DAY, **given(world))
    facts = world.persons.read(world.persons.find(LINE))
    world.persons.keep(replace(facts, phone="+4799000001", email="line@epost.example"))
    open_course(LINE, started_on=DAY, **given(world))

    kept = world.persons.read(world.persons.find(LINE))
    assert (kept.phone, kept.email) == ("+4799000001", "line@epost.example")


@pytest.mark.req("REG-04", "RES-05")
def test_whoever_reserves_while_being_registered_is_not_kept(world):
    look_up = world.population.look_up

    def slow(number):
        reserve(world, number)
        return look_up(number)

    world.population.look_up = slow
    with pytest.raises(RuleBroken, match="person_has_reserved"):
        open_course(OLA, started_on=DAY, **given(world))

    assert (world.persons.find(OLA), world.rows(CourseRow)) == (None, [])


@pytest.mark.req("REG-01")
def test_a_foreign_person_is_registered_with_name_and_birth_date(world):
    register(world)
    kept = world.persons.read(world.persons.find("P123-456"))

    assert (kept.name, kept.birth_on, kept.number_kind) == ("Anna Prøve", date(1980, 1, 2), "other")


@pytest.mark.req("REG-03")
def test_a_foreign_person_is_one_person_too(world):
    register(world)
    register(world)

    assert len({row.pid for row in world.rows(CourseRow)}) == 1


@pytest.mark.req("REG-04")
def test_a_foreign_person_who_has_reserved_is_refused(world):
    reserve(world, "P123-456")

    with pytest.raises(RuleBroken, match="person_has_reserved"):
        register(world)


@pytest.mark.req("REG-01")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"identifier": LINE}, "number_is_norwegian"),
        ({"identifier": "abc"}, "identifier_wrong"),
        ({"identifier": "<script>"}, "identifier_wrong"),
        ({"identifier": "9" * 31}, "identifier_wrong"),
        ({"name": " "}, "name_missing"),
        ({"birth_on": date(2026, 11, 22)}, "birth_lies_ahead"),
    ],
)
def test_a_foreign_person_with_wrong_facts_is_refused(world, change, code):
    with pytest.raises(RuleBroken, match=code):
        register(world, replace(PASSPORT, **change))

    assert world.rows(CourseRow) == []


@pytest.mark.req("REG-01")
def test_a_help_number_is_registered_without_the_register(world):
    number = next(n for k in range(1000) if _is_help_number(world, n := f"80000000{k:03d}"))
    register(world, replace(PASSPORT, identifier=number))

    assert world.persons.read(world.persons.find(number)).number_kind == "fh_number"
    with pytest.raises(RuleBroken, match="number_not_in_register"):
        open_course(number, started_on=DAY, **given(world))


def _is_help_number(world, number):
    try:
        look_up_person(number, **given(world))
    except RuleBroken as broken:
        return broken.code == "number_not_in_register"
    return False
