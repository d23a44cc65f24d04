"""Every form is a Questionnaire that FHIR R4 allows and that says what the form says."""

from __future__ import annotations

import copy
import json
import re

import pytest

from shared.forms.definition import All, AnyOf, Audience, Comparison, Not, Op, Type
from shared.forms.fhir import questionnaire
from shared.forms.fhir.conditions import Conditions
from tests.shared.forms.copies import with_every_kind
from tests.shared.forms.fhir_rules import flaws, items_of

REGISTRY = with_every_kind()
FORMS = (*REGISTRY.form_keys, "every_kind")
MADE = {(key, Audience.CLINICIAN): questionnaire(REGISTRY.form(key)) for key in FORMS} | {
    (key, Audience.PATIENT): questionnaire(REGISTRY.form(key), Audience.PATIENT)
    for key in REGISTRY.rules.forms["patient"]
}
NAMES = [f"{key}-{audience}" for key, audience in MADE]


def item(key, link_id, audience=Audience.CLINICIAN):
    return next(item for item in items_of(MADE[key, audience]) if item["linkId"] == link_id)


def values(of, url):
    return [e for e in of.get("extension", []) if e["url"].endswith(f"/{url}")]


@pytest.mark.req("REG-35")
@pytest.mark.parametrize("made", MADE.values(), ids=NAMES)
def test_every_form_keeps_all_rules_of_the_standard(made):
    assert flaws(made) == []
    assert json.loads(json.dumps(made)) == made


@pytest.mark.req("REG-35")
@pytest.mark.parametrize("made", MADE.values(), ids=NAMES)
def test_every_form_is_read_by_a_library_for_the_standard(made):
    from fhir.resources.R4B.questionnaire import Questionnaire

    assert Questionnaire.model_validate(made).item


@pytest.mark.req("REG-35")
@pytest.mark.parametrize("key", FORMS)
def test_every_question_of_a_form_is_an_item(key):
    form = REGISTRY.form(key)
    items = {one["linkId"]: one for one in items_of(MADE[key, Audience.CLINICIAN])}
    asked = [q for q in form.definition.all_questions() if not q.in_person_store and not q.is_internal]
    assert [q.key for q in asked] == [link for link in items if link in {q.key for q in asked}]
    for question in asked:
        made = items[question.key]
        assert made["text"] == question.label["nb"]
        assert made.get("required", False) is question.required
        assert made.get("readOnly", False) is (question.type is Type.COMPUTED)
        assert made.get("repeats", False) is (question.type in {Type.ROWS, Type.CHOICES})
        codes = [option["valueCoding"]["code"] for option in made.get("answerOption", [])]
        assert codes == [str(option.code) for option in question.options]


@pytest.mark.req("REG-35")
def test_conditions_name_the_answer_that_opens_a_question():
    assert item("b12", "section.last_day")["enableWhen"] == [
        {
            "question": "can_state_nrs",
            "operator": "=",
            "answerCoding": {"system": "urn:registry:smertereg:codelist:can_state_nrs", "code": "1"},
        }
    ]
    inner = item("b11", "anatomical_region")
    assert (inner["enableBehavior"], len(inner["enableWhen"])) == ("any", 2)
    consent = item("to", "section.consent")
    assert consent["enableBehavior"] == "all"
    assert {"question": "context.legal_basis", "operator": "=", "answerString": "consent"} in consent["enableWhen"]
    assert values(item("to", "context"), "questionnaire-hidden")


@pytest.mark.req("REG-35")
def test_bounds_units_and_places_are_told():
    contacts = item("pasreg", "contacts_last_year")
    question = REGISTRY.form("pasreg").questions["contacts_last_year"]
    assert values(contacts, "minValue")[0]["valueInteger"] == min(question.limit.low)
    assert values(contacts, "questionnaire-unit")[0]["valueCoding"]["display"] == question.unit["nb"]
    assert item("pasreg", "contacts_last_year.unknown")["type"] == "boolean"
    referral = item("to", "referral_date")
    assert values(referral, "minValue")[0]["valueDate"] == "1980-01-01"
    assert "context.today" in values(referral, "designNote")[0]["valueMarkdown"]


