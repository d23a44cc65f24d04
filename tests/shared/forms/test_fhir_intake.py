"""Questionnaires as Helsenorge's editor writes them become forms of ours, or all is told that they cannot be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from shared.forms.catalogue import registry
from shared.forms.definition import Audience
from shared.forms.errors import DefinitionError
from shared.forms.fhir.intake import Wanted, form_of

pytestmark = pytest.mark.req("EPR-01", "EPR-13")
FOLDER = Path(__file__).parent / "questionnaires"
CONTEXT = {"today": date(2026, 11, 22)}
LISTS = registry("smertereg").codelists
RADIO = {
    "linkId": "a",
    "type": "choice",
    "text": "A",
    "answerOption": [{"valueCoding": {"code": "1", "display": "En"}}],
}
ASKED = {"linkId": "a", "type": "boolean", "text": "A"}
HL7 = "http://hl7.org/fhir/StructureDefinition/"
EHELSE = "http://ehelse.no/fhir/StructureDefinition/"


def form_from(*items, **head):
    """What becomes of a Questionnaire with these items."""
    resource = {"resourceType": "Questionnaire", "title": "T", "status": "active", "date": "2026-01-01", **head}
    wanted = Wanted("smertereg", "drawn", 1, Audience.PATIENT, LISTS)
    return form_of({**resource, "item": list(items)}, Path("given.json"), wanted)


def questions_from(*items, **head):
    return {q["key"]: q for section in form_from(*items, **head).body["sections"] for q in section["questions"]}


def refusals(*items, **head):
    with pytest.raises(DefinitionError) as caught:
        form_from(*items, **head)
    return [f"{flaw.path}: {flaw.message}" for flaw in caught.value.flaws]


def shown(form, **answers):
    draft = form.read_values(answers, form.new())
    assert draft.problems == ()
    return set(form.visible(draft.document, CONTEXT))


def test_a_scored_form_with_value_sets_adds_its_points(taken_in):
    form = taken_in("sleep")
    assert shown(form) == {"trouble", "hours", "total"}
    assert shown(form, trouble=1, q_1_1="most", hours=8) >= {"q_1_1", "q_1_2", "why"}
    assert "why" not in shown(form, trouble=1, q_1_1="some", hours=4)
    assert "why" in shown(form, hours=3)
    document = form.read_values({"trouble": 1, "q_1_1": "most", "q_1_2": "some"}, form.new()).document
    assert form.calculate(document, CONTEXT) == {"total": 4}
    assert form.questions["trouble"].help["nn"] == "Tenk på nettene heime."
    assert form.questions["hours"].unit["en"] == "hours"


def test_groups_inside_groups_open_choices_and_initial_answers_are_kept(taken_in):
    form = taken_in("work")
    assert form.new()["answers"] == {"q_1_1_1": False}
    assert [section.title["nb"] for section in form.definition.sections] == ["Jobben – Nå", "Jobben – Sykmelding"]
    assert shown(form, q_1_1_1=True, q_1_1_2=4) >= {"q_1_1_2_other", "q_1_1_3"}
    assert "q_1_1_3" not in shown(form, q_1_1_1=True)
    assert "q_1_2_3" in shown(form, q_1_1_1=False, q_1_2_2=["b"])
    late = form.read_values({"q_1_2_1": "2026-11-23"}, form.new()).document
    assert [problem.path for problem in form.check(late, CONTEXT)] == ["q_1_2_1"]


def test_repeated_groups_are_rows_and_sections_have_scores(taken_in):
    form = taken_in("diary")
    row = {"id": "r1", "day": "2026-11-01", "trained": True, "minutes": 20}
    document = form.read_values({"days": [row], "back": 2, "neck": 1, "weight": 70.5}, form.new()).document
    assert form.calculate(document, CONTEXT) == {"section_score": 3, "again": 3}
    assert "days.r1.minutes" in form.visible(document, CONTEXT)
    assert "days" in form.required(document, CONTEXT)


def test_a_form_from_outside_is_answered_on_a_page_like_any_other(taken_in):
    form = taken_in("sleep")
    fields = MultiDict([("_shown", "trouble"), ("trouble", "1"), ("_shown", "hours"), ("hours", "25")])
    draft = form.read(fields, form.new())
    assert draft.document["answers"] == {"trouble": 1, "hours": 25}
    assert [problem.path for problem in form.check(draft.document, CONTEXT)] == ["hours"]


@pytest.mark.parametrize("name", ["sleep", "work", "diary"])
def test_what_is_not_taken_over_is_told(name):
    resource = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    wanted = Wanted("smertereg", name, 1, Audience.PATIENT, LISTS)
    told = [str(flaw) for flaw in form_of(resource, Path(f"{name}.json"), wanted).left_out]
    urls = [one["url"] for one in resource.get("extension", [])]
    assert [url for url in urls if not any(url in line for line in told)] == []
    assert (name != "sleep") or any("sidebar-1: a text of Helsenorge's side bar" in line for line in told)


REFUSED = [
    ({**ASKED, "type": "attachment"}, "a.type: is none that forms have: attachment"),
    ({**ASKED, "type": "dateTime"}, "a.type: is none that forms have: dateTime"),
    ({**ASKED, "repeats": True}, "a.repeats: several answers to an item of type boolean"),
    ({**ASKED, "readOnly": True}, "a.readOnly: nothing says how it is worked out"),
    ({**ASKED, "definition": "x"}, "a.definition: is not understood"),
    ({**ASKED, "modifierExtension": [{}]}, "a.modifierExtension: is not understood"),
    ({**ASKED, "text": " "}, "a.text: is missing"),
    (
        {**ASKED, "extension": [{"url": f"{HL7}regex", "valueString": "x"}]},
        "a.extension: is not understood: " + HL7 + "regex",
    ),
    (
        {**ASKED, "extension": [{"url": f"{HL7}questionnaire-hidden", "valueBoolean": True}]},
        "a.hidden: nobody can answer a question that is never shown",
    ),
    (
        {**ASKED, "type": "date", "extension": [{"url": f"{EHELSE}sdf-maxvalue", "valueString": "today() + 1 day"}]},
        "a.sdf-maxvalue: is a bound that only today() can be: 'today() + 1 day'",
    ),
    ({**RADIO, "answerOption": []}, "a: needs answerOption or answerValueSet"),
    ({**RADIO, "answerOption": [*RADIO["answerOption"] * 2]}, "a.answerOption: has the same code twice"),
    (
        {**RADIO, "answerOption": [{"valueReference": {}}]},
        "a.answerOption[0]: is an answer of a kind that forms do not offer: Reference",
    ),
    (
        {**ASKED, "type": "choice", "answerValueSet": "#gone"},
        "a.answerValueSet: is neither in the file nor a list of the registry: #gone",
    ),
    ({"linkId": "t", "type": "display", "text": "Takk"}, "t: is a text with no question after it"),
    (
        {
            **ASKED,
            "extension": [{"url": f"{EHELSE}sdf-calculatedExpression", "valueString": "1 / 0"}],
            "readOnly": True,
        },
        "a.calculatedExpression: is no sum and no answer taken over: 1 / 0",
    ),
    (
        {
            **ASKED,
            "type": "decimal",
            "readOnly": True,
            "code": [{"system": "http://ehelse.no/scoringFormulas", "code": "TS"}],
        },
        "a.code: is a score of nothing: no question with QS",
    ),
    ({**ASKED, "type": "string", "maxLength": 5000}, "a.maxLength: is above 4000, the longest text that forms keep"),
]


@pytest.mark.parametrize(("item", "told"), REFUSED)
def test_what_forms_cannot_be_is_refused_with_its_place(item, told):
    assert told in refusals(item)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (
            {"question": "x", "operator": "exists", "answerBoolean": True},
            "b.enableWhen[0].question: is no question of the form: 'x'",
        ),
        ({"question": "a", "operator": "~", "answerBoolean": True}, "is none of exists, =, !=, >, <, >=, <=: '~'"),
        ({"question": "a", "operator": ">", "answerBoolean": True}, "compares boolean by size"),
        (
            {"question": "a", "operator": "=", "answerString": "x"},
            "answerString does not compare with a, which is of type boolean",
        ),
        ({"question": "c", "operator": "=", "answerCoding": {"code": "7"}}, "is no option of c: '7'"),
        ({"question": "c", "operator": ">", "answerCoding": {"code": "1"}}, "compares codes by size"),
        ({"question": "d", "operator": ">", "answerDate": "2026"}, "is no whole date: '2026'"),
    ],
)
def test_conditions_that_forms_cannot_keep_are_refused(condition, told):
    others = [ASKED, {**RADIO, "linkId": "c"}, {**ASKED, "linkId": "d", "type": "date"}]
    assert any(told in flaw for flaw in refusals(*others, {**ASKED, "linkId": "b", "enableWhen": [condition]}))


def test_everything_that_is_wrong_is_told_at_once():
    several = [{"question": "a", "operator": "exists", "answerBoolean": True}] * 2
    wrong = refusals(
        {**ASKED, "type": "url"},
        {**ASKED, "linkId": "B"},
        {**ASKED, "linkId": "b"},
        {**ASKED, "linkId": "d", "enableWhen": several},
        status="retired",
        language="se",
        contained=[{"resourceType": "CodeSystem", "id": "x"}],
    )
    assert [line.split(": ")[0] for line in wrong] == [
        *("language", "contained.x", "status", "a.type", "B", "b", "d.enableBehavior")
    ]


@pytest.mark.parametrize(
    ("behavior", "operator", "wanted"),
    [
        (
            "all",
            "=",
            {"all": [{"question": "a", "op": "equals", "value": True}, {"question": "n", "op": "equals", "value": 4}]},
        ),
        (
            "any",
            "<",
            {"any": [{"question": "a", "op": "equals", "value": True}, {"question": "n", "op": "less", "value": 4}]},
        ),
        (
            "any",
            ">=",
            {
                "any": [
                    {"question": "a", "op": "equals", "value": True},
                    {
                        "any": [
                            {"question": "n", "op": "greater", "value": 4},
                            {"question": "n", "op": "equals", "value": 4},
                        ]
                    },
                ]
            },
        ),
    ],
)
def test_conditions_mean_what_they_meant(behavior, operator, wanted):
    when = [
        {"question": "a", "operator": "=", "answerBoolean": True},
        {"question": "n", "operator": operator, "answerInteger": 4},
    ]
    asked = {**ASKED, "linkId": "b", "enableWhen": when, "enableBehavior": behavior}
    assert questions_from(ASKED, {**ASKED, "linkId": "n", "type": "integer"}, asked)["b"]["show_if"] == wanted


@pytest.mark.parametrize(
    ("link", "key"),
    [("pain_now", "pain_now"), ("1.2", "q_1_2"), ("Smerte nå", "smerte_na"), ("4F3a-11", "q_4f3a_11"), ("_", "q")],
)
def test_a_link_id_becomes_a_key(link, key):
    intake = form_from({**ASKED, "linkId": link})
    assert intake.body["sections"][0]["questions"][0]["key"] == key
    assert intake.keys == ({} if key == link else {link: key})


def places(part, path=()):
    """Every place of a JSON value, as the keys that lead there."""
    for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        yield (*path, key)
        yield from places(part[key], (*path, key))


ODD = [None, True, 0, -1.5, "", "x", [], {}, [None], ["x"], [[]], [{}], {"url": 1}, {"extension": "x"}, {"value": []}]


@pytest.mark.parametrize("name", ["sleep", "work", "diary"])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_worse(name, data):
    resource = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    *path, last = data.draw(st.sampled_from(list(places(resource))))
    inner = resource
    for key in path:
        inner = inner[key]
    inner[last] = data.draw(st.sampled_from(ODD))
    wanted = Wanted("smertereg", name, 1, Audience.PATIENT, LISTS)
    try:
        assert form_of(resource, Path("given.json"), wanted).body["sections"]
    except DefinitionError as error:
        assert error.flaws


def test_what_stands_inside_shows_when_all_that_it_stands_in_does():
    when = [{"question": "a", "operator": "=", "answerBoolean": True}]
    often = [{"question": "b", "operator": "=", "answerBoolean": True}]
    inner = {"linkId": "inner", "type": "group", "text": "I", "enableWhen": often, "item": [{**ASKED, "linkId": "c"}]}
    outer = {"linkId": "outer", "type": "group", "text": "O", "enableWhen": when, "item": [inner]}
    below = {**ASKED, "linkId": "d", "item": [{**ASKED, "linkId": "e", "enableWhen": often}]}
    body = form_from(ASKED, {**ASKED, "linkId": "b"}, outer, below).body
    rules = [{"question": key, "op": "equals", "value": True} for key in ("a", "b")]
    assert [section.get("show_if") for section in body["sections"]] == [None, {"all": rules}, None]
    opened = {"question": "d", "op": "exists", "value": True}
    assert body["sections"][2]["questions"][1]["show_if"] == {"all": [opened, rules[1]]}
