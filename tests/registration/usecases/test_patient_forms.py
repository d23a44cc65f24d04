"""Patient forms: what eprom tells, and answers stored once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from services.registration.domain.errors import RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.gateways.registry import load_registries
from services.registration.handlers import HANDLERS
from services.registration.queries.history import history
from services.registration.queries.set_aside import SetAside, set_aside
from services.registration.store.tables import KIT, Base, CourseRow, FormRow, PatientFormRow
from services.registration.usecases.fetch_answers import fetch_answers
from services.registration.usecases.open_course import Desk, open_course
from services.registration.usecases.ports import Answers, Misfit, OutsideUnavailable
from services.registration.usecases.store_patient_form import store_patient_form
from shared.contracts import eprom
from shared.contracts.registration import PatientFormStored
from shared.scheduling.jobs import JobRefused
from tests.registration.usecases.desk import LINE, NOW, NURSE, World

ORDER = "0a" * 16
REGISTRIES = load_registries()
COORDINATOR = replace(NURSE, role="LC")
GIVEN = {"complete": 1, "registered_date": "2026-11-21", "contacts_last_year": 4}


class Eprom:
    def __init__(self, answers):
        self.answers = answers

    def fetch(self, order_id):
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers


class Ward(World):
    """A world with one course."""

    def __init__(self, database):
        super().__init__(database)
        self.desk = Desk(self.persons, self.population, REGISTRIES["smertereg"], accepts_synthetic=True)
        day = date(2026, 11, 20)
        self.course_id = open_course(LINE, started_on=day, by=NURSE, desk=self.desk, uow=self.uow)
        self.pid = self.persons.find(LINE)
        self.answers = Answers(
            order_id=ORDER,
            course_id=self.course_id,
            pid=self.pid,
            form="pasreg",
            definition_version=1,
            document={"answers": GIVEN},
            answered_at=NOW,
        )

    def hear(self, kind, **values):
        facts = {"order_id": ORDER, "course_id": self.course_id, "pid": self.pid, "form": "pasreg"}
        HANDLERS[kind](kind(**{**facts, **values}), self.uow)

    def state(self):
        (row,) = self.rows(PatientFormRow)
        return row.state, row.channel, row.reason

    def acts(self):
        where = {"by": COORDINATOR, "registry": REGISTRIES["smertereg"], "number": 1, "uow": self.uow}
        return [line.action for line in history(self.course_id, "pasreg", **where).lines]

    def keep(self, answers=None):
        store_patient_form(answers or self.answers, registries=REGISTRIES, uow=self.uow)


@pytest.fixture
def ward(make_database):
    return Ward(make_database(Base.metadata))


@pytest.mark.req("REG-22", "EPR-05")
def test_the_state_follows_what_eprom_tells(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    assert ward.state() == ("ordered", None, None)
    ward.hear(eprom.FormSent, channel="digipost", sent_at=NOW)
    assert ward.state() == ("sent", "digipost", None)
    ward.hear(eprom.ReminderSent, sent_at=NOW)
    assert ward.state() == ("reminded", "digipost", None)
    ward.hear(eprom.FormExpired, reason=7)
    assert ward.state() == ("expired", "digipost", 7)


@pytest.mark.req("EPR-06", "EPR-15")
def test_stopped_and_undelivered_forms_say_why(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.hear(eprom.FormStopped, reason=4)
    assert ward.state() == ("stopped", None, 4)
    ward.hear(eprom.FormOrdered, order_id="0b" * 16, due_at=NOW)
    ward.hear(eprom.DeliveryFailed, order_id="0b" * 16, channel="none", code="no_channel")
    ward.hear(eprom.FormStopped, order_id="0b" * 16, reason=None)

    assert ward.state() == ("undelivered", None, None)


@pytest.mark.req("BUS-03")
def test_news_of_a_course_that_is_gone_change_nothing(ward):
    ward.hear(eprom.FormOrdered, course_id=9999, due_at=NOW)
    ward.hear(eprom.FormAnswered, course_id=9999, definition_version=1, answered_at=NOW)

    assert ward.rows(PatientFormRow) == []
    assert ward.jobs() == {}


@pytest.mark.req("EPR-09")
def test_an_answered_form_is_fetched_and_stored(ward):
    ward.hear(eprom.FormAnswered, definition_version=1, answered_at=NOW)
    job = ward.jobs()["fetch_answers"]
    fetch_answers(**job, answers=Eprom(ward.answers), registries=REGISTRIES, uow=ward.uow)

    (row,), (course,) = ward.rows(FormRow), ward.rows(CourseRow)
    assert (row.document["values"], row.state, row.finalised_by) == (GIVEN, FormState.FINALISED, "patient")
    assert course.form_status == "1111113111"
    assert ward.state()[0] == "stored"
    assert ward.events()[-1] == PatientFormStored(course_id=ward.course_id, order_id=ORDER, form="pasreg")


@pytest.mark.req("REG-33")
def test_storing_stands_in_the_history(ward):
    ward.keep()
    found = history(ward.course_id, "pasreg", by=COORDINATOR, registry=REGISTRIES["smertereg"], number=1, uow=ward.uow)
    assert [(line.actor, line.action, line.place) for line in found.lines] == [("patient", "write", "")]


@pytest.mark.req("EPR-09", "REG-33")
def test_what_did_not_fit_is_kept_until_newer_answers_come(ward):
    ward.keep(replace(ward.answers, misfits=[Misfit(field="pain_now", value="77"), Misfit(field="x", warning="Odd")]))
    found = set_aside(ward.course_id, "pasreg", ward.pid, uow=ward.uow)
    assert [list(one) for one in found.misfits] == [["pain_now", "77", ""], ["x", "", "Odd"]]
    assert ward.acts() == ["set_aside", "write"]

    ward.keep(replace(ward.answers, order_id="0b" * 16))
    assert set_aside(ward.course_id, "pasreg", ward.pid, uow=ward.uow) == SetAside(is_too_late=True)


@pytest.mark.req("EPR-09", "BUS-03")
def test_storing_twice_after_a_crash_changes_nothing(ward):
    ward.keep()
    before = len(ward.events())
    ward.keep(replace(ward.answers, document={"answers": {**GIVEN, "contacts_last_year": 9}}))

    assert ward.rows(FormRow)[0].document["values"] == GIVEN
    assert len(ward.events()) == before


@pytest.mark.req("GEN-06")
def test_storing_is_in_the_access_log_without_the_answers(ward):
    ward.keep()
    log = KIT.audit.log
    with ward.database.reading() as session:
        entry = session.execute(select(log).order_by(log.c.sequence.desc())).first()

    assert (entry.actor, entry.pid, entry.action) == ("patient", ward.pid, "write")
    assert (entry.object, entry.change) == (f"form:{ward.course_id}/pasreg", None)


@pytest.mark.req("REG-23")
def test_a_locked_paper_form_stays_and_eprom_still_forgets(ward):
    values = {"definition_version": 1, "document": {"pain_now": 1}, "state": FormState.FINALISED}
    with ward.uow() as store:
        times = {"saved_at": NOW, "saved_by": "user:7"}
        store.add(FormRow(course_id=ward.course_id, form="pasreg", **values, **times))
    ward.keep()

    assert ward.rows(FormRow)[0].document == {"pain_now": 1}
    assert isinstance(ward.events()[-1], PatientFormStored)
    assert set_aside(ward.course_id, "pasreg", ward.pid, uow=ward.uow).is_too_late
    assert ward.acts() == ["too_late"]


@pytest.mark.req("EPR-10")
@pytest.mark.parametrize(
    ("change", "code"),
    [({"pid": 99}, "answers_of_somebody_else"), ({"form": "to"}, "form_unknown"), ({"form": "x"}, "form_unknown")],
)
def test_answers_that_cannot_be_right_are_refused(ward, change, code):
    with pytest.raises(RuleBroken, match=code):
        ward.keep(replace(ward.answers, **change))

    assert ward.rows(FormRow) == []


@pytest.mark.req("EPR-10")
def test_answers_to_a_course_that_is_gone_are_dropped(ward):
    ward.keep(replace(ward.answers, course_id=9999))

    assert ward.rows(FormRow) == []


@pytest.mark.req("BUS-05")
def test_an_eprom_that_is_away_is_asked_again(ward):
    given = {"registries": REGISTRIES, "uow": ward.uow}
    with pytest.raises(OutsideUnavailable):
        fetch_answers(ORDER, answers=Eprom(OutsideUnavailable()), **given)
    fetch_answers(ORDER, answers=Eprom(None), **given)

    assert ward.rows(FormRow) == []


@pytest.mark.req("EPR-09")
def test_answers_that_break_a_rule_are_not_fetched_again_and_again(ward):
    strange = replace(ward.answers, form="no_such_form")
    with pytest.raises(JobRefused, match="form_unknown"):
        fetch_answers(ORDER, answers=Eprom(strange), registries=REGISTRIES, uow=ward.uow)

    assert ward.rows(FormRow) == []


@pytest.mark.req("EPR-09", "REG-22", "REG-33")
def test_answers_that_cannot_be_stored_are_shown_to_those_who_treat(ward):
    ward.hear(eprom.FormAnswered, definition_version=1, answered_at=NOW)
    wrong = replace(ward.answers, document={"answers": {**GIVEN, "contacts_last_year": -4}})
    with pytest.raises(JobRefused, match="answers_not_valid"):
        fetch_answers(ORDER, answers=Eprom(wrong), registries=REGISTRIES, uow=ward.uow)
    (row,) = ward.rows(PatientFormRow)
    assert (row.state, row.code, ward.acts()) == ("answered", "answers_not_valid", ["refuse"])

    fetch_answers(ORDER, answers=Eprom(ward.answers), registries=REGISTRIES, uow=ward.uow)
    (row,) = ward.rows(PatientFormRow)
    assert (row.state, row.code) == ("stored", None)
