"""Where in a form the patient is: the questions in their order, and the addresses before and after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for

from services.eprom.domain.errors import NotFound
from services.eprom.pages.context import means
from services.eprom.queries.own_forms import OwnForm
from services.eprom.usecases.patient_form import Line, Mark, Part, PatientForm
from shared.forms.page import PageQuestion
from shared.scheduling.clock import oslo, today
from shared.web.language import current_language, translate


@dataclass(frozen=True)
class Step:
    """Where in the form the patient is; `number` counts from 1."""

    own: OwnForm
    form: PatientForm
    questions: Sequence[PageQuestion]
    number: int

    @property
    def question(self) -> PageQuestion:
        """The question of this step."""
        return self.questions[self.number - 1]

    def address(self, number: int) -> str:
        """The address of another question; before the first is the introduction, after the last the summary."""
        if number < 1:
            return url_for("pages.show_form", order_id=self.own.order_id)
        if number > len(self.questions):
            return url_for("pages.show_summary", order_id=self.own.order_id)
        path = self.questions[number - 1].path
        return url_for("pages.show_question", order_id=self.own.order_id, path=path)


def form_of(own: OwnForm) -> PatientForm:
    """The form with its answers, in the language of this request."""
    day = today(means().clock)
    version, document = own.definition_version, own.document
    return PatientForm.of(own.registry, own.form, version, document, today=day, language=current_language())


def step_at(own: OwnForm, path: str) -> Step:
    """The step of one question; raises NotFound for one that is not asked."""
    form = form_of(own)
    questions = form.questions()
    number = next((n for n, q in enumerate(questions, 1) if q.path == path), None)
    if number is None:
        raise NotFound
    return Step(own, form, questions, number)


def next_address(own: OwnForm, parts: Sequence[Part]) -> str:
    """The address of the first question that is neither answered nor skipped, or of the summary."""
    for line in lines_of(parts):
        if line.mark is Mark.UNANSWERED:
            return url_for("pages.show_question", order_id=own.order_id, path=line.path)
    return url_for("pages.show_summary", order_id=own.order_id)


def lines_of(parts: Sequence[Part]) -> Iterator[Line]:
    """The questions of all sections, in order."""
    for part in parts:
        yield from part.lines


def saved_words(own: OwnForm) -> str:
    """When the answers were kept last, in words; empty before anything was."""
    if own.saved_at is None:
        return ""
    moment, time = oslo(own.saved_at), oslo(own.saved_at).strftime("%H.%M")
    if moment.date() == today(means().clock):
        return translate("saved.today", time=time)
    return translate("saved.earlier", day=moment.strftime("%d.%m.%Y"), time=time)