@pytest.mark.req("REG-35")
def test_computed_answers_are_closed_and_say_how_they_are_made():
    score = item("hads", "depression_score")
    path = values(score, "sdc-questionnaire-calculatedExpression")[0]["valueExpression"]
    assert (score["readOnly"], path["language"]) == (True, "text/fhirpath")
    assert "linkId='item_2' or linkId='item_4'" in path["expression"]
    assert ".count() >= 7 - 1, " in path["expression"]
    assert "prorated_sum(items=[item_2" in values(score, "designNote")[0]["valueMarkdown"]
    assert values(item("b11", "admission_diagnosis_version"), "questionnaire-hidden")
    assert not values(item("to", "age"), "sdc-questionnaire-calculatedExpression")
    assert "age_on(" in values(item("to", "age"), "designNote")[0]["valueMarkdown"]


@pytest.mark.req("REG-35")
def test_texts_have_translations_where_the_form_has_them():
    asked = item("pasreg", "sleep_before_admission")
    said = {
        part["extension"][0]["valueCode"]: part["extension"][1]["valueString"] for part in asked["_text"]["extension"]
    }
    assert said == {k: v for k, v in REGISTRY.form("pasreg").questions[asked["linkId"]].label.items() if k != "nb"}
    assert "_text" not in item("to", "referral_date")


@pytest.mark.req("REG-35")
def test_tables_are_groups_of_plain_questions():
    line = item("b11", "opioids.morphine_pills")
    assert (line["type"], line["item"][0]["linkId"]) == ("decimal", "opioids.morphine_pills.omeq")
    assert item("b11", "opioids.sum")["readOnly"]
    visits = next(q for q in REGISTRY.form("b22").questions.values() if q.type is Type.VISITS_TABLE)
    code = visits.lines[0].code
    assert item("b22", f"{visits.key}.{code}")["type"] == "boolean"
    assert item("b22", f"{visits.key}.{code}.times")["type"] == "integer"


@pytest.mark.req("REG-35", "EPR-01")
def test_patients_find_what_clinicians_answer_hidden_and_fixed():
    section = next(s for s in MADE["hads", Audience.PATIENT]["item"] if "complete" in [i["linkId"] for i in s["item"]])
    assert values(section, "questionnaire-hidden")
    (complete,) = section["item"]
    assert complete["readOnly"]
    chosen = [o["valueCoding"]["code"] for o in complete["answerOption"] if o.get("initialSelected")]
    assert chosen == ["1"]


@pytest.mark.req("REG-35")
def test_conditions_of_every_kind_are_said_somehow():
    assert item("every_kind", "if_strong")["enableWhen"][0]["answerCoding"]["code"] == "7"
    assert item("every_kind", "if_blank")["enableWhen"] == [
        {"question": "count", "operator": "exists", "answerBoolean": False},
        {"question": "count.unknown", "operator": "exists", "answerBoolean": False},
    ]
    assert item("every_kind", "if_unknown")["enableWhen"][0] == {
        "question": "count.unknown",
        "operator": "=",
        "answerBoolean": True,
    }
    for link_id in ("if_not", "if_rows", "if_mixed"):
        assert values(item("every_kind", link_id), "sdc-questionnaire-enableWhenExpression")
    note = values(item("every_kind", "row_deep"), "designNote")[0]["valueMarkdown"].splitlines()
    assert note == [
        "Vises når «To» er krysset av under «Flere i rad» eller ikke («Bokstav» er «A»).",
        "Må besvares når «Bokstav» er «B».",
    ]


@pytest.mark.req("REG-35")
def test_every_name_in_an_expression_is_an_item():
    for made in MADE.values():
        links = {one["linkId"] for one in items_of(made)}
        for one in items_of(made):
            for extension in one.get("extension", []):
                path = extension.get("valueExpression", {}).get("expression", "")
                assert set(re.findall(r"linkId='([^']+)'", path)) <= links


