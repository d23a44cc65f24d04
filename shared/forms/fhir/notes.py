"""What FHIR has no element for, said in words for whoever builds on a Questionnaire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.forms.definition import Bound, Question, Reference
from shared.forms.expression import bounds, calculation
from shared.forms.fhir.elements import BASE, HL7, Element, extension
from shared.forms.problems import sentence
from shared.forms.wording import in_words


@dataclass(frozen=True)
class Notes:
    """Makes the design notes of one form."""

    questions: Mapping[str, Question]

    def note(self, question: Question, *, is_condition_said: bool) -> list[Element]:
        """The design note of a question, if anything is left to say."""
        lines = [*self._conditions(question, is_condition_said=is_condition_said), *_bounds(question)]
        if question.calculate:
            lines.append(sentence("note.calculated", BASE, calculation=calculation(question.calculate)))
        return [extension(f"{HL7}designNote", valueMarkdown="\n".join(lines))] if lines else []

    def _conditions(self, question: Question, *, is_condition_said: bool) -> Iterator[str]:
        shown = None if is_condition_said else question.show_if
        filled = question.fill.when if question.fill else None
        for key, condition in {"shown": shown, "required": question.required_if, "filled": filled}.items():
            if condition:
                words = in_words(condition, self.questions, BASE)
                yield sentence(f"note.{key}", BASE, condition=words, value=str(question.fill and question.fill.value))


def _bounds(question: Question) -> Iterator[str]:
    limit, normal = question.limit, question.normal
    if limit:
        yield from _bound("limit_low", _references(limit.low))
        yield from _bound("limit_high", _references(limit.high))
    if normal:
        yield from _bound("normal_low", normal.low)
        yield from _bound("normal_high", normal.high)


def _references(written: tuple[Bound, ...]) -> tuple[Bound, ...]:
    return tuple(bound for bound in written if isinstance(bound, Reference))


def _bound(key: str, written: tuple[Bound, ...]) -> Iterator[str]:
    if written:
        yield sentence(f"note.{key}", BASE, bounds=", ".join(bounds(written)))
