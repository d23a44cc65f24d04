"""Changes of answers in words: the question, and old and new as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.registration.domain.change_log import COMMENT, CONFIRMED, MISFITS
from shared.forms.answer_words import PlaceName, answer_words, plain
from shared.forms.compiled import CompiledForm
from shared.forms.definition import UNKNOWN, Question, Type, say
from shared.web.language import current_language, translate

_PLACE = re.compile(r"(?P<variable>[^\[/]+)(\[(?P<row>[^\]]+)\])?(/(?P<part>.+))?\Z")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One change in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Tells the changes of one form by the words of the version it has. `rows` are the rows that stand there now."""

    form: CompiledForm
    rows: Mapping[str, Sequence[str]]
    place_name: PlaceName

    def tell(self, place: str, old: Any, new: Any) -> Told:
        """The change at a place of the log, such as `pain_diagnoses.code_acute[1f0c2a9b]`."""
        if place == COMMENT:
            return self._comment(had=old, has=new)
        if place == CONFIRMED:
            return self._confirmed(old, new)
        if place == MISFITS:
            return Told(label=translate("registration.misfit.title"), old="", new="; ".join(self.misfits(new)))
        found = _PLACE.match(place)
        variable, row, part = (found["variable"], found["row"], found["part"]) if found else (place, None, None)
        question = self._question(variable)
        if question is None:
            return Told(label=place, old=plain(old, current_language()), new=plain(new, current_language()))
        parts = [self._row(variable, row), say(question.label, current_language()), _part(question, part)]
        values = [self._value(question, part, value, is_rows=row is None) for value in (old, new)]
        return Told(label=": ".join(word for word in parts if word), old=values[0], new=values[1])

    def misfits(self, told: Sequence[Sequence[str]]) -> list[str]:
        """What did not fit, a sentence each: the question or the name of the field, its value, what is said of it."""
        lines = []
        for field, value, warning in told:
            question = self._question(field)
            label = say(question.label, current_language()) if question else field
            said = [word for word in (value, warning) if word] or [translate("registration.misfit.no_question")]
            lines.append(f"{label}: {', '.join(said)}" if label else ", ".join(said))
        return lines

    def _question(self, variable: str) -> Question | None:
        outer, _, inner = variable.partition(".")
        question = self.form.questions.get(outer)
        if question is None or not inner:
            return question
        return next((one for one in question.questions if one.key == inner), None)

    def _row(self, variable: str, row: str | None) -> str:
        if row is None:
            return ""
        key = variable.partition(".")[0]
        known = list(self.rows.get(key, ()))
        label = say(self.form.questions[key].label, current_language())
        name = translate("registration.history.row", number=known.index(row) + 1) if row in known else ""
        return f"{label}, {name or translate('registration.history.row_gone')}"

    def _comment(self, *, had: bool, has: bool) -> Told:
        words = [translate(f"registration.history.comment_{'there' if one else 'none'}") for one in (had, has)]
        return Told(label=translate("registration.form.comment"), old=words[0], new=words[1])

    def _confirmed(self, old: Sequence[str], new: Sequence[str]) -> Told:
        """Confirmed values: those that came and those that went."""
        before, after = ([one for one in these if one not in others] for these, others in ((old, new), (new, old)))
        label = translate("registration.history.confirmed")
        return Told(label=label, old=self._confirmations(before), new=self._confirmations(after))

    def _confirmations(self, confirmed: Sequence[str]) -> str:
        words = []
        for one in confirmed:
            path, _, value = one.partition("=")
            key, _, rest = path.partition(".")
            question = self.form.questions.get(key)
            label = say(question.label, current_language()) if question else path
            inner = rest.removesuffix(".times")
            inner = f"doses.{inner}" if question and question.type is Type.OPIOID_TABLE else inner
            part = _part(question, inner) if question else ""
            words.append(
                f"{label}{': ' if part else ''}{part}{f' = {plain(value, current_language())}' if value else ''}"
            )
        return "; ".join(words)

    def _value(self, question: Question, part: str | None, value: Any, *, is_rows: bool) -> str:
        language = current_language()
        if question.type is Type.ROWS and is_rows and value:
            return translate("registration.history.rows", count=len(value))
        if part and value != UNKNOWN:
            return plain(value, language)
        return answer_words(question, value, language, self.place_name)


def _part(question: Question, part: str | None) -> str:
    """The name of a part of a table's answer: a caregiver, or a preparation and what is said of it."""
    if not part:
        return ""
    kind, _, key = part.rpartition(".")
    language = current_language()
    known = {item.key: item.label for item in question.preparations.items} if question.preparations else {}
    known |= {line.code: line.label for line in question.lines}
    name = say(known[key], language) if key in known else ""
    what = translate(f"registration.history.{kind or key}") if question.type is Type.OPIOID_TABLE else ""
    return ", ".join(word for word in (name or ("" if what else part), what) if word)
