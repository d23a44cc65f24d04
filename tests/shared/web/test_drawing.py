"""Questions that stay the same are drawn once, with the address of the form that asks for them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask, g
from markupsafe import Markup

from shared.web.drawing import draw_once

pytestmark = pytest.mark.req("OPS-07")


@dataclass(frozen=True)
class Asked:
    type: str
    label: str


class Macro:
    """Draws, and counts how often."""

    def __init__(self):
        self.calls = 0

    def __call__(self, question, post_to, is_read_only):
        self.calls += 1
        return Markup('<p data-to="{}">{}{}</p>').format(post_to, question.label, is_read_only)


@pytest.fixture
def macro():
    with Flask("drawing").test_request_context():
        g.language = "nb"
        yield Macro()


def test_an_equal_question_is_drawn_once_for_every_form(macro):
    drawn = [draw_once(macro, Asked("choice", "Smerte?"), f"/forms/{number}?a=1&b=2", False) for number in (1, 2)]
    assert drawn == [f'<p data-to="/forms/{number}?a=1&amp;b=2">Smerte?False</p>' for number in (1, 2)]
    assert macro.calls == 1


def test_what_differs_is_drawn_anew(macro):
    question = Asked("choice", "Smerte?")
    drawn = [draw_once(macro, question, "/forms/1", False), draw_once(macro, question, "", True)]
    drawn.append(draw_once(macro, Asked("choice", "Hvor?"), "/forms/1", False))
    g.language = "nn"
    drawn.append(draw_once(macro, question, "/forms/1", False))
    assert macro.calls == 4
    assert drawn[0] == drawn[3]
    assert len(set(drawn)) == 3


def test_words_of_people_are_not_kept(macro):
    for _ in range(2):
        draw_once(macro, Asked("text", "Diagnose"), "/forms/1", False)
    assert macro.calls == 2
