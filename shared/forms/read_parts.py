"""Reads two parts of questions: the code system an answer is picked from, and the table that shows rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shared.forms.coding import Coding
from shared.forms.definition import Option
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