@pytest.mark.req("REG-35", "GEN-04")
def test_contact_data_and_host_names_are_no_part_of_it():
    text = json.dumps(list(MADE.values()))
    assert not {"phone", "email"} & {one["linkId"] for one in items_of(MADE["po", Audience.CLINICIAN])}
    assert set(re.findall(r"https?://([^/\"]+)", text)) == {"hl7.org"}


CONDITIONS = Conditions(REGISTRY.form("b12").definition, dict(REGISTRY.form("b12").questions))
STATED = Comparison("can_state_nrs", Op.EQUALS, 1)
EARLY = Comparison("registered_date", Op.LESS, "2026-01-01")
STRONG = Comparison("strongest_at_rest", Op.GREATER, 7)


@pytest.mark.req("REG-35")
@pytest.mark.parametrize(
    ("condition", "signs", "behavior"),
    [
        (STATED, ["="], None),
        (EARLY, ["<"], None),
        (STRONG, ["=", "=", "="], "any"),
        (All((STATED, EARLY)), ["=", "<"], "all"),
        (AnyOf((EARLY, STRONG)), ["<", "=", "=", "="], "any"),
        (Comparison("can_state_nrs", Op.NOT_EQUALS, 1), ["!="], None),
        (Comparison("can_state_nrs", Op.EXISTS, False), ["exists"], None),
    ],
)
def test_what_fhir_can_say_is_said_as_enable_when(condition, signs, behavior):
    made = CONDITIONS.enabling(condition)
    assert [one["operator"] for one in made["enableWhen"]] == signs
    assert made.get("enableBehavior") == behavior


@pytest.mark.req("REG-35")
def test_codes_are_compared_by_listing_them():
    codes = [one["answerCoding"]["code"] for one in CONDITIONS.enabling(STRONG)["enableWhen"]]
    assert codes == ["8", "9", "10"]


STATED_PATH = "%resource.descendants().where(linkId='can_state_nrs').answer.value.where(code = '1').exists()"
EARLY_PATH = "%resource.descendants().where(linkId='registered_date').answer.value.where($this < @2026-01-01).exists()"


@pytest.mark.req("REG-35")
@pytest.mark.parametrize(
    ("condition", "path"),
    [
        (Not(STATED), f"({STATED_PATH}).not()"),
        (All((EARLY, AnyOf((STATED, EARLY)))), f"({EARLY_PATH}) and (({STATED_PATH}) or ({EARLY_PATH}))"),
        (Not(Comparison("registered_date", Op.IN, ("2026-01-01",))), f"(({EARLY_PATH.replace('<', '=')})).not()"),
    ],
)
def test_what_enable_when_cannot_say_is_said_in_fhirpath(condition, path):
    (extension,) = CONDITIONS.enabling(condition)["extension"]
    assert extension["valueExpression"] == {"language": "text/fhirpath", "expression": path}
    assert CONDITIONS.enabling(condition, in_rows=True) == {}


@pytest.mark.req("REG-35")
@pytest.mark.parametrize(
    ("link_id", "change", "flaw"),
    [
        ("section.last_day", {"enableBehavior": "all"}, "que-12"),
        ("section.last_day", {"linkId": "function_level"}, "que-2"),
        ("section.last_day", {"item": []}, "que-1"),
        ("can_state_nrs", {"type": "integer"}, "que-5"),
        ("can_state_nrs", {"type": "chioce"}, "unknown"),
        ("registered_date", {"required": "yes"}, "no boolean"),
        ("registered_date", {"text": ""}, "no string"),
        ("registered_date", {"mandatory": True}, "unknown"),
        ("registered_date", {"extension": [{"url": "urn:a"}]}, "ext-1"),
        ("can_state_nrs", {"linkId": "can_state"}, "no other question"),
        ("can_state_nrs", {"type": "integer"}, "que-7"),
    ],
)
def test_the_rules_find_what_is_wrong(link_id, change, flaw):
    wrong = copy.deepcopy(MADE["b12", Audience.CLINICIAN])
    next(one for one in items_of(wrong) if one["linkId"] == link_id).update(change)
    assert any(flaw in found for found in flaws(wrong))
