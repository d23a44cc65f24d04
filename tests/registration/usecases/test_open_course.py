"""Registering a person, and refusing one who has reserved."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from services.registration.domain.errors import RuleBroken
from services.registration.store.tables import KIT, Base, BlockRow, CourseRow, ExtractMemberRow, ExtractRow
from services.registration.usecases.block_person import (
    block_person,
    confirm_erasure,
    erase_health_data,
    unblock_person,
)
from services.registration.usecases.open_course import open_course
from services.registration.usecases.ports import OutsideUnavailable
from shared.contracts.registration import CourseOpened, PersonErased
from tests.registration.usecases.desk import LINE, NURSE, OLA, World

CASE, EXTRACT, OTHERS_EXTRACT = "1a" * 16, "0e" * 16, "0f" * 16


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


def register(world, number=LINE, started_on=date(2026, 11, 20)):
    return open_course(number, started_on=started_on, by=NURSE, desk=world.desk, uow=world.uow)


def reserve(world, number=LINE):
    block_person("smertereg", world.persons.block_hash(number), case_id=CASE, uow=world.uow)


def carry_out(world):
    erase_health_data(**world.jobs()["erase_health_data"], persons=world.persons, uow=world.uow)
    confirm(world)


def confirm(world):
    confirm_erasure(**world.jobs()["confirm_erasure"], persons=world.persons, files=world.files, uow=world.uow)


@pytest.mark.req("GEN-03", "REG-01", "REG-03")
def test_a_person_has_one_pid_and_a_fid_for_each_course(world):
    first, second = register(world), register(world)

    assert first != second
    assert {row.pid for row in world.rows(CourseRow)} == {world.persons.find(LINE)}
    assert [type(event) for event in world.events()] == [CourseOpened, CourseOpened]


@pytest.mark.req("GEN-02")
@pytest.mark.parametrize(("day", "basis"), [(date(2022, 11, 30), "consent"), (date(2022, 12, 1), "reservation")])
def test_a_course_follows_the_basis_of_its_start(world, day, basis):
    register(world, started_on=day)

    assert world.rows(CourseRow)[0].basis == basis


@pytest.mark.req("GEN-06")
def test_opening_a_course_is_in_the_access_log(world):
    register(world)
    with world.database.reading() as session:
        entry = session.execute(select(KIT.audit.log)).one()

    assert (entry.actor, entry.role, entry.organisation, entry.pid) == ("user:7", "LU", 100082, 1)


@pytest.mark.req("REG-04")
def test_a_reserved_person_is_refused_and_nothing_is_stored(world):
    reserve(world)

    with pytest.raises(RuleBroken, match="person_has_reserved"):
        register(world)
    assert (world.persons.find(LINE), world.rows(CourseRow)) == (None, [])


@pytest.mark.req("REG-02")
def test_without_the_population_register_nobody_is_registered(world):
    world.population.is_down = True
    with pytest.raises(OutsideUnavailable):
        register(world)

    assert world.rows(CourseRow) == []


@pytest.mark.parametrize(
    ("number", "day", "code"),
    [
        ("20036914700", date(2026, 11, 20), "person_unknown"),
        (LINE, date(2026, 11, 22), "start_lies_ahead"),
        ("123", date(2026, 11, 20), "number_not_eleven_digits"),
    ],
)
def test_a_wrong_registration_says_what_is_wrong(world, number, day, code):
    with pytest.raises(RuleBroken, match=code):
        register(world, number, day)


@pytest.mark.req("RES-05")
def test_a_reservation_erases_the_person_and_sends_one_receipt(world):
    pid = world.persons.find(LINE) or (register(world) and world.persons.find(LINE))
    register(world, OLA)
    reserve(world)
    carry_out(world)

    assert world.persons.find(LINE) is None
    assert [row.pid for row in world.rows(CourseRow)] == [world.persons.find(OLA)]
    assert world.events()[-1] == PersonErased(case_id=CASE, registry="smertereg", pid=pid, extracts=())


@pytest.mark.req("RES-05")
def test_the_receipt_names_the_extracts_that_held_the_person(world):
    register(world)
    with world.uow() as store:
        for extract_id, registry in ((EXTRACT, "smertereg"), (OTHERS_EXTRACT, "norpain")):
            facts = {"delivery_id": "d", "project_id": "p", "request": {"registry": registry}, "state": "ready"}
            store.add(ExtractRow(extract_id=extract_id, **facts))
            store.add(ExtractMemberRow(extract_id=extract_id, pid=world.persons.find(LINE)))
    reserve(world)
    carry_out(world)

    assert world.events()[-1].extracts == (EXTRACT,)
    assert [row.extract_id for row in world.rows(ExtractMemberRow)] == [OTHERS_EXTRACT]


@pytest.mark.req("RES-05")
def test_erasing_twice_after_a_crash_ends_the_same(world):
    register(world)
    reserve(world)
    carry_out(world)
    confirm(world)

    assert world.events()[-1] == world.events()[-2]


@pytest.mark.req("RES-07")
def test_a_reservation_taken_back_lets_the_person_in_with_nothing_old(world):
    register(world)
    reserve(world)
    carry_out(world)
    unblock_person("smertereg", world.persons.block_hash(LINE), uow=world.uow)
    register(world)

    assert len(world.rows(CourseRow)) == 1
    assert world.rows(BlockRow) == []
