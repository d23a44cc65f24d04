"""How answers of one version of a form become answers of the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.forms.definition import FormDefinition, Question, Type
from shared.forms.reading import Flaws, Node, read_yaml


@dataclass(frozen=True)
class Moved:
    """One answer that another version has otherwise; `new` is None where it has no place for it."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True)
class AnswerMapping:
    """Renamed and dropped keys, and codes that became others (None where none fits), of a form or of its rows."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """The key of a question in the next version."""
        return self.renamed.get(key, key)

    def apply(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers that have a place in the next version."""
        moved = {self.name(key): self._code(key, value) for key, value in answers.items() if key not in self.dropped}
        return {key: value for key, value in moved.items() if value is not None}

    def moved(self, answers: Mapping[str, Any], place: str = "") -> Iterator[Moved]:
        """What becomes of the answers that do not stay as they are."""
        for key, value in answers.items():
            new = None if key in self.dropped else self._code(key, value)
            if new != value or self.name(key) != key:
                yield Moved(place + key, value, new)

    def _code(self, key: str, value: Any) -> Any:
        codes = self.codes.get(self.name(key))
        if codes is None:
            return value
        if isinstance(value, list):
            return [new for new in (codes.get(code, code) for code in value) if new is not None]
        return codes.get(value, value)


@dataclass(frozen=True)
class VersionMapping:
    """The mapping of one version of a form to the next; `rows` by the key of their question in the older one."""

    form: str
    first: int
    second: int
    answers: AnswerMapping
    rows: Mapping[str, AnswerMapping]

    def apply(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document as the next version would have it; the old one stays what it was."""
        answers = self._with_rows(document["answers"])
        return {**document, "version": self.second, "answers": self.answers.apply(answers), "confirmed": []}

    def moved(self, document: Mapping[str, Any]) -> tuple[Moved, ...]:
        """Every answer that the next version has otherwise or not at all."""
        found = list(self.answers.moved(self._with_rows(document["answers"])))
        for key, mapping in self.rows.items():
            for row in document["answers"].get(key, ()):
                found += mapping.moved(row, f"{key}.{row['id']}.")
        return tuple(found)

    def _with_rows(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._rows(key, value) if key in self.rows else value for key, value in answers.items()}

    def _rows(self, key: str, rows: Any) -> list[dict[str, Any]]:
        return [self.rows[key].apply(row) for row in rows]


Mappings = Mapping[tuple[str, int], VersionMapping]


def read_mappings(folder: Path, forms: Iterable[FormDefinition], flaws: Flaws) -> Mappings:
    """The mapping of every version but the last to the next, by form and version; no answer is lost unsaid."""
    versions: dict[str, dict[int, FormDefinition]] = {}
    for form in forms:
        versions.setdefault(form.key, {})[form.version] = form
    read: dict[tuple[str, int], VersionMapping] = {}
    for key, found in versions.items():
        for number in sorted(found)[:-1]:
            file = folder / "forms" / key / f"v{number}_to_v{number + 1}.yaml"
            mapping = read_mapping(file, flaws)
            if mapping and number + 1 in found:
                read[key, number] = mapping
                _check(mapping, found[number], found[number + 1], file, flaws)
    return read


def read_mapping(file: Path, flaws: Flaws) -> VersionMapping | None:
    """The mapping in a file, or None with the flaws noted."""
    node = read_yaml(file, flaws)
    if node is None:
        return None
    rows = node.node("rows")
    mapping = VersionMapping(
        form=node.string("form", needed=True),
        first=node.integer("from", needed=True),
        second=node.integer("to", needed=True),
        answers=_answers(node),
        rows={key: _inside(rows, key) for key in rows.names()} if rows else {},
    )
    node.close()
    return mapping


def _inside(rows: Node, key: str) -> AnswerMapping:
    inner = rows.node(key)
    if inner is None:
        return AnswerMapping()
    mapping = _answers(inner)
    inner.close()
    return mapping


def _answers(node: Node) -> AnswerMapping:
    renamed, dropped = node.take("renamed", dict) or {}, node.take("dropped", list) or ()
    return AnswerMapping(renamed, tuple(dropped), node.take("codes", dict) or {})


def _check(mapping: VersionMapping, old: FormDefinition, new: FormDefinition, file: Path, flaws: Flaws) -> None:
    after = {question.key: question for question in new.questions()}
    for place, reason in _lost(mapping.answers, old.questions(), after):
        flaws.add(file, place, reason)
    for question in old.questions():
        found = after.get(mapping.answers.name(question.key))
        if question.type is Type.ROWS and found is not None:
            inner = mapping.rows.get(question.key, AnswerMapping())
            for place, reason in _lost(inner, question.questions, {q.key: q for q in found.questions}):
                flaws.add(file, f"{question.key}.{place}", reason)


def _lost(
    mapping: AnswerMapping, before: Iterable[Question], after: Mapping[str, Question]
) -> Iterator[tuple[str, str]]:
    for question in before:
        found = after.get(mapping.name(question.key))
        if question.key in mapping.dropped:
            continue
        if found is None or found.type is not question.type:
            yield question.key, "is neither kept with its type, renamed nor dropped"
            continue
        lost = _lost_codes(question, found, mapping.codes.get(found.key, {}))
        if lost:
            yield question.key, f"has codes without a place in the next version: {lost}"


def _lost_codes(old: Question, new: Question, codes: Mapping[Any, Any]) -> list[Any]:
    known = {None, *_codes(new)}
    return [code for code in _codes(old) if codes.get(code, code) not in known]


def _codes(question: Question) -> list[Any]:
    picked = [*(option.code for option in question.options), *(line.code for line in question.lines)]
    return [*picked, *(question.coding.options if question.coding else ())]
