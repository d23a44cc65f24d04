"""The rows of a question as a page shows them: a table of those that are written, and the one being written open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.forms.checks import confirmation
from shared.forms.definition import Question, Type
from shared.forms.page import PageCell, PageRow, PageRows
from shared.forms.problems import said, sentence
from shared.forms.read_answers import MOST_ROWS
from shared.forms.read_rows import as_before
from shared.forms.row_table import RowColumn, RowTable
from shared.forms.standing import Shown, is_empty

if TYPE_CHECKING:
    from shared.forms.page_maker import PageMaker

FIRST_QUESTIONS = 4


def page_rows(maker: PageMaker, shown: Shown) -> PageRows:
    """The rows of a question."""
    question, values = shown.item.question, shown.value or ()
    table, inside = question.row_table or _plain_table(question), _by_row(maker, question.key)
    numbered = enumerate((_Row(maker, table, shown, row, inside[row["id"]]) for row in values), 1)
    rows = tuple(row.made(number) for number, row in numbered)
    act, path = _told(maker, question.key, rows)
    return PageRows(
        name=maker.say(table.name),
        labels=tuple(maker.say(column.label) for column in table.columns),
        rows=rows,
        is_full=len(rows) >= MOST_ROWS,
        act=act,
        number=maker.rows.number,
        focus=_focus(maker, act, path, question.key, rows),
    )


def _plain_table(question: Question) -> RowTable:
    """The first questions of a row, where the definition names no columns."""
    asked = [inner for inner in question.questions if not inner.is_hidden][:FIRST_QUESTIONS]
    return RowTable(said("rows.one"), tuple(RowColumn(inner.label, (inner.key,)) for inner in asked))


def _by_row(maker: PageMaker, key: str) -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = {}
    for path, one in maker.standing.shown.items():
        if path.startswith(f"{key}."):
            found.setdefault(path.split(".")[1], []).append(one)
    return found


def _told(maker: PageMaker, key: str, rows: Sequence[PageRow]) -> tuple[str, str]:
    """What has been done to which row; a row that was to be written to its end and has faults is still open."""
    state = maker.rows
    if state.path.partition(".")[0] != key:
        return "", ""
    is_open = any(row.path == state.path and row.is_open for row in rows)
    if state.act == "done":
        ended = "changed" if state.opened.get(state.path) else "added"
        return "" if is_open else ended, state.path
    return {"cancel": "cancelled", "remove": "removed"}.get(state.act, state.act), state.path


def _focus(maker: PageMaker, act: str, path: str, key: str, rows: Sequence[PageRow]) -> str:
    """The id of what is to be reached next."""
    row = next((row for row in rows if row.path == path), None)
    if not path:
        return ""
    if row and row.is_open:
        wrong = (p.path for p in maker.problems if p.path.startswith(f"{path}."))
        first = (question.path for question in row.questions)
        return next(wrong, "") or next(first, "")
    return f"edit-{path}" if row and act in {"changed", "cancelled"} else key


@dataclass(frozen=True)
class _Row:
    maker: PageMaker
    table: RowTable
    rows: Shown
    values: Mapping[str, Any]
    inside: Sequence[Shown]

    @property
    def path(self) -> str:
        return f"{self.rows.item.question.key}.{self.values['id']}"

    def made(self, number: int) -> PageRow:
        if self._is_open():
            questions = tuple(self.maker.question(s) for s in self.inside if not s.item.question.is_hidden)
            before = self.maker.rows.opened.get(self.path, "" if self._is_blank() else as_before(self._answers()))
            is_new = not before
            return PageRow(
                path=self.path, number=number, is_open=True, is_new=is_new, questions=questions, before=before
            )
        return PageRow(
            path=self.path,
            number=number,
            is_incomplete=any(s.is_needed and is_empty(s.value) for s in self.inside),
            cells=tuple(self._cell(column) for column in self.table.columns),
            kept=tuple(self._kept()),
            answers=tuple(self._lines(s for s in self.inside if s.value is not None and not s.item.question.is_hidden)),
        )

    def _is_open(self) -> bool:
        if self._is_blank() or any(p.path.startswith(f"{self.path}.") for p in self.maker.problems):
            return True
        state = self.maker.rows
        return self.path in state.opened and not (state.act == "done" and state.path == self.path)

    def _is_blank(self) -> bool:
        return not self._answers()

    def _answers(self) -> dict[str, Any]:
        given = (s for s in self.inside if s.item.calculate is None and s.value is not None)
        return {s.item.question.key: s.value for s in given}

    def _cell(self, column: RowColumn) -> PageCell:
        known = {s.item.question.key: s for s in self.inside if s.value is not None}
        text = [self._text(known[name]) for name in column.of if name in known]
        more = (known[name] for name in (*column.of, *column.more) if name in known and column.more)
        return PageCell(label=self.maker.say(column.label), text=", ".join(text), more=tuple(self._lines(more)))

    def _lines(self, shown: Iterable[Shown]) -> Iterator[tuple[str, str]]:
        return ((self.maker.say(one.item.question.label), self._text(one)) for one in shown)

    def _text(self, shown: Shown) -> str:
        question, value = shown.item.question, shown.value
        if isinstance(value, bool):
            return sentence("shown.yes" if value else "shown.no", self.maker.language)
        if question.type in {Type.CHOICE, Type.CHOICES, Type.NRS} and question.coding is None:
            codes = value if isinstance(value, list) else [value]
            chosen = self.maker.options_of(question)
            return ", ".join(chosen.get(code, str(code)) for code in codes)
        return self.maker.shown(question, value)

    def _kept(self) -> Iterator[tuple[str, str]]:
        """The answers as fields, and the confirmations of unusual ones."""
        for shown in self.inside:
            value = shown.value
            if shown.item.calculate is None and value is not None:
                values = value if isinstance(value, list) else [value]
                yield from ((shown.path, _written(one)) for one in values)
            if (confirmed := confirmation(shown.path, value)) in self.maker.confirmed:
                yield "_confirmed", confirmed


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
