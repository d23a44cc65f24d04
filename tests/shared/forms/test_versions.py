"""Answers of 2017 become answers of 2025, and none goes unsaid."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.forms.catalogue import registry
from shared.forms.versions import AnswerMapping, VersionMapping
from tests.shared.forms.strategies import asked, wanted

SMERTEREG = registry("smertereg")
CHANGED = sorted(SMERTEREG.mappings)
CONTEXTS = st.fixed_dictionaries(
    {
        "today": st.just(date(2026, 11, 21)),
        "legal_basis": st.sampled_from(["consent", "reservation"]),
        "course_type": st.sampled_from([1, 2, 3]),
        "birth_date": st.dates(date(1930, 1, 1), date(2015, 1, 1)),
    },
    optional={"started_on": st.dates(date(2017, 1, 1), date(2026, 11, 21)), "no_consent_reason": st.just(4)},
)


def answers_of(form):
    """Answers in the shape that the form wants; any may be left out."""
    return st.fixed_dictionaries({}, optional={q.key: wanted(q, form) for q in asked(form) if q.is_stored})


def flat(answers: dict[str, Any], place: str = "") -> dict[str, Any]:
    """Answers by path, those inside rows by row."""
    found = {}
    for key, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                found |= flat(row, f"{place}{key}.{row['id']}.")
        else:
            found[place + key] = value
    return found


def names(problems):
    return {problem.path for problem in problems}


@pytest.mark.req("REG-36")
@pytest.mark.parametrize(("form", "version"), CHANGED)
@settings(max_examples=25)
@given(data=st.data())
def test_what_fitted_the_old_version_fits_the_new_one(form, version, data):
    old, new = SMERTEREG.form(form, version), SMERTEREG.form(form, version + 1)
    document, context = old.new(data.draw(answers_of(old))), data.draw(CONTEXTS)
    moved = SMERTEREG.mappings[form, version].apply(document)

    assert moved["version"] == new.version
    assert names(new.check(moved, context)) <= names(old.check(document, context))
    assert not new.schema().validate(moved["answers"])


@pytest.mark.req("REG-36")
@pytest.mark.parametrize(("form", "version"), CHANGED)
@settings(max_examples=25)
@given(data=st.data())
def test_every_answer_stays_or_is_told_of(form, version, data):
    old = SMERTEREG.form(form, version)
    mapping, document = SMERTEREG.mappings[form, version], old.new(data.draw(answers_of(old)))
    before, after = flat(document["answers"]), flat(mapping.apply(document)["answers"])
    told = {one.path: (one.old, one.new) for one in mapping.moved(document)}

    assert {path: after.get(path) for path in before if path not in told} == {
        path: value for path, value in before.items() if path not in told
    }
    assert {path: before[path] for path in told} == {path: old for path, (old, _) in told.items()}
    assert set(after) <= set(before)


@pytest.mark.req("REG-36")
@pytest.mark.parametrize(
    ("form", "answers", "expected", "told"),
    [
        ("to", {"no_consent_reason": 3}, {"no_consent_reason": 4}, [("no_consent_reason", 3, 4)]),
        ("to", {"no_consent_reason": 4}, {"no_consent_reason": 5}, [("no_consent_reason", 4, 5)]),
        ("to", {"enough_visits": 1, "supervision": 4}, {"supervision": 4}, [("enough_visits", 1, None)]),
        ("hads", {"item_1": 9, "item_2": 3}, {"item_2": 3}, [("item_1", 9, None)]),
        ("b12", {"can_state_nrs": 2}, {"can_state_nrs": 2}, []),
        (
            "b11",
            {"pain_diagnoses": [{"id": "r1", "code_secondary_visceral": "R51"}]},
            {"pain_diagnoses": [{"id": "r1", "code_secondary_visceral": "K86.1"}]},
            [("pain_diagnoses.r1.code_secondary_visceral", "R51", "K86.1")],
        ),
    ],
)
def test_codes_that_changed_their_meaning_are_translated(form, answers, expected, told):
    mapping, document = SMERTEREG.mappings[form, 1], SMERTEREG.form(form, 1).new(answers)

    assert mapping.apply(document)["answers"] == expected
    assert [(one.path, one.old, one.new) for one in mapping.moved(document)] == told
    assert document["answers"] == answers


@pytest.mark.req("REG-36")
def test_renamed_answers_keep_their_value_and_lists_lose_what_has_no_place():
    mapping = VersionMapping("x", 1, 2, AnswerMapping({"a": "b"}, ("c",), {"b": {1: None, 2: 3}}), {})
    document = {"version": 1, "answers": {"a": [1, 2, 4], "c": "gone", "d": "stays"}, "confirmed": ["a=1"]}

    assert mapping.apply(document) == {"version": 2, "answers": {"b": [3, 4], "d": "stays"}, "confirmed": []}
    assert [(one.path, one.old, one.new) for one in mapping.moved(document)] == [
        ("a", [1, 2, 4], [3, 4]),
        ("c", "gone", None),
    ]
