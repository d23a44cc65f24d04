"""One question a screen, for patients."""

from __future__ import annotations

import pytest

from shared.testing.html import find, form_values, words
from tests.ui.form_pages import answered_questions, draw, faulty, simple_questions

pytestmark = [pytest.mark.req("OPS-07")]
ASKED = ("boolean", "choice", "choices", "nrs", "integer", "decimal", "date", "text", "area")


@pytest.mark.parametrize("name", ASKED)
def test_question_is_the_heading_of_its_screen(name):
    q = simple_questions()[name]
    tree = draw("patient_question", q)
    assert words(tree.find(".//h1")) == q.label
    assert find(tree, id=q.path) is not None
    assert "må fylles ut" not in words(tree)


@pytest.mark.parametrize("name", ASKED)
def test_patients_send_the_same_fields_as_clinicians(name):
    q = answered_questions()[name]
    assert form_values(draw("patient_question", q)) == form_values(draw("question", q))


@pytest.mark.parametrize("name", ASKED)
def test_fault_is_named_by_the_question(name):
    q = faulty(simple_questions())[name]
    tree = draw("patient_question", q)
    named = [node for node in tree.iter() if f"{q.path}-error" in (node.get("aria-describedby") or "").split()]
    assert len(named) == 1
    assert words(find(tree, id=f"{q.path}-error")) == "Svar på spørsmålet."


def test_options_are_cards():
    cards = [node for node in draw("patient_question", simple_questions()["choice"]).iter() if node.get("data-variant")]
    assert [card.get("data-variant") for card in cards] == ["outline"] * 4
