"""Clinicians order, stop and close patient forms; eprom hears of it, and what it tells later is joined to that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.queries.course_lines import Icon
from services.registration.store.tables import KIT, Base, CourseRow, FormRow, PatientFormRow
from services.registration.usecases.close_all_patient_forms import close_all_patient_forms
from services.registration.usecases.course_at import CourseAt, FormAt
from services.registration.usecases.order_patient_form import order_patient_form
from services.registration.usecases.ports import Answers
from services.registration.usecases.stop_patient_forms import stop_patient_forms
from services.registration.usecases.store_patient_form import store_patient_form
from shared.contracts import eprom
from shared.contracts.registration import PromOrdered, PromStopped
from tests.registration.usecases.desk import NOW, NURSE
from tests.registration.usecases.test_close_patient_form import FIRST, REGISTRIES, SECOND
from tests.registration.usecases.test_close_patient_form import Ward as Told

OTHERS = frozenset({1})


class Ward(Told):
    """The same course, upon whose patient forms a nurse acts."""

    def at(self, form="", seen=None):
        where = {"course_id": self.course_id, "by": NURSE, "seen": seen}
        return FormAt(**where, form=form) if form else CourseAt(**where)

    def order(self, form="pasreg", *, channel="secure", is_confirmed=False, seen=None):
        order_patient_form(self.at(form, seen), channel=channel, is_confirmed=is_confirmed, uow=self.uow)

    def stop(self, reason=4, seen=None):
        stop_patient_forms(self.at(seen=seen), reason=reason, uow=self.uow)

    def close_all(self, reason=2, seen=None):
        close_all_patient_forms(self.at(seen=seen), reason=reason, uow=self.uow)

    def finish(self, ended_on):
        """A clinician finalises B2.2."""
        document = {"answers": {"end_date": ended_on}, "values": {"end_date": ended_on}}
        who = {"saved_at": NOW, "saved_by": "user:7", "finalised_at": NOW, "finalised_by": "user:7"}
        values = {"definition_version": 1, "document": document, "state": FormState.FINALISED}
        with self.uow() as store:
            store.add(FormRow(course_id=self.course_id, form="b22", **who, **values))

    def sent(self, kind):
        return [event for event in self.events() if isinstance(event, kind)]

    def log(self):
        table = KIT.audit.log
        with self.database.reading() as session:
            rows = session.execute(table.select().order_by(table.c.sequence)).all()
        return [(row.actor, row.action) for row in rows if row.object == f"patient_forms:{self.course_id}"]

    def icons(self):
        return [self.shown(form) for form in ("pasreg", "hads", "eval", "opioid")]


@pytest.fixture
def ward(make_database):
    return Ward(make_database(Base.metadata))


def refused(act, **values):
    with pytest.raises(RuleBroken) as broken:
        act(**values)
    return broken.value.code


@pytest.mark.req("EPR-07", "GEN-06")
@pytest.mark.parametrize("channel", ["secure", "email_sms"])
def test_an_order_is_told_to_eprom_with_its_channel(ward, channel):
    ward.order(channel=channel)
    (told,) = ward.sent(PromOrdered)

    assert (told.course_id, told.pid, told.form, told.channel) == (ward.course_id, ward.pid, "pasreg", channel)
    assert ward.log() == [(NURSE.actor, "order")]


@pytest.mark.req("EPR-07")
def test_an_order_refused_tells_nobody_anything(ward):
    assert refused(ward.order, channel="pigeon") == "choose_channel"
    assert refused(ward.order, form="opioid") == "patient_form_comes_later"
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.hear(eprom.FormSent, channel="digipost", sent_at=NOW)
    assert refused(ward.order) == "patient_form_is_sent"
    assert ward.sent(PromOrdered) == []
    assert ward.log() == []


@pytest.mark.req("EPR-07", "EPR-02")
@pytest.mark.parametrize(("ended_on", "is_early"), [("2026-10-24", False), ("2026-10-25", True)])
def test_opioid_has_its_time_four_weeks_after_the_end(ward, ended_on, is_early):
    ward.finish(ended_on)
    if is_early:
        assert refused(ward.order, form="opioid") == "patient_form_comes_later"
    ward.order("opioid", is_confirmed=is_early)

    assert ward.sent(PromOrdered)[0].form == "opioid"


@pytest.mark.req("EPR-06")
def test_a_stop_goes_for_what_is_ordered_and_what_is_to_come(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.stop(reason=4)

    assert ward.sent(PromStopped) == [PromStopped(course_id=ward.course_id, pid=ward.pid, reason=4)]
    assert ward.icons() == [(Icon.STOPPED, 4)] * 4
    assert ward.log() == [(NURSE.actor, "stop")]
    assert refused(ward.stop) == "sending_is_stopped"
    ward.hear(eprom.FormStopped, reason=4)
    assert [(row.form, row.state) for row in ward.rows(FormRow)] == [("pasreg", FormState.FINALISED)]


@pytest.mark.req("EPR-06", "EPR-09")
def test_an_answer_that_was_faster_than_the_stop_counts(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.stop()
    ward.hear(eprom.FormAnswered, definition_version=1, answered_at=NOW)

    assert ward.shown("pasreg")[0] is Icon.ANSWERED
    assert ward.jobs()["fetch_answers"] == {"order_id": FIRST}


@pytest.mark.req("EPR-06", "EPR-07")
def test_after_a_stop_one_form_can_still_be_ordered(ward):
    ward.stop()
    ward.order("eval")
    ward.hear(eprom.FormOrdered, SECOND, "eval", due_at=NOW)

    assert ward.shown("eval") == (Icon.SENT, None)


@pytest.mark.req("EPR-06", "REG-24")
@pytest.mark.parametrize(("act", "reason"), [("stop", 2), ("stop", None), ("close_all", 7), ("close_all", None)])
def test_only_reasons_of_the_registry_are_taken(ward, act, reason):
    assert refused(getattr(ward, act), reason=reason) == "choose_reason"


@pytest.mark.req("REG-24")
@pytest.mark.parametrize("reason", [1, 2, 3, 4, 5, 9])
def test_all_are_answered_with_one_reason_and_locked(ward, reason):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.close_all(reason)
    forms, (course,) = ward.rows(FormRow), ward.rows(CourseRow)

    assert [row.document["answers"] for row in forms] == [{"complete": 0, "incomplete_reason": reason}] * 4
    assert {(row.state, row.saved_by) for row in forms} == {(FormState.FINALISED, NURSE.actor)}
    assert course.form_status == "1111113333"
    assert ward.sent(PromStopped)[0].reason == reason
    assert ward.icons() == [(Icon.STOPPED, reason)] * 4


@pytest.mark.req("REG-24")
def test_nothing_is_closed_once_somebody_has_begun(ward):
    ward.write(FormState.IN_PROGRESS)
    with ward.uow() as store:
        store.course(ward.course_id).form_status = "1111112111"

    assert refused(ward.close_all) == "a_patient_form_is_begun"
    assert len(ward.rows(FormRow)) == 1
    assert ward.sent(PromStopped) == []


@pytest.mark.req("REG-24", "BUS-03")
def test_news_that_were_under_way_do_not_undo_the_reason(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.close_all(2)
    ward.hear(eprom.FormSent, channel="digipost", sent_at=NOW)
    ward.hear(eprom.FormStopped, reason=2)

    assert ward.shown("pasreg") == (Icon.STOPPED, 2)
    assert ward.typed() == (0, 2)


@pytest.mark.req("REG-24", "EPR-09")
def test_an_answer_under_way_takes_the_place_of_the_reason(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.close_all(2)
    document = {"answers": {"complete": 1, "contacts_last_year": 4}}
    told = {"order_id": FIRST, "course_id": ward.course_id, "pid": ward.pid, "form": "pasreg", "answered_at": NOW}
    store_patient_form(Answers(**told, definition_version=1, document=document), registries=REGISTRIES, uow=ward.uow)

    assert ward.typed() == (1, None)
    assert ward.shown("pasreg")[0] is Icon.ANSWERED


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize("act", ["order", "stop", "close_all"])
def test_a_course_of_others_is_not_there(ward, act):
    with pytest.raises(NotFound):
        getattr(ward, act)(seen=OTHERS)


@pytest.mark.req("EPR-13")
def test_the_days_of_an_order_are_those_of_oslo(ward):
    ward.clock.move(timedelta(hours=11, minutes=30))
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.hear(eprom.FormSent, channel="digipost", sent_at=NOW)
    ward.hear(eprom.ReminderSent, sent_at=NOW)
    (row,) = ward.rows(PatientFormRow)

    assert (row.noted_on, row.sent_on) == (date(2026, 11, 22), date(2026, 11, 22))


@pytest.mark.req("EPR-13")
def test_a_form_closed_without_an_order_was_never_ordered(ward):
    ward.close_all(5)
    rows = ward.rows(PatientFormRow)
    assert {(row.order_id, row.noted_on, row.sent_on) for row in rows} == {("", NOW.date(), None)}


@pytest.mark.req("EPR-15")
def test_why_a_form_reached_nobody_is_kept_until_it_is_ordered_anew(ward):
    ward.hear(eprom.FormOrdered, due_at=NOW)
    ward.hear(eprom.DeliveryFailed, channel="none", code="no_mailbox")
    assert ward.rows(PatientFormRow)[0].code == "no_mailbox"
    ward.hear(eprom.FormOrdered, SECOND, due_at=NOW)
    assert ward.rows(PatientFormRow)[0].code is None
