"""The compiled forms say the same as a slow reading of the files, question by question."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared.forms.plain import PlainForm
from tests.shared.forms.plain_problems import PlainProblems
from tests.shared.forms.strategies import FORMS, REGISTRY, answers, opened, opening

DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 31))
CONTEXTS = st.fixed_dictionaries(
    {"today": DAYS},
    optional={
        "birth_date": st.dates(date(1920, 1, 1), date(2024, 1, 1)),
        **dict.fromkeys(("deceased_date", "referred_on", "started_on", "ended_on"), DAYS),
        **dict.fromkeys(("consent_date", "consent_withdrawn_date"), DAYS.map(date.isoformat)),
        "gender": st.sampled_from([1, 2]),
        "address_type": st.integers(1, 3),
        "deceased": st.integers(0, 1),
        "legal_basis": st.sampled_from(["consent", "reservation"]),
        "course_type": st.integers(1, 3),
        "consent": st.sampled_from([0, 1, None]),
        "no_consent_reason": st.integers(1, 5),
    },
)


def told(problems):
    return sorted((problem.path, problem.text) for problem in problems)


def agree(form, document, context):
    """Both ways of working out a form, side by side; what shows is given back."""
    plain = PlainForm(form.key, document["answers"], context)
    problems = PlainProblems(plain)
    visible = list(form.visible(document, context))
    assert visible == plain.visible()
    assert list(form.required(document, context)) == problems.required()
    assert form.values(document, context) == plain.values()
    assert form.calculate(document, context) == plain.computed()
    assert told(form.check(document, context)) == sorted(problems.errors())
    assert told(form.warnings(document, context)) == sorted(problems.warnings())
    assert told(form.complete(document, context)) == sorted(problems.complete())
    return visible


@pytest.mark.req("REG-11", "REG-06", "REG-16", "GEN-01")
@pytest.mark.parametrize("key", FORMS)
@given(data=st.data())
def test_a_compiled_form_says_what_its_file_says(key, data):
    form = REGISTRY.form(key)
    draft = form.read_values(data.draw(answers(key)), form.new())
    assert draft.problems == ()
    agree(form, draft.document, data.draw(CONTEXTS))


@pytest.mark.req("REG-11", "REG-06")
@pytest.mark.parametrize("key", FORMS[:-1])
def test_every_question_of_a_form_can_be_opened_and_is_then_worked_out_alike(key):
    form, today = REGISTRY.form(key), date(2026, 11, 21)
    facts = {"today": today, "birth_date": date(1957, 5, 17), "deceased": 1, "no_consent_reason": 5}
    contexts = [{**facts, "legal_basis": "consent", "consent": consent} for consent in (0, 1)]
    for question in form.definition.all_questions():
        document = form.read_values(opened({}, opening(question.key, key)), form.new()).document
        shown = {path.rsplit(".", 1)[-1] for context in contexts for path in agree(form, document, context)}
        assert question.key in shown
