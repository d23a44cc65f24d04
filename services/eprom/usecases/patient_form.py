"""A patient's form as the engine sees it: one question at a time, saved as one goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.eprom.domain.errors import NotFound
from shared.forms.catalogue import registry
from shared.forms.compiled import CompiledForm
from shared.forms.definition import Audience, Type
from shared.forms.draft import Draft
from shared.forms.errors import UnknownForm
from shared.forms.page import Page, PageQuestion
from shared.forms.page_maker import Showing
from shared.forms.posted import Fields
from shared.forms.problems import Problem

SUBMITTED_ON = "submitted_on"


class Mark(StrEnum):
    """How a question stands."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One question of the overview."""

    path: str
    label: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of the overview; its title may be empty."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class PatientForm:
    """One form with what was answered so far."""

    form: CompiledForm
    document: Mapping[str, Any]
    today: date
    language: str

    @classmethod
    def of(
        cls, registry_key: str, key: str, version: int | None, document: Any, *, today: date, language: str
    ) -> PatientForm:
        """The form that was ordered; raises NotFound for one that the registry does not have."""
        try:
            form = registry(registry_key).form(key, version)
        except UnknownForm:
            raise NotFound from None
        return cls(form, document or form.new_for_patient(), today, language)

    def on(self, document: Mapping[str, Any] | None) -> PatientForm:
        """The same form with other answers."""
        return replace(self, document=document or self.form.new_for_patient())

    def page(self, draft: Draft | None = None, problems: Sequence[Problem] = ()) -> Page:
        """Everything a patient is asked."""
        showing = Showing(language=self.language, audience=Audience.PATIENT, draft=draft, problems=problems)
        return self.form.page(draft.document if draft else self.document, self._context, showing)

    def questions(self) -> list[PageQuestion]:
        """The questions to answer, in order; what the system answers is left out."""
        page = self.page()
        return [q for section in page.sections for q in section.questions if q.path in page.shown]

    def read(self, fields: Fields) -> tuple[Draft, Sequence[Problem]]:
        """What the fields make of the answers, and what is wrong about it."""
        draft = self.form.read(fields, self.document)
        return draft, (*draft.problems, *self.form.check(draft.document, self._context))

    def is_doubtful(self, draft: Draft, path: str) -> bool:
        """Whether the answer at `path` is unusual and nobody has confirmed it."""
        doubts = self.form.warnings(draft.document, self._context)
        return any(doubt.path.split(".")[0] == path for doubt in doubts)

    def overview(self, skipped: Collection[str]) -> list[Part]:
        """The sections that ask a patient something, each question with its mark; `skipped` are paths."""
        page = self.page()
        asked = [(s.title, [q for q in s.questions if q.path in page.shown]) for s in page.sections]
        return [
            Part(title=title, lines=[Line(path=q.path, label=q.label, mark=self._mark(q, skipped)) for q in questions])
            for title, questions in asked
            if questions
        ]

    @property
    def is_all_open(self) -> bool:
        """Whether every question that a patient may be asked is asked, and no answer opens another."""
        sections = [s for s in self.form.definition.sections if s.audience is not Audience.CLINICIAN]
        asked = [q for s in sections for q in s.questions if not q.is_hidden and q.type is not Type.COMPUTED]
        return len(asked) == len(self.questions())

    @property
    def is_begun(self) -> bool:
        """Whether any question of the patient is answered."""
        return any(question.path in self.document["answers"] for question in self.questions())

    def _mark(self, question: PageQuestion, skipped: Collection[str]) -> Mark:
        if question.path in self.document["answers"]:
            return Mark.ANSWERED
        return Mark.SKIPPED if question.path in skipped else Mark.UNANSWERED

    def unanswered(self) -> list[PageQuestion]:
        """Questions that were skipped."""
        missing = {p.path for p in self.form.complete(self.document, self._context)}
        return [q for q in self.questions() if q.path in missing and q.path not in self.document["answers"]]

    def submitted(self) -> dict[str, Any]:
        """The document as it is handed over: dated, as the register wants it."""
        fixed = self.form.rules.patient_form_end.get("submitted", {})
        dated = {key: self.today.isoformat() for key, value in fixed.items() if value == SUBMITTED_ON}
        known = {key: value for key, value in dated.items() if key in self.form.questions}
        return {**self.document, "answers": {**self.document["answers"], **known}}

    @property
    def _context(self) -> dict[str, Any]:
        return {"today": self.today}
