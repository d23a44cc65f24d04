"""One question a screen: shown, saved at each step, and left for the next, the one before, or another language."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import ANSWERED_HERE, means, own_form_or_404
from services.eprom.pages.form import closed
from services.eprom.pages.steps import Step, saved_words, step_at
from services.eprom.usecases.answer_form import save_answers
from shared.forms.draft import Draft
from shared.forms.page import PageQuestion
from shared.forms.problems import Problem
from shared.web.language import speak

UNPROCESSABLE = 422
NEXT, BACK, SKIP, LANGUAGE = "next", "back", "skip", "language"


@pages.get("/form/<order_id>/question/<path>")
def show_question(order_id: str, path: str) -> ResponseReturnValue:
    """One question with what was answered before."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    step = step_at(own, path)
    return _page(step, step.question)


@pages.post("/form/<order_id>/question/<path>")
def send_question(order_id: str, path: str) -> ResponseReturnValue:
    """Save the answer and go on, back, past it or to another language; a wrong one stays there with the reason."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    act = _act()
    step = step_at(own, path)
    draft, problems = step.form.read(request.form)
    wrong = [problem for problem in problems if problem.path.split(".")[0] == path]
    is_held = bool(wrong) or step.form.is_doubtful(draft, path)
    if is_held and act in {NEXT, LANGUAGE}:
        return _held(step, draft, wrong), UNPROCESSABLE
    _save(step, passed=path if act in {NEXT, SKIP} else "", with_fields=not is_held and act != SKIP)
    return redirect(_way(order_id, path, act), 303)


def _act() -> str:
    """Which button was pressed; one of a language makes this request speak it already."""
    chosen = request.form.get(LANGUAGE)
    if chosen is not None:
        speak(chosen)
        return LANGUAGE
    return request.form.get("act", NEXT)


def _way(order_id: str, path: str, act: str) -> str:
    """Where to go on: what was just saved may have opened or closed questions."""
    step = step_at(own_form_or_404(order_id), path)
    return step.address(step.number + {BACK: -1, LANGUAGE: 0}.get(act, 1))


def _save(step: Step, *, passed: str, with_fields: bool) -> None:
    """Put the fields of this request into what is kept at this moment; a second window may have changed it."""
    fields, form = request.form, step.form
    if not with_fields and not passed:
        return
    session[ANSWERED_HERE] = step.own.order_id
    save_answers(
        step.own.order_id,
        lambda kept: form.on(kept).read(fields)[0].document if with_fields else form.on(kept).document,
        definition_version=form.form.version,
        passed=passed,
        uow=means().uow,
    )


def _held(step: Step, draft: Draft, wrong: Sequence[Problem]) -> str:
    """The same question with what was typed and what is to be said about it."""
    found = [problem for problem in wrong if problem not in draft.problems]
    page = step.form.page(draft, found)
    question = next(q for s in page.sections for q in s.questions if q.path == step.question.path)
    return _page(step, question)


def _page(step: Step, question: PageQuestion) -> str:
    return render_template(
        "eprom/question.html",
        form=step.own,
        q=question,
        number=step.number,
        count=len(step.questions),
        saved=saved_words(step.own),
    )
