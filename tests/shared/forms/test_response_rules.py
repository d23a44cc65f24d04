"""A response from outside is held against its Questionnaire, and every flaw is told with its linkId."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.forms.fhir import questionnaire, questionnaire_response, response_flaws
from tests.shared.forms.conftest import QUESTIONNAIRES
from tests.shared.forms.plain import PlainForm, is_blank
from tests.shared.forms.strategies import FORMS, REGISTRY, answers
from tests.shared.forms.test_fhir_response import answered, kept

pytestmark = pytest.mark.req("REG-35", "EPR-01")
FLAT = ["b12", "b21", "pasreg", "hads", "eval", "opioid"]  # no condition that only an expression can say
CONTEXT = {"today": date(2026, 11, 21)}
MADE = {key: questionnaire(REGISTRY.form(key)) for key in FORMS}
SLEEP = json.loads((QUESTIONNAIRES / "sleep.json").read_text(encoding="utf-8"))
WORK = json.loads((QUESTIONNAIRES / "work.json").read_text(encoding="utf-8"))
DIARY = json.loads((QUESTIONNAIRES / "diary.json").read_text(encoding="utf-8"))
KINDS = ("valueBoolean", "valueInteger", "valueDecimal", "valueString", "valueDate", "valueCoding")
YES = {"valueCoding": {"system": "urn:oid:2.16.578.1.12.4.1.1101", "code": "1"}}


def told(made, response):
    return {(flaw.link_id, str(flaw.reason)) for flaw in response_flaws(made, response)}


def unsorted(form, given_answers):
    """A response with all answers, also those that do not show, as somebody's client may send it."""
    document = form.read_values(given_answers, form.new()).document
    return document, questionnaire_response(form, {"values": document["answers"], "context": {}})


def slowly(key, document, is_final):
    """The same from the form's file: what is answered and hidden, what is missing, and what is outside its bounds."""
    plain = PlainForm(key, document["answers"], CONTEXT)
    visible = set(plain.visible())
    for name, question in plain.outer.items():
        value = document["answers"].get(name)
        if name not in visible:
            yield from [] if is_blank(value) else [(f"{name}.unknown" if value == "unknown" else name, "hidden")]
        elif is_blank(value) and question.get("required") and is_final and question["type"] != "computed":
            yield name, "required"
        elif not is_blank(value) and value != "unknown" and is_outside(question, value):
            yield name, "limit"


def is_outside(question, value):
    low, high = ((question.get("limit") or {}).get(end) for end in ("min", "max"))
    written = value if isinstance(value, int | float) else str(value)
    bounds = [bound.isoformat() if isinstance(bound, date) else bound for bound in (low, high)]
    low, high = (bound if type(bound) in {int, float} or is_day(bound) else None for bound in bounds)
    return (low is not None and written < low) or (high is not None and written > high)


def is_day(bound):
    return isinstance(bound, str) and bound[:4].isdigit()


@pytest.mark.parametrize("key", FLAT)
@given(data=st.data())
def test_a_response_is_judged_as_the_slow_way_judges_it(key, data):
    form, is_final = REGISTRY.form(key), data.draw(st.booleans())
    document, response = unsorted(form, data.draw(answers(key)))
    response["status"] = "completed" if is_final else "in-progress"
    assert told(MADE[key], response) == set(slowly(key, document, is_final))


@pytest.mark.parametrize("key", FORMS)
@given(data=st.data())
def test_what_the_form_itself_sends_only_ever_breaks_its_limits(key, data):
    form = REGISTRY.form(key)
    response = questionnaire_response(form, kept(form, data.draw(answers(key))), "in-progress")
    assert {reason for _, reason in told(MADE[key], response)} <= {"limit", "option"}


def damaged(answer, how):
    """One answer that is not as it must be, and what is wrong with it."""
    (name,) = [one for one in answer if one.startswith("value")]
    if how == "type":
        other = next(kind for kind in KINDS if kind != name)
        answer[other] = answer.pop(name)
    elif how == "value":
        answer[name] = {}
    else:
        answer[name] = {**answer[name], "code": "no such code"}
    return "option" if how == "option" else "type"


@pytest.mark.parametrize("key", FLAT)
@given(data=st.data())
def test_one_damaged_answer_is_told_with_its_link(key, data):
    form = REGISTRY.form(key)
    sent = questionnaire_response(form, kept(form, data.draw(answers(key))), "in-progress")
    response = deepcopy(sent)
    found = [item for item in answered(response["item"]) if item.get("answer")]
    if not found:
        return
    item = data.draw(st.sampled_from(found))
    is_coded = "valueCoding" in item["answer"][0]
    how = data.draw(st.sampled_from(["type", "value", *(["option"] if is_coded else [])]))
    assert (item["linkId"], damaged(item["answer"][0], how)) in told(MADE[key], response)


