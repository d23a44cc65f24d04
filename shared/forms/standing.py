"""How a form stands: what shows, what counts, what is needed, given answers and context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from shared.forms.context import LEGAL_BASIS, Context, View, prepared
from shared.forms.definition import Type
from shared.forms.items import Item
from shared.forms.registry_rules import Basis


class Shown(NamedTuple):
    """A question that shows: where it is, and what its conditions see (a row sees itself first)."""

    path: str
    item: Item
    view: View

    @property
    def value(self) -> Any:
        """What counts as the answer, or None."""
        return self.view.get(self.item.question.key)

    @property
    def is_needed(self) -> bool:
        """Whether it must be answered before the form is finalised."""
        return self.item.needs is not None and self.item.needs(self.view)

    @property
    def is_filled(self) -> bool:
        """Whether the system answers for now."""
        return self.item.fills is not None and self.item.fills(self.view)


@dataclass(frozen=True)
class Standing:
    """The whole form: `view` holds context and answers that count; `shown` is by path."""

    view: Mapping[str, Any]
    shown: Mapping[str, Shown]

    def values(self) -> dict[str, Any]:
        """The answers that count, by path; rows as lists under their question."""
        return {path: s.value for path, s in self.shown.items() if "." not in path and s.value is not None}


@dataclass(frozen=True)
class Worker:
    """Works out standings of one form; `order` names questions so that what one needs comes before it."""

    items: Mapping[str, Item]
    order: Sequence[str]
    start_question: str | None
    basis_on: Callable[[date], Basis]

    def stand(self, answers: Mapping[str, Any], context: Context) -> Standing:
        """How the form stands with these answers."""
        view, found = prepared(context), dict[str, list[Shown]]()
        rows: list[_Row] = []
        for name in self.order:
            if name == LEGAL_BASIS:
                self._follow_start(view)
                continue
            item = self.items[name]
            if item.shows is None or item.shows(view):
                found[name] = _place(item, answers.get(name), view, rows)
        for row in rows:
            row.seen.update({**view, **row.values})
        ordered = (shown for name in self.items for shown in found.get(name, ()))
        return Standing(view, {shown.path: shown for shown in ordered})

    def _follow_start(self, view: dict[str, Any]) -> None:
        start = view.get(self.start_question or "")
        if start is not None:
            view[LEGAL_BASIS] = str(self.basis_on(date.fromisoformat(start)))


@dataclass(frozen=True)
class _Row:
    """A row of a form that is not worked out to its end: `seen` is filled then, when all that it sees is known."""

    values: dict[str, Any]
    seen: dict[str, Any]


def _place(item: Item, own: Any, view: dict[str, Any], placed: list[_Row]) -> list[Shown]:
    key = item.question.key
    if item.question.type is Type.ROWS:
        rows, inner = _rows(item, own, view, placed)
        if rows:
            view[key] = rows
        return [Shown(key, item, view), *inner]
    value = _value(item, own, view)
    if not is_empty(value):
        view[key] = value
    return [Shown(key, item, view)]


def is_empty(value: object) -> bool:
    """Whether a value is no answer."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def _value(item: Item, own: Any, view: View) -> Any:
    if item.calculate is not None:
        return item.calculate(view)
    fill = item.question.fill
    if fill is not None and item.fills is not None and item.fills(view):
        return fill.value
    return own


def _rows(item: Item, own: Any, view: dict[str, Any], placed: list[_Row]) -> tuple[list[dict[str, Any]], list[Shown]]:
    rows, shown = [], list[Shown]()
    for row in own or ():
        values, seen = dict[str, Any](), dict[str, Any]()
        placed.append(_Row(values, seen))
        # What a row's conditions need of the form is known by now.
        known, here = dict(view), dict[str, Shown]()
        for inner in item.inner:
            if inner.shows is not None and not inner.shows(known):
                continue
            key = inner.question.key
            value = _value(inner, row.get(key), known)
            if not is_empty(value):
                values[key] = known[key] = value
            here[key] = Shown(f"{item.question.key}.{row['id']}.{key}", inner, seen)
        shown += _in_page_order(item, here)
        rows.append({"id": row["id"], **values})
    return rows, shown


def _in_page_order(item: Item, here: Mapping[str, Shown]) -> Iterator[Shown]:
    return (here[question.key] for question in item.question.questions if question.key in here)
