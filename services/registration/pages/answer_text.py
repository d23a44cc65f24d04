"""An answer of a document as people read it, whether or not its question shows now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.domain.change_log import COMMENT
from services.registration.pages.context import means
from services.registration.queries.places import name_of_place
from shared.forms.answer_words import answer_words, plain
from shared.forms.compiled import CompiledForm
from shared.forms.definition import Question, Type, say
from shared.web.language import current_language, translate


class Wording:
    """Names places in a form and says the answers there, in the language of the page."""

    def __init__(self, form: CompiledForm, *documents: Mapping[str, Any]) -> None:
        self._form, self._language = form, current_language()
        self._numbers: dict[str, int] = {}
        for answers in documents:
            self._count_rows(answers)

    def label(self, place: str) -> str:
        """The text of the question, with the number of its row."""
        key, _, rest = place.partition(".")
        if key == COMMENT:
            return translate("registration.form.comment")
        question, (row, _, inner) = self._form.questions[key], rest.partition(".")
        if not row:
            return self._say(question.label)
        number = translate("registration.history.row", number=self._numbers.get(f"{key}.{row}", 1))
        asked = next((one for one in question.questions if one.key == inner), None)
        return ", ".join([self._say(question.label), number, *([self._say(asked.label)] if asked else [])])

    def answer(self, place: str, value: Any) -> str:
        """The answer in words."""
        key, _, rest = place.partition(".")
        if value is None or key == COMMENT:
            gone = "registration.conflict.no_row" if rest and "." not in rest else "ui.form.not_answered"
            return str(value) if value else translate(gone)
        question = self._form.questions[key]
        if isinstance(value, Mapping) and question.type is Type.ROWS:
            return self._row(question, value)
        inner = rest.partition(".")[2]
        return self._one(next((one for one in question.questions if one.key == inner), question), value)

    def _count_rows(self, answers: Mapping[str, Any]) -> None:
        for key, value in answers.items():
            if key in self._form.questions and self._form.questions[key].type is Type.ROWS:
                for row in value or ():
                    known = sum(place.startswith(f"{key}.") for place in self._numbers)
                    self._numbers.setdefault(f"{key}.{row['id']}", known + 1)

    def _row(self, question: Question, row: Mapping[str, Any]) -> str:
        said = [(q, row[q.key]) for q in question.questions if row.get(q.key) is not None]
        return "; ".join(f"{self._say(q.label)}: {self._one(q, value)}" for q, value in said)

    def _one(self, question: Question, value: Any) -> str:
        if question.type is Type.OPIOID_TABLE:
            return self._doses(question, value)
        if question.type is Type.VISITS_TABLE:
            return self._visits(question, value)
        return answer_words(question, value, self._language, self._place_name)

    def _place_name(self, place_id: int) -> str:
        return name_of_place(place_id, database=means().database)

    def _doses(self, question: Question, value: Mapping[str, Any]) -> str:
        known = {item.key: item for item in (question.preparations.items if question.preparations else ())}
        said = []
        for key, dose in value.get("doses", {}).items():
            name = f"{self._say(known[key].label)}: " if key in known else f"{key}: "
            said.append(f"{name}{plain(dose, self._language)} {known[key].unit if key in known else ''}".strip())
        return "; ".join(said)

    def _visits(self, question: Question, value: Mapping[str, Any]) -> str:
        lines = [(line, value[line.code]) for line in question.lines if line.code in value]
        return "; ".join(f"{self._say(line.label)}: {'?' if n is None else n}" for line, n in lines)

    def _say(self, text: Mapping[str, str]) -> str:
        return say(text, self._language)
