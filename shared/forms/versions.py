"""How answers of one version of a form become answers of the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.forms.definition import FormDefinition, Question
from shared.forms.reading import Flaws, read_yaml


@dataclass(frozen=True)
class VersionMapping:
    """Renamed and dropped keys, and codes that became others (None where none fits)."""

    form: str
    first: int
    second: int
    renamed: Mapping[str, str]
    dropped: tuple[str, ...]
    codes: Mapping[str, Mapping[Any, Any]]

    def apply(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document as the next version would have it; the old one stays what it was."""
        answers: dict[str, Any] = {}
        for key, value in document["answers"].items():
            if key in self.dropped:
                continue
            name = self.renamed.get(key, key)
            answers[name] = self._code(name, value)
        kept = {name: value for name, value in answers.items() if value is not None}
        return {**document, "version": self.second, "answers": kept, "confirmed": []}

    def _code(self, key: str, value: Any) -> Any:
        codes = self.codes.get(key)
        if codes is None:
            return value
        if isinstance(value, list):
            return [new for new in (codes.get(code, code) for code in value) if new is not None]
        return codes.get(value, value)


def check_mappings(folder: Path, forms: Iterable[FormDefinition], flaws: Flaws) -> None:
    """Every version but the last has a mapping to the next, and no answer is lost on the way unsaid."""
    versions: dict[str, dict[int, FormDefinition]] = {}
    for form in forms:
        versions.setdefault(form.key, {})[form.version] = form
    for key, found in versions.items():
        for number in sorted(found)[:-1]:
            file = folder / "forms" / key / f"v{number}_to_v{number + 1}.yaml"
            mapping = read_mapping(file, flaws)
            if mapping and number + 1 in found:
                _check(mapping, found[number], found[number + 1], file, flaws)


def read_mapping(file: Path, flaws: Flaws) -> VersionMapping | None:
    """The mapping in a file, or None with the flaws noted."""
    node = read_yaml(file, flaws)
    if node is None:
        return None
    mapping = VersionMapping(
        form=node.string("form", needed=True),
        first=node.integer("from", needed=True),
        second=node.integer("to", needed=True),
        renamed=node.take("renamed", dict) or {},
        dropped=tuple(node.take("dropped", list) or ()),
        codes=node.take("codes", dict) or {},
    )
    node.close()
    return mapping


def _check(mapping: VersionMapping, old: FormDefinition, new: FormDefinition, file: Path, flaws: Flaws) -> None:
    after = {question.key: question for question in new.questions()}
    for question in old.questions():
        if question.key in mapping.dropped:
            continue
        name = mapping.renamed.get(question.key, question.key)
        if name not in after or after[name].type is not question.type:
            flaws.add(file, question.key, "is neither kept with its type, renamed nor dropped")
            continue
        lost = _lost_codes(question, after[name], mapping.codes.get(name, {}))
        if lost:
            flaws.add(file, question.key, f"has codes without a place in the next version: {lost}")


def _lost_codes(old: Question, new: Question, codes: Mapping[Any, Any]) -> list[Any]:
    known = {option.code for option in new.options}
    return [option.code for option in old.options if option.code not in codes and option.code not in known]
