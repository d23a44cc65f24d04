"""Reads one question; which keys it may have follows from its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.forms.coding import Coding
from shared.forms.definition import Code, Column, Kind, MissingBox, Option, Preparations, Question, Type, VisitLine
from shared.forms.read_condition import read_calculation, read_condition, read_fill, read_interval
from shared.forms.read_parts import read_coding_of, read_initial, read_row_table
from shared.forms.reading import Node

SOURCES = ("locations", "wards")
NRS_LABELS: Mapping[str, str] = {"nb": "Vet ikke", "nn": "Veit ikkje", "en": "Don't know"}
NRS_OPTIONS = (*(Option(n, {"nb": str(n)}) for n in range(11)), Option(99, NRS_LABELS))
SINGLE = ("field", "name", "fill", "initial")
NUMBER = (*SINGLE, "limit", "normal", "unit", "missing_field")
KEYS: Mapping[Type, tuple[str, ...]] = {
    Type.BOOLEAN: SINGLE,
    Type.CHOICE: (*SINGLE, "codelist", "allowed", "options", "source", "coding", "begins"),
    Type.CHOICES: ("options",),
    Type.INTEGER: NUMBER,
    Type.DECIMAL: (*NUMBER, "decimals"),
    Type.DATE: (*SINGLE, "limit", "normal"),
    Type.TEXT: (*SINGLE, "max_length", "store", "comment"),
    Type.NRS: SINGLE,
    Type.ROWS: ("table", "questions", "row", "columns"),
    Type.OPIOID_TABLE: ("preparations", "name_suffix", "sum", "limit", "decimals"),
    Type.VISITS_TABLE: ("rows", "limit", "normal"),
    Type.COMPUTED: ("field", "name", "calculate", "codelist", "limit", "normal", "unit", "hidden", "decimals"),
}
COMMON = ("key", "type", "label", "help", "hint", "required", "required_if", "show_if")
KINDS: Mapping[Type, Kind] = {
    Type.BOOLEAN: Kind.BOOLEAN,
    Type.INTEGER: Kind.INTEGER,
    Type.DECIMAL: Kind.DECIMAL,
    Type.DATE: Kind.DATE,
    Type.TEXT: Kind.TEXT,
    Type.NRS: Kind.INTEGER,
}


@dataclass(frozen=True)
class Lists:
    """The lists of a registry that questions refer to."""

    codes: Mapping[str, tuple[Option, ...]]
    preparations: Mapping[int, Preparations]
    codings: Mapping[str, Coding] = field(default_factory=dict)


def read_question(node: Node, lists: Lists, *, inside_rows: bool = False) -> Question | None:
    """One question, or None with the flaws noted."""
    kind = node.one_of("type", Type)
    if kind is None:
        return None
    allowed = (*COMMON, *KEYS[kind])
    for key in node.names():
        if key not in allowed:
            node.flaw(str(key), f"does not belong to a question of type {kind}")
    if inside_rows and (kind in {Type.ROWS, Type.OPIOID_TABLE, Type.VISITS_TABLE} or node.has("fill")):
        node.flaw("", "tables and fill cannot stand inside rows")
    if inside_rows and node.has("initial"):
        node.flaw("initial", "cannot stand inside rows")
    options = _options(node, kind, lists)
    return Question(
        key=node.word("key"),
        type=kind,
        label=node.text("label", needed=True) or {},
        kind=KINDS.get(kind) or _kind_of_codes(node, kind, options),
        help=node.text("help"),
        hint=node.text("hint"),
        required=node.flag("required"),
        required_if=read_condition(node, "required_if"),
        show_if=read_condition(node, "show_if"),
        options=options,
        coding=read_coding_of(node, options, lists.codings),
        initial=read_initial(node, kind, options),
        **_answer_parts(node, kind),
        **_table_parts(node, kind, lists),
    )


def _answer_parts(node: Node, kind: Type) -> dict[str, Any]:
    store, comment = node.string("store"), node.string("comment")
    if store not in {"", "person"} or comment not in {"", "internal"}:
        node.flaw("", "store can only be person, comment only internal")
    return {
        "column": _column(node),
        "limit": read_interval(node, "limit"),
        "normal": read_interval(node, "normal"),
        "unit": node.text("unit"),
        "decimals": node.integer("decimals", 1 if kind in {Type.DECIMAL, Type.OPIOID_TABLE} else 0),
        "max_length": node.take("max_length", int),
        "missing": _missing_box(node),
        "codelist": node.string("codelist") or None,
        "source": _source(node),
        "calculate": read_calculation(node) if kind is Type.COMPUTED else None,
        "fill": read_fill(node),
        "is_hidden": node.flag("hidden"),
        "in_person_store": store == "person",
        "is_internal": comment == "internal",
    }


def _table_parts(node: Node, kind: Type, lists: Lists) -> dict[str, Any]:
    if kind is Type.ROWS:
        inner = [read_question(item, lists, inside_rows=True) for item in node.nodes("questions", needed=True)]
        known = tuple(q for q in inner if q)
        return {
            "table": node.string("table", needed=True),
            "questions": known,
            "row_table": read_row_table(node, {question.key for question in known}),
        }
    if kind is Type.OPIOID_TABLE:
        version = node.integer("preparations", needed=True)
        if version and version not in lists.preparations:
            node.flaw("preparations", f"there is no opioids/v{version}.csv")
        total = node.node("sum", needed=True)
        column = _column(total) if total else None
        suffix = node.take("name_suffix", str) or ""
        return {"preparations": lists.preparations.get(version), "name_suffix": suffix, "total": column}
    if kind is Type.VISITS_TABLE:
        return {"lines": tuple(_visit_line(line) for line in node.nodes("rows", needed=True))}
    return {}


def _column(node: Node) -> Column | None:
    if not node.has("field") and not node.has("name"):
        return None
    return Column(node.string("field", needed=True), node.string("name", needed=True))


def _source(node: Node) -> str | None:
    source = node.string("source") or None
    if source and source not in SOURCES:
        node.flaw("source", f"is none of {', '.join(SOURCES)}: {source!r}")
    return source


def _missing_box(node: Node) -> MissingBox | None:
    inner = node.node("missing_field")
    if inner is None:
        return None
    box = MissingBox(inner.text("label", needed=True) or {}, _column(inner))
    inner.close()
    return box


def _visit_line(node: Node) -> VisitLine:
    line = VisitLine(
        code=node.word("code"),
        label=node.text("label", needed=True) or {},
        help=node.text("help"),
        column=Column(node.string("field", needed=True), node.string("name", needed=True)),
        times=Column(node.string("times_field", needed=True), node.string("times_name", needed=True)),
    )
    node.close()
    return line


def _options(node: Node, kind: Type, lists: Lists) -> tuple[Option, ...]:
    if kind is Type.NRS:
        return NRS_OPTIONS
    if kind not in {Type.CHOICE, Type.CHOICES, Type.COMPUTED}:
        return ()
    given = [name for name in ("codelist", "options", "source") if node.has(name)]
    if kind is not Type.COMPUTED and len(given or (["coding"] if node.has("coding") else [])) != 1:
        node.flaw("", "needs one of codelist, options, source and coding" if kind is Type.CHOICE else "needs options")
    if node.has("options"):
        return _own_options(node)
    name = node.string("codelist")
    if name and name not in lists.codes:
        node.flaw("codelist", f"there is no codelists/{name}.csv")
    return _allowed(node, lists.codes.get(name, ()))


def _own_options(node: Node) -> tuple[Option, ...]:
    found = []
    for item in node.nodes("options", needed=True):
        code: Code = item.take("code", (int, str), needed=True) or 0
        label, helping = item.text("label", needed=True) or {}, item.text("help")
        found.append(Option(code, label, helping, _column(item), item.flag("exclusive")))
        item.close()
    codes = [option.code for option in found]
    if len(set(codes)) != len(codes) or len({type(code) for code in codes}) > 1:
        node.flaw("options", "have the same code twice, or codes of two kinds")
    return tuple(found)


def _allowed(node: Node, options: tuple[Option, ...]) -> tuple[Option, ...]:
    codes = node.take("allowed", list)
    if codes is None:
        return options
    unknown = [code for code in codes if code not in {option.code for option in options}]
    if unknown or not codes:
        node.flaw("allowed", f"is not in the code list: {unknown}")
    return tuple(option for option in options if option.code in codes)


def _kind_of_codes(node: Node, kind: Type, options: tuple[Option, ...]) -> Kind | None:
    if kind not in {Type.CHOICE, Type.CHOICES, Type.COMPUTED}:
        return None
    if node.has("source"):
        return Kind.INTEGER
    if node.has("coding"):
        return Kind.TEXT
    return None if not options else Kind.INTEGER if isinstance(options[0].code, int) else Kind.TEXT
