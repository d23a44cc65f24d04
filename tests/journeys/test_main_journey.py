"""The registry's main journey in Chromium: registration, the clinicians' forms, the patient's answers, storing them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page
from tests.journeys.answers import (
    ANSWERED,
    ASKED,
    BEGUN,
    CLINICIANS,
    CLOSED,
    DONE,
    FOUND,
    IS_INCLUDED,
    NEW,
    SENT,
    TO_BEGUN,
    TO_REST,
    VISIT,
)
from tests.journeys.forms import add_row, fill_in, finalise, include, open_form, register, save, signs
from tests.journeys.kept import copies, link_of, order_of
from tests.journeys.patient import answer
from tests.journeys.walker import KARI, KARI_NAME, Walker

pytestmark = [pytest.mark.journey, pytest.mark.browser]
OLA, OLA_NAME = "03824949912", "Steinvik"
PLACE = {"registered_date": "20.11.2026", "location": 1, "ward": 2, "admission_diagnosis": "Hoftebrudd"}
ACUTE = {"pain_category": 1, "acute_category": 1, "procedure_code": "NFB20", "main_diagnosis": 1}
LASTING = {"pain_category": 2, "lasting_category": 4, "neuropathic_subcategory": "f"}
LASTING |= {"code_peripheral_neuropathic": "G54.6", "main_diagnosis": 0}
ANALGESICS = {"analgesics_on_admission": "none", "analgesics_first_visit": "opioids"}
DOSES = {"opioids.morphine_release_pills": "60", "opioids.oxycodone_capsules": "20"}
REST = dict.fromkeys(("inappropriate_use", "central_block", "peripheral_block", "earlier_misuse", "current_misuse"), 0)


def begin(walker, new_page, number, name):
    """A clinician logs in and opens a course for a patient; returns the page and the FID."""
    page = new_page(statuses=(422, 404))
    walker.log_in(page, "lise.lege", "registration", "/registrations/new")
    page.wait_for_selector("[name=number]")
    return page, register(page, walker, number, name)


def leave_unseen(page, walker, course_id):
    """TO of a patient whom nobody has had the time to see: little is asked, and little is open."""
    open_form(page, walker, course_id, "to")
    fill_in(page, {"supervision": 3})
    save(page)
    states = signs(page, walker, course_id)
    assert [states[form] for form in CLINICIANS] == [BEGUN, NEW, CLOSED, CLOSED, CLOSED]
    assert set(signs(page, walker, course_id, "patient-forms").values()) == {CLOSED}


def fill_in_b11(page, walker, course_id, picture):
    """Where, why, which pain and which opioids; the equivalents are added up while typing."""
    open_form(page, walker, course_id, "b11")
    fill_in(page, PLACE)
    add_row(page, "pain_diagnoses", ACUTE)
    add_row(page, "pain_diagnoses", LASTING)
    fill_in(page, {**ANALGESICS, **DOSES})
    expect(page.locator("#q-opioids tfoot")).to_have_text(re.compile(r"90\s*$"))
    picture(page, "form")
    page.click("button[value=finalise]")
    page.wait_for_selector("#form-problems")
    check_page(page)
    fill_in(page, {**REST, "ward_recordings": "3"})
    finalise(page, "b11")


def fill_in_visits(page, walker, course_id):
    """Pain at the first visit, begun and gone on with later, and at the last one."""
    open_form(page, walker, course_id, "b12")
    fill_in(page, VISIT)
    save(page)
    assert signs(page, walker, course_id)["B1.2"] == BEGUN
    for form, answers in (("b12", FOUND), ("b21", VISIT | FOUND)):
        open_form(page, walker, course_id, form)
        fill_in(page, answers)
        finalise(page, form)


@pytest.mark.req("REG-06", "REG-07", "REG-11", "REG-12", "REG-13", "REG-14", "REG-15", "REG-20")
def test_a_clinician_fills_in_what_the_course_opens(suite, new_page, picture):
    walker = Walker(suite)
    page, course_id = begin(walker, new_page, OLA, OLA_NAME)
    leave_unseen(page, walker, course_id)
    include(page, walker, course_id)
    states = signs(page, walker, course_id)
    assert [states[form] for form in CLINICIANS] == [DONE, NEW, NEW, NEW, NEW]
    fill_in_b11(page, walker, course_id, picture)
    fill_in_visits(page, walker, course_id)
    states = signs(page, walker, course_id)
    assert [states[form] for form in CLINICIANS] == [DONE, DONE, DONE, DONE, NEW]
    check_page(page)
    kept = "SELECT procedure_code, diagcode FROM x_smertereg_b11_pain_diagnoses WHERE course_id = :course ORDER BY position"
    assert walker.rows("registration", kept, course=course_id) == [("NFB20", None), (None, "G54.6")]


def finalise_to(page, walker, course_id):
    """TO: incomplete first, then finalised; inclusion is computed."""
    open_form(page, walker, course_id, "to")
    fill_in(page, TO_BEGUN)
    page.click("button[value=finalise]")
    page.wait_for_selector("#form-problems")
    fill_in(page, TO_REST)
    finalise(page, "to")
    expect(page.locator("main")).to_contain_text(IS_INCLUDED)


def send(walker, course_id):
    """Wait for the day's dispatch; returns the order of Pasreg and the links the patient got."""
    walker.move_clock_to(walker.order_due(course_id))
    walker.wait_for(lambda: len(walker.inbox(to=KARI)) >= 2)
    return order_of(walker, course_id), [message["links"][0] for message in walker.inbox(to=KARI)]


def told(page, walker, course_id):
    """What the list says of Pasreg."""
    return signs(page, walker, course_id, "patient-forms")["Pasreg"]


@pytest.mark.req("REG-01", "REG-06", "REG-12", "REG-22", "EPR-01", "EPR-03", "EPR-08", "EPR-09", "BUS-01")
def test_a_patient_is_registered_asked_and_answers(suite, new_page, picture):
    walker = Walker(suite)
    page, course_id = begin(walker, new_page, KARI, KARI_NAME)
    finalise_to(page, walker, course_id)
    walker.wait_for(lambda: told(page, walker, course_id) == SENT)
    order_id, links = send(walker, course_id)
    phone = new_page(width=390, height=844, statuses=(422, 404))
    link = walker.wait_for(lambda: link_of(walker, order_id, links))
    answer(phone, walker, link, KARI, picture, name="patient")
    walker.log_in(page, "lise.lege", "registration", "/patient-forms")  # hours have gone by
    walker.wait_for(lambda: told(page, walker, course_id) == ANSWERED)
    check_page(page)
    picture(page, "work-list")
    walker.wait_for(lambda: copies(walker, order_id) == 0)
    page.click(f"tr:has(a[href$='/courses/{course_id}']) a.state >> nth=0")
    page.wait_for_url(re.compile("/forms/pasreg$"))
    expect(page.locator("main")).to_contain_text(ASKED)
    check_page(page)