def response_of(*items, status="completed"):
    return {"resourceType": "QuestionnaireResponse", "status": status, "item": list(items)}


def group(link, *items):
    return {"linkId": link, "item": list(items)}


def said(link, *values):
    return {
        "linkId": link,
        "answer": [value if isinstance(value, dict) else {"valueBoolean": value} for value in values],
    }


NIGHTS = "f1c3a0d2-5b67-4e0a-9b57-0a4c1f6d2e11"
MOST = {"valueCoding": {"system": "urn:uuid:sleep-frequency", "code": "most"}}


@pytest.mark.parametrize(
    ("items", "wrong"),
    [
        ([], {("trouble", "required")}),
        ([said("trouble", YES)], {("1.1", "required"), ("1.2", "required")}),
        ([said("trouble", YES), said("1.1", MOST), said("1.2", MOST)], set()),
        (
            [said("trouble", YES), said("1.1", MOST), said("1.2", MOST), said("why", {"valueString": "x" * 501})],
            {("why", "limit")},
        ),
        ([said("trouble", {"valueCoding": {"code": "2"}}), said("1.1", MOST)], {("1.1", "hidden")}),
        ([said("trouble", {"valueCoding": {"code": "9"}})], {("trouble", "option")}),
        ([said("trouble", YES, YES), said("1.1", MOST), said("1.2", MOST)], {("trouble", "repeated")}),
        ([said("trouble", {"valueCoding": {"code": "2"}}), said("hours", {"valueInteger": 25})], {("hours", "limit")}),
        ([said("trouble", {"valueCoding": {"code": "2"}}), said("hours", {"valueInteger": True})], {("hours", "type")}),
        ([said("trouble", {"valueCoding": {"code": "2"}}), said("tea", True)], {("tea", "unknown")}),
        ([said("trouble", {"valueCoding": {"code": "2"}}), said("why", {"valueString": "x"})], {("why", "hidden")}),
    ],
)
def test_a_response_to_a_form_of_helsenorge_s_kind_is_judged(items, wrong):
    assert told(SLEEP, response_of(group(NIGHTS, *items))) == wrong


def test_an_answer_in_another_group_than_its_own_is_told():
    assert ("hours", "place") in told(SLEEP, response_of(said("hours", {"valueInteger": 7})))


@pytest.mark.parametrize(
    ("now", "leave", "wrong"),
    [
        ([said("1.1.1", True)], [], set()),
        ([said("1.1.1", True), said("1.1.2", {"valueString": "Fisker"})], [], {("1.1.3", "required")}),
        ([said("1.1.1", True), said("1.1.3", {"valueDecimal": 50})], [], {("1.1.3", "hidden")}),
        ([], [said("1.2.1", {"valueDate": "2026-01-01"})], {("1.2.1", "hidden")}),
        ([said("1.1.1", False)], [said("1.2.1", {"valueDate": "2026-02-30"})], {("1.2.1", "type")}),
        ([said("1.1.1", False)], [said("1.2.1", {"valueDate": "2014-12-31"})], {("1.2.1", "limit")}),
        (
            [
                said("1.1.1", True),
                said("1.1.2", {"valueCoding": {"code": "1"}}),
                said("1.1.3", {"valueDecimal": 50.25}),
            ],
            [],
            {("1.1.3", "limit")},
        ),
        (
            [said("1.1.1", False)],
            [said("1.2.2", {"valueCoding": {"code": "a"}}, {"valueCoding": {"code": "none"}})],
            {("1.2.2", "option")},
        ),
    ],
)
def test_conditions_of_all_and_of_whole_groups_are_followed(now, leave, wrong):
    parts = [*([group("1.1", *now)] if now else []), *([group("1.2", *leave)] if leave else [])]
    assert told(WORK, response_of(group("1", *parts))) == wrong


def test_rows_are_judged_one_by_one():
    day, late = said("day", {"valueDate": "2026-11-01"}), said("day", {"valueDate": "i går"})
    minutes = {"linkId": "minutes", "answer": [{"valueInteger": 0}]}
    trained = {"linkId": "trained", "answer": [{"valueBoolean": True, "item": [minutes]}]}
    receiver = said("receiver", {"valueCoding": {"code": "4"}})
    assert told(DIARY, response_of(receiver, group("days", day))) == set()
    assert told(DIARY, response_of(receiver)) == {("days", "required")}
    assert told(DIARY, response_of(receiver, group("days", day), group("days", trained))) == {
        ("day", "required"),
        ("minutes", "limit"),
    }
    assert told(DIARY, response_of(receiver, *[group("days", late)] * 51)) == {("day", "type"), ("days", "repeated")}


