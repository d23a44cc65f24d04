"""The schema that documents a form's answers and the form itself agree on what an answer looks like."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from shared.forms.definition import Question, Type
from shared.forms.problems import Problem
from shared.forms.schema import by_place
from tests.shared.forms.strategies import FORMS, REGISTRY, answers, anything, oddities

COMPILED = [REGISTRY.form(key) for key in FORMS]


def same(sent: Any, kept: Any) -> bool:
    """The same JSON; a whole number may be kept as a decimal one."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        return sent.keys() == kept.keys() and all(same(sent[key], kept[key]) for key in sent)
    if isinstance(sent, list) and isinstance(kept, list):
        return len(sent) == len(kept) and all(map(same, sent, kept))
    return (type(sent) is type(kept) or (type(sent), type(kept)) == (int, float)) and sent == kept


def meant(question: Question, sent: Any) -> Any:
    """What is to be kept of what was sent: without nulls, empty tables, and what the system works out."""
    if question.type is Type.OPIOID_TABLE and isinstance(sent, dict):
        doses = sent.get("doses", {})
        sent = {k: v for k, v in doses.items() if v is not None} if isinstance(doses, dict) else doses
    if question.type is Type.ROWS and isinstance(sent, list):
        sent = [{k: v for k, v in row.items() if v is not None} if isinstance(row, dict) else row for row in sent]
    is_table = question.type in {Type.ROWS, Type.OPIOID_TABLE, Type.VISITS_TABLE}
    return None if is_table and sent in ([], {}) else sent


def kept_by(form, sent):
    """What the form keeps, question by question; None when it says that something cannot be read."""
    draft = form.read_values(sent, form.new())
    found = {**draft.document["answers"], **draft.person}
    if draft.problems:
        return None
    for key, question in form.questions.items():
        if question.type is Type.OPIOID_TABLE and key in found:
            found[key] = found[key]["doses"]
        if question.type is Type.ROWS:
            given_ids = [row.get("id") for row in sent.get(key) or ()]
            rows = zip(given_ids, found.get(key, ()), strict=True)
            found[key] = [
                row if i is not None else {k: v for k, v in row.items() if k != "id"} for i, row in rows
            ] or None
    return {key: value for key, value in found.items() if value is not None}


def is_kept_as_sent(form, sent):
    if not sent.keys() <= form.questions.keys():
        return False
    wanted = {key: meant(form.questions[key], value) for key, value in sent.items()}
    kept = kept_by(form, sent)
    return kept is not None and same({k: v for k, v in wanted.items() if v is not None}, kept)


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize("form", COMPILED, ids=FORMS)
def test_the_schema_and_the_form_agree_on_every_odd_answer_to_every_question(form):
    schema = form.schema()
    assert [
        sent for sent in oddities(form.key) if (schema.validate(sent) == {}) is not is_kept_as_sent(form, sent)
    ] == []


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize("form", COMPILED, ids=FORMS)
@given(data=st.data())
def test_the_schema_takes_what_the_form_keeps_as_it_was_sent_and_nothing_else(form, data):
    sent = data.draw(anything(form.key))
    is_kept = is_kept_as_sent(form, sent)
    event(f"kept: {is_kept}")
    assert (form.schema().validate(sent) == {}) is is_kept


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize("form", COMPILED, ids=FORMS)
@given(data=st.data())
def test_the_schema_takes_every_document_a_form_can_have(form, data):
    sent = data.draw(answers(form.key))
    assert form.schema().validate(sent) == {}
    draft = form.read_values(sent, form.new())
    assert draft.problems == ()
    assert form.schema().validate(draft.document["answers"]) == {}
    assert (
        form.read_values(form.schema().load(sent), form.new()).document["answers"].keys()
        == draft.document["answers"].keys()
    )


def test_a_form_has_one_schema():
    assert COMPILED[0].schema is COMPILED[0].schema


@pytest.mark.req("OPS-06")
def test_errors_stand_at_the_place_of_the_answer():
    sent = {
        "pain_diagnoses": [{"id": "a"}, {"id": "b", "pain_category": 7}],
        "opioids": {"doses": {"morphine_pills": -1}},
    }
    assert REGISTRY.form("b11").schema().validate(sent) == {
        "pain_diagnoses": {1: {"pain_category": ["Velg et av svarene i listen."]}},
        "opioids": {"doses": {"morphine_pills": {"value": ["Tallet kan ikke være mindre enn 0."]}}},
    }


@pytest.mark.req("OPS-06")
def test_what_the_form_finds_is_told_in_the_same_shape():
    answers = {"rows": [{"id": "a"}, {"id": "b"}]}
    paths = ["rows.b.one", "rows.b.one", "rows", "single", "table.line"]
    found = by_place([Problem(path, "choice.unknown") for path in paths], answers, "en")
    told = ["Choose one of the answers in the list."]
    assert found == {"rows": {1: {"one": told * 2}, "_schema": told}, "single": told, "table": {"line": told}}
    assert by_place([Problem("a", "choice.unknown"), Problem("a.b", "choice.unknown")], {}, "en") == {
        "a": {"_schema": told, "b": told}
    }


@pytest.mark.req("OPS-06")
def test_it_can_be_written_as_openapi():
    from apispec import APISpec
    from apispec.ext.marshmallow import MarshmallowPlugin

    spec = APISpec("forms", "1", "3.1.0", plugins=[MarshmallowPlugin()])
    for form in COMPILED:
        spec.components.schema(form.key, schema=form.schema)
    written = spec.to_dict()["components"]["schemas"]
    assert written["to"]["properties"]["supervision"]["enum"][:2] == [1, 2]
    assert written["to"]["properties"]["age"]["readOnly"]
    assert written["pasreg"]["properties"]["contacts_last_year"]["type"] == ["integer", "string", "null"]
    assert set(written["to"]["properties"]) == set(REGISTRY.form("to").questions)
