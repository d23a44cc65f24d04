"""What cannot be an answer is told, never dropped and never a crash."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from shared.forms.catalogue import registry

SMERTEREG = registry("smertereg")


@pytest.mark.req("REG-15", "REG-16")
def test_a_dose_below_nothing_is_told_beside_it():
    form = SMERTEREG.form("b11")
    fields = MultiDict([("_shown", "opioids"), ("opioids.morphine_pills", "-5")])
    draft = form.read(fields, form.new())
    assert [(p.path, p.message()) for p in draft.problems] == [
        ("opioids.morphine_pills", "Tallet kan ikke være mindre enn 0.")
    ]
    assert draft.typed["opioids.morphine_pills"] == "-5"


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize(
    ("form", "given", "path", "text"),
    [
        ("b11", {"opioids": 5}, "opioids", "rows.format"),
        ("b11", {"opioids": {"doses": {}, "more": 1}}, "opioids", "rows.format"),
        ("b11", {"opioids": {"doses": {"tea": 1}}}, "opioids.tea", "choice.unknown"),
        ("b22", {"caregivers": ["doctor"]}, "caregivers", "rows.format"),
        ("b22", {"caregivers": {"nobody": 1}}, "caregivers.nobody", "choice.unknown"),
        ("b11", {"pain_diagnoses": [{"id": "a"}, {"id": "a"}]}, "pain_diagnoses", "rows.format"),
        ("b11", {"pain_diagnoses": [{"id": "a b"}]}, "pain_diagnoses", "rows.format"),
        ("b11", {"pain_diagnoses": [{"id": "a", "tea": 1}]}, "pain_diagnoses.a.tea", "question.unknown"),
        (
            "b11",
            {"pain_diagnoses": [{"id": "a", "diagnosis_code": 1}]},
            "pain_diagnoses.a.diagnosis_code",
            "question.computed",
        ),
        ("to", {"age": 7}, "age", "question.computed"),
        ("to", {"tea": 7}, "tea", "question.unknown"),
    ],
)
def test_what_a_program_sends_wrongly_is_told_with_its_place(form, given, path, text):
    one = SMERTEREG.form(form)
    assert [(p.path, p.text) for p in one.read_values(given, one.new()).problems] == [(path, text)]


def test_nothing_takes_an_answer_of_any_type_away():
    form = SMERTEREG.form("b11")
    given = {"analgesics_first_visit": ["opioids"], "opioids": {"morphine_pills": 5}, "pain_diagnoses": [{"id": "a"}]}
    document = form.read_values(given, form.new()).document
    emptied = form.read_values(dict.fromkeys(given), document)
    assert emptied.problems == ()
    assert emptied.document["answers"] == {}