def test_a_condition_inside_rows_looks_at_its_own_row():
    asked = [
        {"linkId": "a", "type": "boolean"},
        {"linkId": "b", "type": "string", "enableWhen": [{"question": "a", "operator": "=", "answerBoolean": True}]},
    ]
    made = {"item": [{"linkId": "rows", "type": "group", "repeats": True, "item": asked}]}
    word = said("b", {"valueString": "x"})
    rows = [group("rows", said("a", True), word), group("rows", said("a", False), word)]
    assert [flaw.link_id for flaw in response_flaws(made, response_of(*rows))] == ["b"]
    assert told(made, response_of(rows[0], group("rows", said("a", False)))) == set()


@pytest.mark.parametrize(
    "item", [{"linkId": 1}, {}, "x", None, {"linkId": "a", "answer": {}}, {"linkId": "a", "item": [1]}]
)
def test_what_is_no_response_at_all_is_told(item):
    assert told(SLEEP, response_of(item)) == {("", "type")}


@settings(max_examples=80)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["linkId", "item", "answer", "valueString", "valueCoding", "trouble"]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_whatever_is_sent_is_judged(given_item):
    response_flaws(SLEEP, {"status": "completed", "item": given_item})


def test_nothing_that_was_answered_stands_in_what_is_told():
    response = response_of(group(NIGHTS, said("why", {"valueString": "0123456789"})))
    assert "0123456789" not in repr(response_flaws(SLEEP, response))


@pytest.mark.parametrize(
    ("operator", "shown"),
    [("=", [4]), ("!=", [3, 5]), (">", [5]), (">=", [4, 5]), ("<", [3]), ("<=", [3, 4])],
)
@pytest.mark.parametrize(
    ("kind", "answers_", "wanted"),
    [
        ("integer", {3: {"valueInteger": 3}, 4: {"valueInteger": 4}, 5: {"valueInteger": 5}}, {"answerInteger": 4}),
        ("decimal", {3: {"valueDecimal": 3.5}, 4: {"valueDecimal": 4}, 5: {"valueDecimal": 4.5}}, {"answerDecimal": 4}),
        (
            "date",
            {3: {"valueDate": "2026-01-03"}, 4: {"valueDate": "2026-01-04"}, 5: {"valueDate": "2026-01-05"}},
            {"answerDate": "2026-01-04"},
        ),
    ],
)
def test_operators_compare_and_an_unanswered_question_meets_none(operator, shown, kind, answers_, wanted):
    condition = {"question": "a", "operator": operator, **wanted}
    made = {"item": [{"linkId": "a", "type": kind}, {"linkId": "b", "type": "boolean", "enableWhen": [condition]}]}
    found = {number: told(made, response_of(said("a", answer), said("b", True))) for number, answer in answers_.items()}
    assert [number for number, wrong in found.items() if not wrong] == shown
    assert told(made, response_of(said("b", True))) == {("b", "hidden")}


@pytest.mark.parametrize(("wanted", "is_shown"), [(True, False), (False, True)])
def test_a_question_may_show_while_another_is_unanswered(wanted, is_shown):
    condition = {"question": "a", "operator": "exists", "answerBoolean": wanted}
    made = {"item": [{"linkId": "a", "type": "boolean"}, {"linkId": "b", "type": "boolean", "enableWhen": [condition]}]}
    assert (told(made, response_of(said("b", True))) == set()) is is_shown
    assert (told(made, response_of(said("a", False), said("b", True))) == set()) is not is_shown


def test_answers_of_a_question_that_is_hidden_itself_open_nothing():
    first = {"question": "a", "operator": "=", "answerBoolean": True}
    second = {"question": "b", "operator": "exists", "answerBoolean": True}
    made = {
        "item": [
            {"linkId": "a", "type": "boolean"},
            {"linkId": "b", "type": "boolean", "enableWhen": [first]},
            {"linkId": "c", "type": "boolean", "enableWhen": [second]},
        ]
    }
    items = [said("a", False), said("b", True), said("c", True)]
    assert told(made, response_of(*items)) == {("b", "hidden"), ("c", "hidden")}


def test_a_number_that_is_said_to_be_unknown_is_answered():
    asked = [{"linkId": "n", "type": "integer", "required": True}, {"linkId": "n.unknown", "type": "boolean"}]
    assert told({"item": asked}, response_of(said("n.unknown", True))) == set()
    assert told({"item": asked}, response_of()) == {("n", "required")}
    assert told({"item": asked}, response_of(status="in-progress")) == set()
