"""A response from outside becomes the document that our own pages would have made, or tells its faults."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.forms.catalogue import load_registry, registry
from shared.forms.fhir import questionnaire, questionnaire_response, read_response, response_flaws
from shared.forms.fhir.response_rules import MOST_LEVELS
from tests.shared.forms.copies import copied, question_of, with_next_version
from tests.shared.forms.responses import TODAY, answered, asked, item_of, items_of, response_to
from tests.shared.forms.strategies import REGISTRY, answers

pytestmark = pytest.mark.req("REG-35", "EPR-01")
FORMS = [(key, form) for key in ("smertereg", "norpain") for form in registry(key).rules.forms["patient"]]
PASREG = REGISTRY.form("pasreg")


@cache
def sent(key, form):
    return response_to(registry(key).form(form))


def faults(response, form=PASREG):
    found = read_response(form, response, TODAY)
    assert bool(found.faults) is not bool(found.document)
    return {(fault.places[0], str(fault.reason)) for fault in found.faults}


def changed(**changes):
    return {**deepcopy(sent("smertereg", "pasreg")), **changes}


@pytest.mark.parametrize(("key", "name"), FORMS)
def test_a_whole_response_becomes_the_document_of_the_pages(key, name):
    form = registry(key).form(name)
    found = read_response(form, sent(key, name), TODAY)

    assert found.faults == ()
    assert found.document == answered(form)


@pytest.mark.parametrize("key", ["pasreg", "opioid", "eval"])
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_a_patient_answers_comes_back_or_breaks_a_rule_of_the_form(key, data):
    form = REGISTRY.form(key)
    drawn = {name: value for name, value in data.draw(answers(key)).items() if name in asked(form)}
    document = form.read_values(drawn, form.new_for_patient()).document
    found = read_response(form, response_to(form, document), TODAY)

    assert {str(fault.reason) for fault in found.faults} <= {"required", "limit", "option"}
    if not found.faults:
        values = [form.kept(one, {"today": TODAY})["values"] for one in (document, found.document)]
        assert values[0] == values[1]


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"resourceType": "Bundle"}, "resourceType", "type"),
        ({"status": "in-progress"}, "status", "option"),
        ({"status": None}, "status", "option"),
        ({"questionnaire": "Questionnaire/smertereg-pasreg-1"}, "questionnaire", "option"),
        ({"questionnaire": "Questionnaire/smertereg-pasreg-1|2"}, "questionnaire", "option"),
        ({"questionnaire": ["x"]}, "questionnaire", "option"),
        ({"authored": "i går"}, "authored", "type"),
        ({"authored": "2026-11-23T10:15:00"}, "authored", "type"),
        ({"item": []}, "item", "required"),
        ({"item": {"linkId": "x"}}, "item", "type"),
        ({"subject": {"display": "Kari"}}, "subject", "unknown"),
        ({"source": {"type": "Patient", "display": "Kari"}}, "source", "option"),
        ({"source": None}, "source", "option"),
        ({"contained": [{"resourceType": "Patient"}]}, "contained", "unknown"),
    ],
)
def test_the_head_says_what_the_response_is_and_nobodys_name(changes, place, reason):
    assert faults(changed(**changes)) == {(f"QuestionnaireResponse.{place}", reason)}


def test_an_element_of_the_senders_own_making_is_told_without_its_name():
    assert faults(changed(**{"17855749815": "x"})) == {("QuestionnaireResponse", "unknown")}


def with_answer(link, *given_answers):
    response = changed()
    item_of(response, link)["answer"] = list(given_answers)
    return response


CODE = {"system": "urn:registry:smertereg:codelist:degree", "code": "1"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([{"valueCoding": {"code": "77"}}], "option"),
        ([{"valueCoding": {**CODE, "system": "urn:other"}}], "option"),
        ([{"valueCoding": {**CODE, "system": ["x"]}}], "type"),
        ([{"valueString": "1"}], "type"),
        ([{"valueInteger": 1}], "type"),
        ([{"valueCoding": CODE, "valueInteger": 1}], "type"),
        ([{}], "type"),
        ([{"valueCoding": CODE}, {"valueCoding": CODE}], "repeated"),
        ([{"valueCoding": CODE, "item": [{"linkId": "tea", "answer": [{"valueBoolean": True}]}]}], "unknown"),
    ],
)
def test_an_answer_that_is_not_as_asked_is_told_with_its_place(answer, reason):
    found = faults(with_answer("sleep_before_admission", *answer))
    assert [told for _, told in found] == [reason]
    assert next(iter(found))[0].startswith("QuestionnaireResponse.item[0].item[0]")


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("integer", {"valueInteger": 2**31}, "type"),
        ("integer", {"valueInteger": 1.5}, "type"),
        ("decimal", {"valueDecimal": float("inf")}, "type"),
        ("decimal", {"valueDecimal": float("nan")}, "type"),
        ("string", {"valueString": "a\u0000b"}, "type"),
        ("string", {"valueString": "\ud800"}, "type"),
        ("string", {"valueString": "  "}, "type"),
        ("date", {"valueDate": "2026-02-30"}, "type"),
        ("date", {"valueDate": "2026-02"}, "type"),
    ],
)
def test_values_that_no_answer_can_be_are_of_no_type(kind, value, reason):
    made = {"item": [{"linkId": "a", "type": kind}]}
    found = response_flaws(made, {"status": "completed", "item": [{"linkId": "a", "answer": [value]}]})
    assert [str(flaw.reason) for flaw in found] == [reason]


def test_what_is_twice_there_or_nowhere_asked_or_missing_is_told():
    response = changed()
    first = response["item"][0]
    first["item"].append(deepcopy(first["item"][0]))
    assert {reason for _, reason in faults(response)} == {"repeated"}

    response["item"].append({"linkId": "tea' or true", "answer": [{"valueString": "x"}]})
    del first["item"][-1]
    (place, reason) = next(iter(faults(response)))
    assert (reason, "tea" in place) == ("unknown", False)

    del first["item"][0]
    response["item"].pop()
    link = "QuestionnaireResponse.descendants().where(linkId = 'sleep_before_admission')"
    assert faults(response) == {(link, "required")}


@pytest.mark.parametrize(("code", "found"), [("1", set()), ("0", {"closed"})])
def test_what_the_system_answers_may_be_repeated_and_never_changed(code, found):
    own = {"linkId": "complete", "answer": [{"valueCoding": {"code": code}}]}
    response = changed()
    response["item"].insert(0, {"linkId": "section.filling_in", "item": [own]})
    assert {reason for _, reason in faults(response)} == found


def test_no_clinicians_question_is_answered_from_outside():
    own = {"linkId": "incomplete_reason", "answer": [{"valueCoding": {"code": "7"}}]}
    response = changed()
    response["item"].insert(0, {"linkId": "section.filling_in", "item": [own]})
    assert {reason for _, reason in faults(response)} == {"unknown"}


def test_items_that_go_down_for_ever_are_refused():
    item = {"linkId": "a"}
    for _ in range(MOST_LEVELS + 5_000):
        item = {"linkId": "a", "item": [item]}
    assert faults(changed(item=[item])) == {("QuestionnaireResponse.item", "type")}


def mixed(body):
    """Let one question show by a condition that only an expression can say."""
    first = {"question": "sleep_before_admission", "op": "equals", "value": 1}
    second = {"not": {"question": "sleep_before_admission", "op": "exists", "value": False}}
    question_of(body, "contacts_last_year")["show_if"] = {"all": [second, {"not": first}]}


def test_what_an_expression_hides_is_not_required_and_may_not_be_answered(tmp_path):
    folder = copied(tmp_path)
    with_next_version(folder, "pasreg", mixed)
    form = load_registry(folder).form("pasreg")
    hidden, shown = (response_to(form, sleep_before_admission=code) for code in (1, 2))
    assert [faults(response, form) for response in (hidden, shown)] == [set(), set()]

    for response in (hidden, shown):
        item_of(response, "sleep_before_admission")["answer"][0]["valueCoding"]["code"] = (
            "2" if response is hidden else "1"
        )
    link = "QuestionnaireResponse.descendants().where(linkId = 'contacts_last_year')"
    assert faults(hidden, form) == {(link, "required")}
    assert {reason for _, reason in faults(shown, form)} == {"hidden"}


ODD = [None, True, -1, 2**80, 1.5, "", "x", [], {}, [None], [[]], [{}], {"linkId": 1}, {"system": []}]


def places(part, path=()):
    """Every place of a JSON value, as the keys that lead there."""
    for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        yield (*path, key)
        yield from places(part[key], (*path, key))


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_response_is_read_or_refused_and_never_worse(data):
    response = changed()
    *path, last = data.draw(st.sampled_from(sorted(places(response), key=str)))
    inner = response
    for key in path:
        inner = inner[key]
    inner[last] = data.draw(st.sampled_from(ODD))
    found = read_response(PASREG, response, TODAY)
    assert found.faults or questionnaire_response(PASREG, PASREG.kept(found.document, {"today": TODAY}))


def test_both_sides_read_the_same_standard():
    from fhir.resources.R4B.questionnaire import Questionnaire
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    response = QuestionnaireResponse.model_validate_json(json.dumps(sent("smertereg", "opioid")))
    asked_by = Questionnaire.model_validate(questionnaire(REGISTRY.form("opioid")))
    assert response.questionnaire == f"{asked_by.url}|{asked_by.version}"
    assert [item for item in items_of(sent("smertereg", "opioid")) if "answer" in item]
