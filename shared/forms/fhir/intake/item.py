"""One item of a Questionnaire, read; its place among the others is not looked at yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.forms.definition import Text
from shared.forms.fhir.intake.element import Element
from shared.forms.fhir.intake.options import Choice, Lists, read_choice
from shared.forms.fhir.intake.urls import CONTROLS, FORMULAS, HIDDEN, ITEM_CONTROL_EXTENSION, SCORE, TEXT_ONLY
from shared.forms.reading import KEY

TYPES: Mapping[str, str] = {
    "boolean": "boolean",
    "decimal": "decimal",
    "quantity": "decimal",
    "integer": "integer",
    "date": "date",
    "string": "text",
    "text": "text",
    "choice": "choice",
    "open-choice": "choice",
    "group": "group",
    "display": "display",
}
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


@dataclass
class Item:
    """What an item says of itself. `body` is the question as the form's file has it, without its condition."""

    element: Element
    link: str
    key: str
    kind: str
    text: Text
    control: str
    choice: Choice | None
    conditions: list[Element]
    behavior: str
    formula: str
    body: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    children: list[Item] = field(default_factory=list)
    is_required: bool = False
    is_repeated: bool = False
    is_closed: bool = False
    is_hidden: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it only says something."""
        return self.kind == "display" or (self.kind == "text" and self.control in TEXT_ONLY)

    def everything(self) -> Iterator[Item]:
        """The item and all inside it."""
        yield self
        for child in self.children:
            yield from child.everything()


def key_of(link: str) -> str:
    """The key of a question whose linkId is this: itself where it can be one."""
    if KEY.match(link):
        return link
    plain = re.sub(r"[^a-z0-9]+", "_", link.lower().translate(LETTERS)).strip("_")
    return plain if KEY.match(plain) else f"q_{plain}".rstrip("_")


def read_item(element: Element, lists: Lists) -> Item:
    """An item with all inside it; what is wrong is noted."""
    link = element.string("linkId", needed=True)
    element.path = link or element.path
    kind = element.string("type", needed=True)
    if kind and kind not in TYPES:
        element.flaw("type", f"is none that forms have: {kind}")
    prefix, words = element.string("prefix").strip(), element.words("text") or {}
    has_choices = TYPES.get(kind) == "choice"
    item = Item(
        element=element,
        link=link,
        key=key_of(link),
        kind=kind,
        text={language: f"{prefix} {one}".strip() for language, one in words.items()},
        control=_control(element),
        choice=read_choice(element, lists, is_open=kind == "open-choice") if has_choices else None,
        conditions=element.several("enableWhen"),
        behavior=element.string("enableBehavior"),
        formula="",
        is_required=element.flag("required"),
        is_repeated=element.flag("repeats"),
        is_closed=element.flag("readOnly"),
        is_hidden=element.extended(HIDDEN, bool) is True,
    )
    _read_codes(item)
    item.children = [read_item(child, lists) for child in element.several("item")]
    return item


def _control(element: Element) -> str:
    concept = element.extended(ITEM_CONTROL_EXTENSION, dict)
    found = concept.get("coding") if concept else None
    codings = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    codes = [str(one.get("code")) for one in codings]
    if concept is not None and not (codes and set(codes) <= CONTROLS):
        element.flaw("itemControl", f"is none that forms can stand in for: {', '.join(codes)}")
    return next((code for code in codes if code in TEXT_ONLY), codes[0] if codes else "")


def _read_codes(item: Item) -> None:
    """Codes of our own tables are columns, those of scores tell what is added; others are left out."""
    for code in item.element.several("code"):
        system, value, display = code.string("system"), code.string("code"), code.string("display")
        table = system.partition(":table:")[2] if system.startswith("urn:registry:") else ""
        if table:
            item.columns[table] = {"field": value, "name": display or value}
        elif system == FORMULAS:
            item.formula = value
        elif system != SCORE:
            item.element.source.leave_out(item.link, f"code {system}|{value}: forms have no place for it")
        code.finish()
