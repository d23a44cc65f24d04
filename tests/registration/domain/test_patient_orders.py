"""What may be done with the patient forms of a course, and when."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import FormState as F
from services.registration.domain.patient_form import PatientFormState as S
from services.registration.domain.patient_form import Told
from services.registration.domain.patient_orders import (
    PatientForm,
    PatientForms,
    check_close_all,
    check_order,
    check_stop,
    check_time,
)

TODAY = date(2026, 11, 21)


def form(state=F.NEW, told=None, *, key="pasreg", reason=None, **more):
    news = None if told is None else Told(order_id="a", state=told, reason=reason)
    return PatientForm(key=key, state=state, told=news, **more)


def course(*forms, may_be_asked=True, is_dead=False):
    return PatientForms(forms=forms, may_be_asked=may_be_asked, is_dead=is_dead)


def refusal(rule, *given, **more):
    try:
        rule(*given, **more)
    except RuleBroken as broken:
        return broken.code
    return None


@pytest.mark.req("EPR-07")
@pytest.mark.parametrize(
    ("state", "told", "expected"),
    [
        (F.NEW, None, None),
        (F.NEW, S.ORDERED, None),
        (F.NEW, S.UNDELIVERED, None),
        (F.NEW, S.STOPPED, None),
        (F.NEW, S.SENT, "patient_form_is_sent"),
        (F.NEW, S.REMINDED, "patient_form_is_sent"),
        (F.NEW, S.ANSWERED, "patient_form_is_begun"),
        (F.FINALISED, S.STORED, "patient_form_is_begun"),
        (F.IN_PROGRESS, None, "patient_form_is_begun"),
        (F.CLOSED, None, "form_is_closed"),
    ],
)
def test_what_is_not_with_the_patient_yet_can_be_ordered(state, told, expected):
    one = form(state, told)
    assert refusal(check_order, course(one), one) == expected


@pytest.mark.req("EPR-07", "EPR-10")
def test_neither_the_dead_nor_those_who_were_not_asked_are_sent_anything():
    one = form()
    assert refusal(check_order, course(one, is_dead=True), one) == "patient_is_dead"
    assert refusal(check_order, course(one, may_be_asked=False), one) == "patient_form_needs_consent"


@pytest.mark.req("EPR-07")
def test_a_form_that_was_locked_unanswered_can_be_ordered_again():
    one = form(F.FINALISED, S.EXPIRED, reason=7, is_unanswered=True)
    assert refusal(check_order, course(one), one) is None


@pytest.mark.req("EPR-07")
@pytest.mark.parametrize(
    ("counts_from", "expected"),
    [
        (None, "patient_form_comes_later"),
        (date(2026, 10, 25), "patient_form_comes_later"),
        (date(2026, 10, 24), None),
    ],
)
def test_a_form_before_its_time_is_confirmed(counts_from, expected):
    one = form(waits_days=28, counts_from=counts_from)
    assert refusal(check_time, one, TODAY, is_confirmed=False) == expected
    assert refusal(check_time, one, TODAY, is_confirmed=True) is None


@pytest.mark.req("EPR-07")
def test_a_form_that_waits_for_nothing_is_never_early():
    assert not form().is_early(TODAY)
    assert form().due_on is None


@pytest.mark.req("EPR-06")
@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ([form(), form(told=S.SENT)], None),
        ([form(told=S.STOPPED, reason=4), form(told=S.REMINDED)], None),
        ([form(told=S.STOPPED, reason=4), form(F.FINALISED, S.STORED)], "sending_is_stopped"),
        ([form(F.FINALISED, S.STORED), form(told=S.ANSWERED), form(F.CLOSED)], "no_patient_form_open"),
    ],
)
def test_the_sending_is_stopped_once_and_while_an_answer_can_come(forms, expected):
    assert refusal(check_stop, course(*forms)) == expected


@pytest.mark.req("REG-24")
@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ([form(), form(told=S.SENT), form(F.CLOSED)], None),
        ([form(), form(F.IN_PROGRESS)], "a_patient_form_is_begun"),
        ([form(), form(F.FINALISED)], "a_patient_form_is_begun"),
        ([form(), form(told=S.ANSWERED)], "a_patient_form_is_begun"),
        ([form(), form(F.FINALISED, S.EXPIRED, reason=7, is_unanswered=True)], None),
        ([form(F.FINALISED, S.EXPIRED, reason=7, is_unanswered=True)], "no_patient_form_open"),
    ],
)
def test_all_are_closed_at_once_only_while_none_is_begun(forms, expected):
    assert refusal(check_close_all, course(*forms)) == expected


def test_a_form_that_the_registry_does_not_send_is_not_found():
    with pytest.raises(NotFound):
        course(form()).form("b22")
