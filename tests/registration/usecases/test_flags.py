"""Flags: raised when answers are stored, kept until a clinician has looked, and gone with the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.queries.flags import open_flags
from services.registration.store.tables import KIT, Base, FlagRow
from services.registration.usecases.acknowledge_flag import acknowledge_flag
from services.registration.usecases.block_person import erase_health_data
from services.registration.usecases.course_at import CourseAt
from services.registration.usecases.open_course import Desk, open_course
from services.registration.usecases.ports import Answers
from services.registration.usecases.store_patient_form import store_patient_form
from shared.contracts import eprom
from shared.db.errors import ConstraintBroken
from tests.registration.usecases.desk import LINE, NOW, NURSE, OLA
from tests.registration.usecases.test_close_patient_form import FIRST, REGISTRIES, SECOND
from tests.registration.usecases.test_close_patient_form import Ward as Told

pytestmark = pytest.mark.req("EPR-13")
LOW, HIGH = {f"item_{n}": 1 for n in range(1, 15)}, {f"item_{n}": 3 for n in range(1, 15)}
NOTE = "Ringte pasienten"


class Ward(Told):
    """A course whose patient answers HADS."""

    def answer(self, items, order_id=FIRST):
        document = {"answers": {"complete": 1, **items}}
        where = {"course_id": self.course_id, "pid": self.pid, "form": "hads", "definition_version": 3}
        answers = Answers(order_id=order_id, document=document, answered_at=NOW, **where)
        store_patient_form(answers, registries=REGISTRIES, uow=self.uow)

    def open(self, by=NURSE, **more):
        known, now = REGISTRIES["smertereg"], self.clock.now()
        return open_flags(by=by, registry=known, now=now, database=self.database, **more)

    def acknowledge(self, note=NOTE, by=NURSE, seen=None):
        (flag,) = self.rows(FlagRow)
        at = CourseAt(course_id=self.course_id, by=by, seen=seen)
        acknowledge_flag(at, flag.flag_id, note=note, uow=self.uow)

    def log(self):
        table = KIT.audit.log
        with self.database.reading() as session:
            rows = session.execute(table.select().order_by(table.c.sequence)).all()
        return [(row.actor, row.action) for row in rows if row.object.startswith("flag:")]


@pytest.fixture
def ward(make_database):
    return Ward(make_database(Base.metadata))


@pytest.mark.parametrize(("items", "rules"), [(HIGH, ["sample_depression"]), (LOW, [])])
def test_answers_raise_the_flags_of_the_registry(ward, items, rules):
    ward.answer(items)
    assert [flag.rule.key for flag in ward.open()] == rules
    assert ward.log() == [("registration", "raise_flag")] * len(rules)


@pytest.mark.req("BUS-03")
def test_answers_stored_twice_raise_a_flag_once(ward):
    ward.answer(HIGH)
    ward.answer(HIGH)
    assert len(ward.rows(FlagRow)) == 1


def test_a_flag_is_there_until_somebody_has_looked_and_said_so(ward):
    ward.answer(HIGH)
    ward.acknowledge()
    (row,) = ward.rows(FlagRow)

    assert ward.open() == []
    assert (row.acknowledged_by, row.acknowledged_at, row.note) == (NURSE.actor, NOW, NOTE)
    assert ward.log()[-1] == (NURSE.actor, "acknowledge")
    with pytest.raises(RuleBroken, match="flag_is_acknowledged"):
        ward.acknowledge()


@pytest.mark.req("GEN-06")
def test_the_log_tells_of_the_note_and_not_what_it_says(ward):
    ward.answer(HIGH)
    ward.acknowledge()
    table = KIT.audit.log
    with ward.database.reading() as session:
        assert NOTE not in str([tuple(row) for row in session.execute(table.select())])


@pytest.mark.req("IDN-07")
def test_only_the_own_hospitals_have_the_flag(ward):
    ward.answer(HIGH)
    other = replace(NURSE, organisation=100084)

    assert ward.open(by=other) == []
    assert ward.open(by=replace(NURSE, role="SC", organisation=None)) == []
    with pytest.raises(NotFound):
        ward.acknowledge(by=other, seen=frozenset({100084}))
    assert ward.rows(FlagRow)[0].acknowledged_at is None


def test_a_flag_of_another_course_is_not_acknowledged_here(ward):
    ward.answer(HIGH)
    desk = Desk(ward.persons, ward.population, REGISTRIES["smertereg"], accepts_synthetic=True)
    other = open_course(OLA, started_on=date(2026, 11, 20), by=NURSE, desk=desk, uow=ward.uow)
    (flag,) = ward.rows(FlagRow)

    for flag_id in (flag.flag_id, 9999):
        with pytest.raises(NotFound):
            acknowledge_flag(CourseAt(course_id=other, by=NURSE, seen=None), flag_id, note=NOTE, uow=ward.uow)


def test_after_a_day_a_flag_is_overdue_and_still_there(ward):
    ward.answer(HIGH)
    assert [flag.is_overdue for flag in ward.open()] == [False]
    ward.clock.move(timedelta(days=1))
    assert [flag.is_overdue for flag in ward.open()] == [True]


@pytest.mark.req("REG-36")
def test_a_flag_outlives_a_new_order_and_newer_definitions(ward):
    ward.answer(HIGH)
    ward.hear(eprom.FormOrdered, SECOND, "hads", due_at=NOW)
    with ward.uow() as store:
        store.course(ward.course_id).definitions_on = NOW.date()
    assert len(ward.open(course_id=ward.course_id)) == 1


@pytest.mark.req("RES-01")
def test_a_flag_is_erased_with_the_person(ward):
    ward.answer(HIGH)
    case = {"case_id": "c1", "registry": "smertereg", "person_hash": ward.persons.block_hash(LINE)}
    erase_health_data(**case, persons=ward.persons, uow=ward.uow)
    assert ward.rows(FlagRow) == []


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"acknowledged_by": "user:7"}, "acknowledged_by_somebody"),
        ({"acknowledged_at": NOW, "acknowledged_by": "user:7"}, "acknowledged_with_note"),
    ],
)
def test_the_database_keeps_no_half_acknowledgement(ward, values, broken):
    facts = {"form": "hads", "order_id": FIRST, "rule": "x", "raised_at": NOW, "note": ""}
    with pytest.raises(ConstraintBroken, match=broken), ward.uow() as store:
        store.add(FlagRow(course_id=ward.course_id, **facts, **values))
