"""Answers of every kind as the page of differences says them."""

from __future__ import annotations

import pytest

from services.registration.pages.answer_text import Wording
from shared.forms.catalogue import registry

pytestmark = pytest.mark.req("REG-13")
SMERTEREG, ROW = registry("smertereg"), {"id": "r1", "pain_category": 1}


@pytest.fixture
def words(site):
    """Says an answer of a form."""
    with site.app.test_request_context("/", headers={"Accept-Language": "nb"}):
        yield lambda form, place, value: Wording(SMERTEREG.form(form)).answer(place, value)


@pytest.mark.parametrize(
    ("form", "place", "value", "text"),
    [
        ("to", "referral_date", "2026-11-19", "19.11.2026"),
        ("to", "referral_date", None, "Ikke besvart"),
        ("to", "supervision", 1, "Ja"),
        ("to", "referred_by", ["request", "phone"], "Tilsynsanmodning, Telefon/Calling"),
        ("b12", "strongest_at_rest", 7, "7"),
        ("b11", "pain_diagnoses.r1", None, "Raden er fjernet"),
        ("to", "_comment", "To\nlinjer", "To\nlinjer"),
        ("to", "_comment", None, "Ikke besvart"),
    ],
)
def test_an_answer_is_said_as_people_read_it(words, form, place, value, text):
    assert words(form, place, value) == text


def test_tables_are_said_line_by_line(words):
    visits = next(q for q in SMERTEREG.form("b22").questions.values() if q.lines)
    first, second = visits.lines[:2]
    told = words("b22", visits.key, {first.code: 2, second.code: None})
    assert told == f"{first.label['nb']}: 2; {second.label['nb']}: ?"
    dose = SMERTEREG.form("b11").questions["opioids"].preparations.items[0]
    assert words("b11", "opioids", {"doses": {dose.key: 40.5}}) == f"{dose.label['nb']}: 40,5 {dose.unit}"
    assert words("b11", "pain_diagnoses.r1", ROW).endswith(": Akutt smerte")
