"""What changed between two stored documents of a form, variable by variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orjson import dumps

from shared.forms.definition import UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Change:
    """One answer that is another one; None is no answer.

    `variable` is named as in the codebook, without the form. `row` is the id of the row it stands in, `part` the place
    inside the answer of a table, such as `doses.morphine`. A rows variable itself changes when rows come, go or move:
    its values are lists of row ids. `by_system` is set where nobody answered, but what counts is another: computed
    answers, answers that the system fills in, and answers that began or ceased to count.
    """

    variable: str
    row: str | None = None
    part: str | None = None
    old: Any
    new: Any
    by_system: bool = False

    @property
    def place(self) -> str:
        """Where it stands, in one word: `pain_diagnoses.code_acute[1f0c2a9b]`, `opioids/doses.morphine`."""
        row, part = f"[{self.row}]" if self.row else "", f"/{self.part}" if self.part else ""
        return f"{self.variable}{row}{part}"


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes from one stored document to the next, in the order of the answers; before the first one is None."""
    old, new = before or {}, after
    typed = _changed(old, new, "answers")
    stored = {key: pair for key, pair in _changed(old, new, "values").items() if pair != typed.get(key)}
    written, counting = _differences(old, new, "answers", typed), _differences(old, new, "values", stored)
    by_people = tuple(_change(place, *pair, by_system=False) for place, pair in written.items())
    others = {place: pair for place, pair in counting.items() if place not in written}
    return (*by_people, *(_change(place, *pair, by_system=True) for place, pair in others.items()))


Place = tuple[str, str | None, str | None]


def _change(place: Place, old: Any, new: Any, *, by_system: bool) -> Change:
    variable, row, part = place
    return Change(variable=variable, row=row, part=part, old=old, new=new, by_system=by_system)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], part: str) -> dict[str, tuple[bytes, bytes]]:
    """The answers that may be others, as they are written; most are as they were, and only these are taken apart."""
    old, new = before.get(part) or {}, after.get(part) or {}
    pairs = {key: (dumps(old.get(key)), dumps(new.get(key))) for key in {**new, **old}}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], part: str, keys: Iterable[str]
) -> dict[Place, tuple[Any, Any]]:
    old, new = _flat(before.get(part) or {}, keys), _flat(after.get(part) or {}, keys)
    places = dict.fromkeys([*new, *old])
    return {p: (old.get(p), new.get(p)) for p in places if not _same(old.get(p), new.get(p))}


def _same(one: Any, other: Any) -> bool:
    """Equal, and not only because Python takes true for 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _flat(answers: Mapping[str, Any], keys: Iterable[str]) -> dict[Place, Any]:
    found: dict[Place, Any] = {}
    for key in keys:
        if key not in answers:
            continue
        value = answers[key]
        if _is_rows(value):
            found |= _flat_rows(key, value)
        else:
            found |= {(key, None, place): leaf for place, leaf in _leaves(value)}
    return found


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _flat_rows(key: str, rows: list[Mapping[str, Any]]) -> dict[Place, Any]:
    found: dict[Place, Any] = {(key, None, None): [row["id"] for row in rows]}
    for row in rows:
        answers = ((name, value) for name, value in row.items() if name != "id")
        found |= {
            (f"{key}.{name}", row["id"], place): leaf for name, value in answers for place, leaf in _leaves(value)
        }
    return found


def _leaves(value: Any, path: str | None = None) -> Iterator[tuple[str | None, Any]]:
    """The parts of an answer; a line of a table that is ticked and has no number yet is unknown."""
    if not isinstance(value, Mapping):
        yield path, UNKNOWN if value is None and path else value
        return
    for key, inner in value.items():
        yield from _leaves(inner, f"{path}.{key}" if path else str(key))
