"""NorPain from the right to health care to one year after the end, in Chromium; a suite of its own, since a year goes by."""

from __future__ import annotations

import re
from shutil import copytree

import pytest
from playwright.sync_api import expect

from deploy.demo.users import PASSWORD
from shared.testing.browser import check_page
from tests.deploy.running import Running, own_folder
from tests.journeys.answers import ANSWERED, SENT
from tests.journeys.forms import add_row, fill_in, finalise, open_form, register, signs
from tests.journeys.kept import sent
from tests.journeys.patient import answer
from tests.journeys.walker import KARI, KARI_NAME, Walker, user_named

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.xdist_group("norpain")]
REFERRAL = {"referral_date": "19.11.2026", "referred_by": 1, "right_to_health_care": 1, "informed": 1}
VISIT = {"first_visit_date": "21.11.2026", "meeting": 1, "professions": "doctor", "pain_duration": 3}
DIAGNOSIS = {"lasting_category": 4, "diagnosis_code": "G54.6", "main_diagnosis": 1}
PLAN = {"treatment_plan": "medication", "opioids_daily": 0}
END = {"end_date": "21.11.2026", "end_reason": 1, "treatment_given": "medication", "caregivers.doctor": "true"}
RESULT = {"caregivers.doctor.times": "2", "clinician_change": 3, "follow_up": "general_practitioner"}
BOTH = ("Nasjonalt kvalitetsregister for smertebehandling", "Nasjonalt smerteklinikkregister")


@pytest.fixture(scope="module")
def walker(first_start):
    """A whole suite of this journey's own."""
    with own_folder() as folder, Running(copytree(first_start[0], folder / "suite")) as running:
        running.is_stack = False
        yield Walker(running)


@pytest.mark.req("GEN-01")
def test_who_works_in_both_registries_chooses_one_at_log_in(walker, plain_page):
    page = plain_page()
    page.goto(walker.at("registration", "/work-list"))
    walker.type_password(page, "nils.koordinator", PASSWORD)
    walker.type_code(page, user_named("nils.koordinator").mobile, 0)
    for name in BOTH:
        expect(page.locator("main")).to_contain_text(name)
    page.click("section[aria-labelledby=project-norpain] form button")
    page.wait_for_url(re.compile("/work-list"))
    assert "Avsl" in page.locator("thead abbr").all_text_contents()


def give_right(page, walker):
    """A clinician registers a referral and the right to health care; nobody asks for consent. Returns the FID."""
    walker.log_in(page, "berit.lege", "registration", "/registrations/new")
    page.wait_for_selector("[name=number]")
    course_id = register(page, walker, KARI, KARI_NAME)
    open_form(page, walker, course_id, "referral")
    expect(page.locator("main")).not_to_contain_text("Skriftlig samtykke")
    fill_in(page, REFERRAL)
    finalise(page, "referral")
    expect(page.locator("main")).to_contain_text("3: rett til helsehjelp gitt")
    return course_id


def treat_and_end(page, walker, course_id, picture):
    """Assessment and closing, each finalised."""
    open_form(page, walker, course_id, "assessment")
    fill_in(page, VISIT)
    add_row(page, "pain_diagnoses", DIAGNOSIS)
    fill_in(page, PLAN)
    picture(page, "norpain-assessment")
    check_page(page)
    finalise(page, "assessment")
    walker.wait_for(lambda: order_state(walker, course_id, "midway") == "waiting")
    open_form(page, walker, course_id, "closing")
    fill_in(page, END | RESULT)
    finalise(page, "closing")


def order_state(walker, course_id, form):
    """What eprom says of a form of a course; nothing while it is not ordered."""
    query = "SELECT state FROM form_order WHERE course_id = :course AND form = :form"
    return next((row[0] for row in walker.rows("eprom", query, course=course_id, form=form)), None)


def told(page, walker, course_id):
    """What the list says of the patient's forms."""
    return list(signs(page, walker, course_id, "patient-forms").values())


@pytest.mark.req("GEN-01", "GEN-02", "EPR-01", "EPR-03", "EPR-11", "REG-22")
def test_a_patient_is_asked_before_the_first_visit_and_a_year_after_the_end(walker, plain_page, picture):
    page = plain_page(statuses=(422, 404))
    course_id = give_right(page, walker)
    walker.move_clock_to(walker.order_due(course_id, form="baseline"))
    link = walker.wait_for(lambda: [message["links"][0] for message in walker.inbox(to=KARI)])[0]
    phone = plain_page(width=390, height=844, statuses=(422, 404))
    assert answer(phone, walker, link, KARI, picture, name="norpain") > 60
    walker.log_in(page, "berit.lege", "registration", "/patient-forms")  # hours have gone by
    walker.wait_for(lambda: told(page, walker, course_id)[0] == ANSWERED)
    picture(page, "norpain-list")
    check_page(page)
    treat_and_end(page, walker, course_id, picture)
    due = walker.order_due(course_id, form="followup")
    assert (due.year, due.month, due.day) == (2027, 11, 21)
    assert order_state(walker, course_id, "midway") == "stopped"
    walker.move_clock_to(due)
    walker.wait_for(lambda: order_state(walker, course_id, "followup") == "sent")
    assert list(sent(walker, course_id).values()) == ["first", "first"]
    walker.log_in(page, "berit.lege", "registration", "/patient-forms")  # a year has gone by
    walker.wait_for(lambda: told(page, walker, course_id)[2] == SENT)
