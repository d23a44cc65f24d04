"""Reads parts of questions: the code system of an answer, the initial answer, and the table that shows rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from shared.forms.coding import Coding
from shared.forms.definition import Code, Option, Type
from shared.forms.reading import Node
from shared.forms.row_table import RowColumn, RowTable


def read_coding_of(node: Node, options: tuple[Option, ...], known: Mapping[str, Coding]) -> Coding | None:
    """The codes that a question is answered with: a list's, or all of a system that begin with some letters."""
    key, begins = node.string("coding"), node.string("begins")
    if not key:
        return None
    coding = known.get(key)
    if coding is None:
        node.flaw("coding", f"there is no list in codings/{key}")
        return None
    if options:
        return coding.of(options)
    found = coding.beginning_with(begins) if begins else coding
    if not found:
        node.flaw("begins", f"begins no code of {key}")
    return found


_BEGINNINGS: Mapping[Type, tuple[type, ...]] = {
    Type.BOOLEAN: (bool,),
    Type.INTEGER: (int,),
    Type.DECIMAL: (int, float),
    Type.DATE: (date,),
    Type.TEXT: (str,),
    Type.CHOICE: (int, str),
    Type.NRS: (int,),
}


def read_initial(node: Node, kind: Type, options: tuple[Option, ...]) -> Code | float | None:
    """The answer that a new form begins with; people may change it."""
    if not node.has("initial") or kind not in _BEGINNINGS:
        return None
    value = node.take("initial", object)
    fits = isinstance(value, _BEGINNINGS[kind]) and isinstance(value, bool) is (kind is Type.BOOLEAN)
    if not fits or (options and value not in {option.code for option in options}):
        node.flaw("initial", f"is no answer to the question: {value!r}")
        return None
    return value.isoformat() if isinstance(value, date) else value  # type: ignore[return-value] # looked at above


def read_row_table(node: Node, questions: Collection[str]) -> RowTable | None:
    """How rows are shown; None where the definition leaves it to the page."""
    columns = tuple(_column(item, questions) for item in node.nodes("columns"))
    name = node.text("row", needed=bool(columns))
    return RowTable(name or {}, columns) if columns else None


def _column(node: Node, questions: Collection[str]) -> RowColumn:
    names = {key: tuple(map(str, node.take(key, list, needed=key == "of") or ())) for key in ("of", "more")}
    for key, wanted in names.items():
        for name in wanted:
            if name not in questions:
                node.flaw(key, f"names no question of the row: {name!r}")
    column = RowColumn(node.text("label", needed=True) or {}, **names)
    node.close()
    return column
