"""Patient forms that nobody answers: locked with the register's reason, and asked again when ordered anew."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from services.registration.domain.form_state import FormState
from services.registration.gateways.registry import load_registries
from services.registration.handlers import HANDLERS
from services.registration.queries.course_lines import Icon, lines_of
from services.registration.store.tables import KIT, TYPED, Base, CourseRow, FormRow, PatientFormRow
from services.registration.usecases.open_course import Desk, open_course
from services.registration.usecases.ports import Answers
from services.registration.usecases.store_patient_form import store_patient_form
from shared.contracts import eprom
from tests.registration.usecases.desk import LINE, NOW, NURSE, World

FIRST, SECOND = "0a" * 16, "0b" * 16
REGISTRIES = load_registries()
SILENT = {"complete": 0, "incomplete_reason": 7}


class Ward(World):
    """A world with one included course, of which eprom tells."""

    def __init__(self, database):
        super().__init__(database)
        desk = Desk(self.persons, self.population, REGISTRIES["smertereg"], accepts_synthetic=True)
        self.course_id = open_course(LINE, started_on=date(2026, 11, 20), by=NURSE, desk=desk, uow=self.uow)
        self.pid = self.persons.find(LINE)
        with self.uow() as store:
            store.course(self.course_id).course_type = 3

    def hear(self, kind, order_id=FIRST, form="pasreg", **values):
        facts = {"order_id": order_id, "course_id": self.course_id, "pid": self.pid, "form": form}
        HANDLERS[kind](kind(**facts, **values), self.uow)

    def expire(self, **values):
        self.hear(eprom.FormOrdered, due_at=NOW, **values)
        self.hear(eprom.FormSent, channel="digipost", sent_at=NOW, **values)
        self.hear(eprom.FormExpired, reason=7, **values)

    def write(self, state):
        """Somebody writes the form from paper."""
        values = {"definition_version": 1, "document": {"answers": {"complete": 1}}, "state": state}
        with self.uow() as store:
            store.add(FormRow(course_id=self.course_id, form="pasreg", saved_at=NOW, saved_by="user:7", **values))

    def shown(self, form="pasreg"):
        with self.database.reading() as session:
            rows = session.scalars(select(CourseRow)).all()
            (line,) = lines_of(session, rows, REGISTRIES["smertereg"])
        return line.forms[form].icon, line.forms[form].reason

    def typed(self):
        table = TYPED["smertereg", "pasreg"].table
        with self.database.reading() as session:
            return session.execute(select(table.c.complete, table.c.incomplete_reason)).one()


@pytest.fixture
def ward(make_database):
    return Ward(make_database(Base.metadata))


@pytest.mark.req("EPR-05", "REG-24", "REG-20")
@pytest.mark.parametrize("form", ["pasreg", "hads", "eval", "opioid"])
def test_a_form_that_nobody_answered_is_locked_with_the_reason_in_it(ward, form):
    ward.expire(form=form)
    (row,) = ward.rows(FormRow)

    assert (row.document["values"], row.state) == (SILENT, FormState.FINALISED)
    assert (row.finalised_at, row.finalised_by) == (NOW, "registration")
    assert ward.shown(form) == (Icon.NOT_ANSWERED, 7)


@pytest.mark.req("EPR-05", "REG-36")
def test_a_version_without_the_reason_is_locked_without_it(ward):
    with ward.uow() as store:
        store.course(ward.course_id).definitions_on = date(2018, 5, 2)
    ward.expire(form="hads")
    (row,) = ward.rows(FormRow)

    assert (row.definition_version, row.document["values"], row.state) == (1, {"complete": 0}, FormState.FINALISED)
    assert ward.shown("hads") == (Icon.NOT_ANSWERED, 7)


@pytest.mark.req("EPR-05", "REG-30")
def test_the_reason_stands_in_the_typed_columns(ward):
    ward.expire()

    assert ward.typed() == (0, 7)


@pytest.mark.req("EPR-06")
def test_a_form_that_was_stopped_is_locked_with_the_clinicians_reason(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.hear(eprom.FormStopped, reason=4)

    assert ward.rows(FormRow)[0].document["values"] == {"complete": 0, "incomplete_reason": 4}
    assert ward.shown() == (Icon.STOPPED, 4)


@pytest.mark.req("EPR-06", "REG-23")
def test_an_order_taken_back_without_a_reason_leaves_the_form_open(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.hear(eprom.FormStopped, reason=None)

    assert ward.rows(FormRow) == []


@pytest.mark.req("GEN-06")
def test_locking_is_in_the_access_log(ward):
    ward.expire()
    log = KIT.audit.log
    with ward.database.reading() as session:
        entry = session.execute(select(log).order_by(log.c.sequence.desc())).first()

    assert (entry.actor, entry.role, entry.pid, entry.action) == ("registration", "system", ward.pid, "write")
    assert entry.object == f"form:{ward.course_id}/pasreg"


@pytest.mark.req("BUS-03")
def test_news_told_twice_change_nothing(ward):
    ward.expire()
    ward.hear(eprom.FormExpired, reason=7)

    assert ward.rows(FormRow)[0].revision == 1


@pytest.mark.req("REG-23")
@pytest.mark.parametrize("state", [FormState.IN_PROGRESS, FormState.FINALISED])
def test_what_is_written_from_paper_stays(ward, state):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.write(state)
    ward.hear(eprom.FormExpired, reason=7)

    assert ward.rows(FormRow)[0].document == {"answers": {"complete": 1}}
    assert ward.rows(PatientFormRow)[0].state == "ordered"


@pytest.mark.req("EPR-07", "REG-22")
def test_a_new_order_opens_the_form_again(ward):
    ward.expire()
    ward.hear(eprom.FormOrdered, SECOND, due_at=NOW)
    (row,) = ward.rows(FormRow)

    assert (row.state, row.document["answers"], row.finalised_by) == (FormState.NEW, {}, None)
    assert ward.typed() == (None, None)
    assert ward.shown() == (Icon.SENT, None)


@pytest.mark.req("EPR-07", "EPR-09")
def test_an_answer_to_the_second_order_takes_the_place_of_the_reason(ward):
    ward.expire()
    ward.hear(eprom.FormOrdered, SECOND, due_at=NOW)
    answers = Answers(
        order_id=SECOND,
        course_id=ward.course_id,
        pid=ward.pid,
        form="pasreg",
        definition_version=1,
        document={"answers": {"complete": 1, "contacts_last_year": 4}},
        answered_at=NOW,
    )
    store_patient_form(answers, registries=REGISTRIES, uow=ward.uow)
    (row,) = ward.rows(FormRow)

    assert (row.document["values"]["contacts_last_year"], row.finalised_by) == (4, "patient")
    assert ward.shown()[0] is Icon.ANSWERED
