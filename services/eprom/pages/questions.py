"""One question a screen: shown, saved at each step, looked over, and submitted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import means, own_form_or_404
from services.eprom.pages.form import closed
from services.eprom.queries.own_forms import OwnForm
from services.eprom.usecases.answer_form import save_answers, submit_answers
from services.eprom.usecases.patient_form import PatientForm
from shared.forms.page import PageQuestion
from shared.scheduling.clock import today
from shared.web.language import current_language

UNPROCESSABLE = 422


@dataclass(frozen=True)
class _Step:
    """Where in the form the patient is; `number` counts from 1."""

    own: OwnForm
    form: PatientForm
    questions: Sequence[PageQuestion]
    number: int

    @property
    def question(self) -> PageQuestion:
        return self.questions[self.number - 1]

    def address(self, number: int) -> str:
        """The address of another question; before the first is the introduction, after the last the summary."""
        if number < 1:
            return url_for("pages.show_form", order_id=self.own.order_id)
        if number > len(self.questions):
            return url_for("pages.show_summary", order_id=self.own.order_id)
        path = self.questions[number - 1].path
        return url_for("pages.show_question", order_id=self.own.order_id, path=path)


@pages.get("/form/<order_id>/question/<path>")
def show_question(order_id: str, path: str) -> ResponseReturnValue:
    """One question with what was answered before."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    step = _step(own, path)
    return _page(step, step.question)


@pages.post("/form/<order_id>/question/<path>")
def send_question(order_id: str, path: str) -> ResponseReturnValue:
    """Save the answer and go on, back, or past it; a wrong answer stays on the screen with the reason."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    step, act = _step(own, path), request.form.get("act", "next")
    if act == "skip":
        return redirect(step.address(step.number + 1), 303)
    draft, problems = step.form.read(request.form)
    wrong = [problem for problem in problems if problem.path.split(".")[0] == path]
    is_held = bool(wrong) or step.form.is_doubtful(draft, path)
    if is_held and act != "back":
        found = [problem for problem in wrong if problem not in draft.problems]
        page = step.form.page(draft, found)
        question = next(q for section in page.sections for q in section.questions if q.path == path)
        return _page(step, question), UNPROCESSABLE
    if not is_held:
        _save(step)
    if act == "back":
        return redirect(step.address(step.number - 1), 303)
    return redirect(_step(own_form_or_404(order_id), path).address(step.number + 1), 303)


@pages.get("/form/<order_id>/summary")
def show_summary(order_id: str) -> ResponseReturnValue:
    """What was answered, before it is handed over."""
    own = own_form_or_404(order_id)
    return _summary(own) if own.is_open else closed(own)


@pages.post("/form/<order_id>/submit")
def send_answers(order_id: str) -> ResponseReturnValue:
    """Hand the answers over, once."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    if own.document is None:
        return _summary(own, error="nothing_answered"), UNPROCESSABLE
    form = _form(own)
    try:
        submit_answers(order_id, finish=lambda kept: form.on(kept).submitted(), uow=means().uow)
    except NotFound:
        raise
    except RuleBroken:  # another window was quicker
        return redirect(url_for("pages.show_form", order_id=order_id), 303)
    return redirect(url_for("pages.show_thanks", order_id=order_id), 303)


def first_question(own: OwnForm) -> str:
    """The address of the first question without an answer, or of the summary."""
    questions = _form(own).questions()
    answers = (own.document or {}).get("answers", {})
    number = next((n for n, q in enumerate(questions, 1) if q.path not in answers), len(questions) + 1)
    return _Step(own, _form(own), questions, number).address(number)


def _form(own: OwnForm) -> PatientForm:
    day = today(means().clock)
    version, document = own.definition_version, own.document
    return PatientForm.of(own.registry, own.form, version, document, today=day, language=current_language())


def _step(own: OwnForm, path: str) -> _Step:
    form = _form(own)
    questions = form.questions()
    number = next((n for n, q in enumerate(questions, 1) if q.path == path), None)
    if number is None:
        raise NotFound
    return _Step(own, form, questions, number)


def _save(step: _Step) -> None:
    """Put the fields of this request into what is kept at this moment; a second window may have changed it."""
    fields, form = request.form, step.form
    save_answers(
        step.own.order_id,
        lambda kept: form.on(kept).read(fields)[0].document,
        definition_version=form.form.version,
        uow=means().uow,
    )


def _page(step: _Step, question: PageQuestion) -> str:
    return render_template(
        "eprom/question.html", form=step.own, q=question, number=step.number, count=len(step.questions)
    )


def _summary(own: OwnForm, error: str = "") -> str:
    form = _form(own)
    skipped = {question.path for question in form.unanswered()}
    return render_template("eprom/summary.html", form=own, questions=form.questions(), skipped=skipped, error=error)


def title_and_words(own: OwnForm) -> tuple[str, str]:
    """The form's title and what patients read first."""
    page = _form(own).page()
    return page.title, page.intro
