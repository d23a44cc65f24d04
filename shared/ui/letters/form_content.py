"""What stands on a printed form: plain values for form.typ, made from a definition (empty) or from a page (filled)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.forms.compiled import CompiledForm
from shared.forms.context import PREFIX
from shared.forms.definition import Condition, Question, Section, Text, Type, say
from shared.forms.page import Page, PageQuestion, PageRow
from shared.forms.rules import names_in
from shared.forms.wording import in_words

LONGEST_LIST, DEEPEST = 40, 3
_TABLES = (Type.ROWS, Type.OPIOID_TABLE, Type.VISITS_TABLE)
SIZES: Mapping[str, str] = {Type.INTEGER: "number", Type.DECIMAL: "number", Type.DATE: "day"}
Words = Mapping[str, str]
Part = dict[str, Any]


def empty_sections(form: CompiledForm, words: Words, language: str) -> list[Part]:
    """Every question that people answer, those that others open too, with what opens them."""
    paper = _Paper(form, words, language)
    return [made for made in map(paper.section, form.definition.sections) if made["questions"]]


def filled_sections(page: Page, words: Words, withheld: frozenset[str] = frozenset()) -> list[Part]:
    """The questions of a page with their answers, but for those that are withheld."""
    sheet = _Sheet(words, withheld)
    return [
        {"title": section.title, "when": "", "questions": [sheet.question(one) for one in section.questions]}
        for section in page.sections
    ]


@dataclass(frozen=True)
class _Paper:
    """An empty form."""

    form: CompiledForm
    words: Words
    language: str

    def section(self, section: Section) -> Part:
        questions = [self.question(one) for one in section.questions if not one.is_hidden]
        return {"title": self._say(section.title), "when": self._when(section.show_if), "questions": questions}

    def question(self, question: Question, rows: Question | None = None) -> Part:
        return {
            "label": self._say(question.label),
            "when": self._when(question.show_if, rows),
            "note": self._say(question.hint),
            "must": question.required,
            "level": self._depth(question, rows),
            **self._answer(question),
        }

    def _answer(self, question: Question) -> Part:
        if question.type in {Type.CHOICE, Type.CHOICES, Type.NRS} and 0 < len(question.options) <= LONGEST_LIST:
            kind = "scale" if question.type is Type.NRS else "options"
            return {"kind": kind, "options": [_box(self._say(option.label)) for option in question.options]}
        if question.type is Type.BOOLEAN:
            return {"kind": "options", "options": [_box(self.words["yes"])]}
        if question.type in _TABLES:
            return self._table(question)
        if question.type is Type.COMPUTED:
            return {"kind": "value", "value": self.words["by_system"]}
        unknown = [_box(self._say(question.missing.label))] if question.missing else []
        size = SIZES.get(question.type, "text")
        return {"kind": "line", "size": size, "value": "", "unit": self._say(question.unit), "options": unknown}

    def _table(self, question: Question) -> Part:
        if question.type is Type.OPIOID_TABLE:
            return self._opioids(question)
        if question.type is Type.VISITS_TABLE:
            visits = [[_box(self._say(line.label)), ""] for line in question.lines]
            return _table([self.words["caregiver"], self.words["times"]], visits)
        inner = [self.question(one, question) for one in question.questions if not one.is_hidden]
        return {"kind": "rows", "rows": [{"title": self.words["one_row"], "questions": inner}]}

    def _opioids(self, question: Question) -> Part:
        items = question.preparations.items if question.preparations else ()
        lines: list[list[Any]] = [[self._say(item.label), item.unit, ""] for item in items]
        heads = [self.words[name] for name in ("preparation", "dose", "omeq")]
        return _table(heads, [*lines, [self.words["sum"], "", ""]])

    def _when(self, condition: Condition | None, rows: Question | None = None) -> str:
        if condition is None:
            return ""
        scope = {**self.form.questions, **({one.key: one for one in rows.questions} if rows else {})}
        return self.words["when"].format(condition=in_words(condition, scope, self.language))

    def _depth(self, question: Question, rows: Question | None) -> int:
        """How many questions stand between this one and those that are always asked."""
        scope = {**self.form.questions, **({one.key: one for one in rows.questions} if rows else {})}
        depth, asked = 0, [question]
        while depth < DEEPEST:
            names = {n for one in asked for n in names_in(one.show_if) if not n.startswith(PREFIX)}
            asked = [scope[name] for name in names if name in scope]
            if not asked:
                return depth
            depth += 1
        return depth

    def _say(self, text: Text | None) -> str:
        return say(text, self.language) if text else ""


HEAD = {"when": "", "note": "", "must": False, "level": 0}


@dataclass(frozen=True)
class _Sheet:
    """A filled form."""

    words: Words
    withheld: frozenset[str]

    def question(self, question: PageQuestion) -> Part:
        note = self.words["by_system"] if question.is_filled else ""
        return _answered(question.label, self._answer(question), note=note, level=question.level)

    def _answer(self, question: PageQuestion) -> Part:
        if question.key in self.withheld:
            return self._value(self.words["withheld"])
        if question.type in _TABLES:
            return self._table(question)
        if question.type == Type.BOOLEAN:
            return self._value(self.words["yes" if question.value else "no"])
        if question.options:
            return self._options(question)
        return self._value(question.unknown_label if question.is_unknown else f"{question.value} {question.unit}")

    def _table(self, question: PageQuestion) -> Part:
        if question.type == Type.OPIOID_TABLE:
            return self._opioids(question)
        if question.type == Type.VISITS_TABLE:
            lines = [[_box(one.label, is_chosen=one.is_ticked), one.times] for one in question.visits]
            return _table([self.words["caregiver"], self.words["times"]], lines)
        rows = [self._row(row) for row in (question.table.rows if question.table else ())]
        return {"kind": "rows", "rows": rows} if rows else self._value("")

    def _row(self, row: PageRow) -> Part:
        """A row that is open with its questions, or what its line says, question by question."""
        asked = [self.question(one) for one in row.questions]
        told = [pair for cell in row.cells for pair in cell.more or ((cell.label, cell.text),)]
        lines = asked or [_answered(label, self._value(text)) for label, text in told]
        return {"title": self.words["row"].format(number=row.number), "questions": lines}

    def _options(self, question: PageQuestion) -> Part:
        chosen = [option.label for option in question.options if option.is_chosen]
        if question.is_filled or len(question.options) > LONGEST_LIST:
            return self._value(", ".join(chosen))
        kind = "scale" if question.type == Type.NRS else "options"
        return {"kind": kind, "options": [_box(one.label, is_chosen=one.is_chosen) for one in question.options]}

    def _opioids(self, question: PageQuestion) -> Part:
        lines: list[list[Any]] = [[one.label, f"{one.dose} {one.unit}", one.omeq] for one in question.doses if one.dose]
        heads = [self.words[name] for name in ("preparation", "dose", "omeq")]
        return _table(heads, [*lines, [self.words["sum"], "", question.total]]) if lines else self._value("")

    def _value(self, value: str) -> Part:
        return {"kind": "value", "value": value.strip() or self.words["not_answered"]}


def _answered(label: str, answer: Part, *, note: str = "", level: int = 0) -> Part:
    return {"label": label, "when": "", "note": note, "must": False, "level": level, **answer}


def _box(label: str, *, is_chosen: bool = False) -> Part:
    return {"label": label, "chosen": is_chosen}


def _table(heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> Part:
    return {"kind": "table", "heads": list(heads), "lines": [list(line) for line in lines]}


def labels_of(sections: Sequence[Part]) -> Iterator[str]:
    """The text of every question on a printed form."""
    for section in sections:
        for question in section["questions"]:
            yield question["label"]
            yield from labels_of(question.get("rows", ()))
