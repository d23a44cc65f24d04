"""A whole course of type 3 entered with Enter, Tab, digits and letters alone; keys and waits are counted and printed."""

from __future__ import annotations

import re
import sys

import pytest

from services.registration.domain.form_state import FormState
from services.registration.store.tables import CourseRow, FormRow, PlaceRow
from tests.registration.pages.conftest import log_in
from tests.registration.site import HUS

pytestmark = [pytest.mark.browser, pytest.mark.req("REG-13", "OPS-07")]
MOST_STEPS, MOST_KEYS, MOST_PAGES = 120, 320, 15
FOCUSED = "[document.activeElement.name || document.activeElement.id, document.activeElement.localName]"
IN_FORM = "document.activeElement.closest('form.register-form') !== null"
STILL = "() => !document.querySelector('.htmx-request') && !document.querySelector('.htmx-settling')"
VISIT = [("registered_date", "201126"), ("can_state_nrs", "Ja")]
PAIN = [("strongest_at_rest", "7"), ("weakest_at_rest", "2"), ("strongest_in_motion", "8"), ("weakest_in_motion", "4")]
FOUND = [*PAIN, ("acceptable_pain", "Nei"), ("function_level", "Gå uten hjelpemidler")]
COURSE = {
    "to": [
        ("referral_date", "191126"),
        ("supervision", "Ja"),
        ("norwegian_speaking", "Ja"),
        ("cognitively_impaired", "Nei"),
    ],
    "b11": [
        ("registered_date", "201126"),
        ("location", "Sentralblokken"),
        ("ward", "Ortopedi"),
        ("admission_diagnosis", "Hoftebrudd"),
        ("#pain_diagnoses", "Enter"),
        (".pain_category", "Akutt smerte"),
        (".acute_category", "På grunn av skade/traume"),
        (".anatomical_region", "Underekstremiteter"),
        (".leg_part", "Hofte høyre"),
        (".main_diagnosis", "Ja"),
        ("#pain_diagnoses", "Enter"),
        ("analgesics_on_admission", "Ingen"),
        ("analgesics_first_visit", "Opioider"),
        ("opioids.morphine_release_pills", "60"),
        ("opioids.oxycodone_capsules", "20"),
        ("inappropriate_use", "Nei"),
        ("central_block", "Nei"),
        ("peripheral_block", "Nei"),
        ("earlier_misuse", "Nei"),
        ("current_misuse", "Nei"),
        ("ward_recordings", "3"),
    ],
    "b12": [*VISIT, *FOUND],
    "b21": [*VISIT, *FOUND],
    "b22": [
        ("end_date", "211126"),
        ("caregivers.nurse.times", "2"),
        ("consultations", "6"),
        ("total_hours", "3"),
        ("medication", "Nei"),
        ("non_medical", "Nei"),
        ("central_block", "Nei"),
        ("peripheral_block", "Nei"),
        ("should_be_followed_up", "Nei"),
        ("pain_clinic", "Nei"),
    ],
}


class Typist:
    """Somebody whose hands stay on the keyboard."""

    def __init__(self, page):
        self.page, self.keys, self.loads, self.redraws = page, 0, 0, 0
        page.on("framenavigated", lambda frame: self._count(frame == page.main_frame))
        page.on("response", lambda response: self._redrawn(response.url))

    def _count(self, is_page):
        self.loads += is_page

    def _redrawn(self, url):
        self.redraws += url.endswith("/draw")

    def press(self, key):
        self.page.keyboard.press(key)
        self.keys += 1

    def write(self, text):
        for sign in text:
            self.press(sign)

    def step(self):
        """The next question with Enter, or the next thing with Tab where Enter would press it."""
        name, kind = self.page.evaluate(FOCUSED)
        self.press("Enter" if kind in {"input", "select"} and self.page.evaluate(IN_FORM) else "Tab")
        return name

    def go_to(self, wanted):
        """Move on until the focus is at a place: a name, or what a button sends."""
        for _ in range(MOST_STEPS):
            self.page.wait_for_function(STILL)
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
            self.step()
        raise AssertionError(f"{wanted} was not reached; the focus is at {self.page.evaluate(FOCUSED)}")

    def answer(self, name, value):
        """A text, a digit or two for the option with a label, or the key for a button; a row's own name begins with a dot."""
        if name.startswith("#"):
            self.go_to(name)
            self.press(value)
            return
        self.go_to(f"[name$='{name}']" if name.startswith(".") else f"[name='{name}']")
        if self.page.evaluate("['radio', 'checkbox'].includes(document.activeElement.type)"):
            value = self._number(name, value)
        self.write(value)

    def _number(self, name, label):
        if label.isdecimal():
            return label
        labels = self.page.locator(
            f".question:not(:has(.question)):has([name$='{name}']) .options label"
        ).all_inner_texts()
        said = [re.sub(r"^\d+\s*", "", text.strip()).split("\n")[0].strip() for text in labels]
        return str(said.index(label) + 1)


@pytest.fixture
def typist(desk, new_page):
    page = new_page(height=900)
    log_in(desk, page)
    return Typist(page)


@pytest.fixture
def places(desk):
    rows = [("location", "Sentralblokken"), ("ward", "Kirurgi"), ("ward", "Ortopedi"), ("ward", "Medisin")]
    with desk.uow() as store:
        for kind, name in rows:
            store.add(PlaceRow(kind=kind, organisation=HUS, name=name, short_name=name))


def finish(typist, form):
    """Fill in one form, finalise it, and go on to the next one."""
    typist.page.wait_for_url(re.compile(f"/forms/{form}"))
    for name, value in COURSE[form]:
        typist.answer(name, value)
    typist.go_to("button[value=finalise]")
    typist.press("Enter")
    typist.page.wait_for_url(re.compile(f"finalised={form}"))
    if form != "b22":
        typist.go_to("a.ds-button[href*='/forms/']")
        typist.press("Enter")


@pytest.mark.usefixtures("places")
def test_a_course_of_type_three_needs_no_mouse(desk, typist, capsys):
    course_id = desk.register()
    typist.page.goto(f"{desk.address}/courses/{course_id}/forms/to")
    for form in COURSE:
        finish(typist, form)
    with desk.database.reading() as session:
        states = {form: session.get(FormRow, (course_id, form)).state for form in COURSE}
        assert session.get(CourseRow, course_id).course_type == 3
    assert states == dict.fromkeys(COURSE, FormState.FINALISED)
    counted = f"{typist.keys} keys, {typist.loads} pages, {typist.redraws} redraws"
    with capsys.disabled():
        sys.stdout.write(f"\na course of type 3 by keyboard: {counted}\n")
    assert typist.keys <= MOST_KEYS
    assert typist.loads <= MOST_PAGES
