"""Answers leave as a QuestionnaireResponse that fits its Questionnaire, and come back as they were."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.forms.definition import Type
from shared.forms.fhir import answers_of, questionnaire, questionnaire_response
from tests.shared.forms.fhir_rules import items_of
from tests.shared.forms.strategies import FORMS, REGISTRY, answers

CONTEXT = {"today": date(2026, 11, 21), "birth_date": date(1957, 5, 17), "legal_basis": "consent", "gender": 2}
VALUES = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "string": "valueString",
    "text": "valueString",
    "choice": "valueCoding",
}
MADE = {key: {item["linkId"]: item for item in items_of(questionnaire(REGISTRY.form(key)))} for key in FORMS}


def kept(form, given_answers):
    return form.kept(form.read_values(given_answers, form.new()).document, CONTEXT)


def answered(items):
    """Every item of a response with its answers, those inside answers too."""
    for item in items:
        yield item
        yield from answered(item.get("item", []))
        yield from (inner for answer in item.get("answer", []) for inner in answered(answer.get("item", [])))


def exchanged(form, values):
    inside = {q.key for q in form.questions.values() if q.is_internal}
    return {key: value for key, value in values.items() if key not in inside}


@pytest.mark.req("REG-35")
@pytest.mark.parametrize("key", FORMS)
@given(data=st.data())
def test_answers_come_back_as_they_were(key, data):
    form = REGISTRY.form(key)
    document = kept(form, data.draw(answers(key)))
    draft = form.read_values(answers_of(form, questionnaire_response(form, document)), form.new())
    assert draft.problems == ()
    assert exchanged(form, form.kept(draft.document, CONTEXT)["values"]) == exchanged(form, document["values"])


@pytest.mark.req("REG-35")
@pytest.mark.parametrize("key", FORMS)
@given(data=st.data())
def test_a_response_fits_its_questionnaire(key, data):
    form = REGISTRY.form(key)
    response = questionnaire_response(form, kept(form, data.draw(answers(key))))
    for item in answered(response["item"]):
        asked = MADE[key][item["linkId"]]
        assert "answer" not in item if asked["type"] == "group" else item["answer"]
        assert len(item.get("answer", [])) <= 1 or asked["repeats"]
        for answer in item.get("answer", []):
            assert [name for name in answer if name != "item"] == [VALUES[asked["type"]]]
            codes = [option["valueCoding"] for option in asked.get("answerOption", [])]
            chosen = answer.get("valueCoding", {})
            assert not codes or (chosen["system"], chosen["code"]) in {(c["system"], c["code"]) for c in codes}


@pytest.mark.req("REG-35")
def test_a_response_is_read_by_a_library_for_the_standard():
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    form = REGISTRY.form("b11")
    given_answers = {
        "analgesics_first_visit": ["opioids"],
        "opioids": {"morphine_pills": 10},
        "pain_diagnoses": [{"id": "a1"}],
    }
    response = questionnaire_response(form, kept(form, given_answers), "in-progress")
    assert QuestionnaireResponse.model_validate(response).status == "in-progress"
    rows = [item for item in answered(response["item"]) if item["linkId"] == "pain_diagnoses"]
    assert [row["id"] for row in rows] == ["a1"]


@pytest.mark.req("REG-35", "GEN-04")
def test_a_response_holds_no_identity():
    form = REGISTRY.form("po")
    text = str(questionnaire_response(form, kept(form, {"phone": "91234567", "email": "a@example.no"})))
    assert not [word for word in ("1957", "91234567", "example.no") if word in text]


@pytest.mark.req("REG-35")
def test_what_a_response_should_not_hold_is_told():
    form = REGISTRY.form("to")
    response = {"item": [{"linkId": "tea", "answer": [{"valueString": "x"}]}, {"linkId": "age", "answer": []}]}
    problems = form.read_values(answers_of(form, response), form.new()).problems
    assert [(problem.path, problem.text) for problem in problems] == [("tea", "question.unknown")]
    assert form.questions["age"].type is Type.COMPUTED
