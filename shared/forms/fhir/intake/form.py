"""A whole Questionnaire as the file of one version of a form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shared.forms.definition import Audience, Option
from shared.forms.errors import Flaw
from shared.forms.fhir.elements import CONTEXT
from shared.forms.fhir.intake.conditions import Conditions
from shared.forms.fhir.intake.element import Element, Source, day_of, language_of
from shared.forms.fhir.intake.item import Item, read_item
from shared.forms.fhir.intake.options import Lists, read_value_sets
from shared.forms.fhir.intake.questions import Questions
from shared.forms.fhir.intake.scores import Scores
from shared.forms.fhir.intake.sections import Sections
from shared.forms.reading import Flaws

UNUSED = ("meta", "text", "contact", "useContext", "jurisdiction", "subjectType", "experimental", "identifier")
SAID_ELSEWHERE = ("id", "url", "name", "version", "publisher", "approvalDate", "lastReviewDate")
RIGHTS = ("purpose", "copyright")


@dataclass(frozen=True)
class Wanted:
    """What the form is to be called, and the registry's lists that a file may refer to."""

    registry: str
    form: str
    version: int
    audience: Audience
    codes: Mapping[str, Sequence[Option]]
    first_day: date | None = None


@dataclass(frozen=True)
class Intake:
    """The file of the form, what was left out of it, and which key each linkId became where they differ."""

    body: dict[str, Any]
    left_out: tuple[Flaw, ...]
    keys: Mapping[str, str]


def form_of(resource: object, file: Path, wanted: Wanted) -> Intake:
    """The form that a Questionnaire is; DefinitionError tells everything that it cannot be, each with its linkId."""
    source = Source(file, Flaws(file.parent))
    head = Element(resource, "", source)
    if head.string("resourceType") != "Questionnaire":
        head.flaw("resourceType", "is not Questionnaire")
        source.flaws.stop()
    source.language = _language(head)
    sets = read_value_sets(head.several("contained"), source)
    lists = Lists(wanted.registry, wanted.codes, sets)
    body = {**_head(head, wanted), "sections": []}
    items = [read_item(element, lists) for element in head.several("item")]
    given = [item for item in items if item.link == CONTEXT.rstrip(".")]
    shown = [item for item in items if item not in given]
    listed = [item for top in shown for item in top.everything()]
    everything = {item.link: item for item in listed}
    _check_keys(listed, everything, head)
    body["sections"] = _made(shown, everything, lists, body)
    if not body["sections"]:
        head.flaw("item", "has no question")
    body["table"] = _table(shown) or wanted.form
    for item in (*listed, *(one for top in given for one in top.everything())):
        item.element.finish()
    head.finish()
    source.flaws.stop()
    renamed = {item.link: item.key for item in _asked(listed, everything) if item.key != item.link}
    return Intake(body, tuple(source.left_out), renamed)


def _language(head: Element) -> str:
    written = head.string("language") or "nb"
    found = language_of(written)
    if found is None:
        head.flaw("language", f"is none of nb, nn and en: {written!r}")
    return found or "nb"


def _head(head: Element, wanted: Wanted) -> dict[str, Any]:
    for name in UNUSED:
        head.take(name, object)
    for name in SAID_ELSEWHERE:
        head.string(name)
    for name in RIGHTS:
        if written := head.string(name):
            head.source.leave_out(name, f"forms have no place for it: {written}")
    status, written = head.string("status", needed=True), head.string("date")
    if status not in {"draft", "active"}:
        head.flaw("status", f"is neither draft nor active: {status!r}")
    day = wanted.first_day or (day_of(head, written[:10]) if written else None)
    if day is None:
        head.flaw("date", "is missing, and nobody has said from which day the form is used")
    title, intro = head.words("title") or {}, head.words("description")
    if not title:
        head.flaw("title", "is missing")
    return {
        "form": wanted.form,
        "version": wanted.version,
        "published_on": day,
        "table": wanted.form,
        "audience": str(wanted.audience),
        "short": wanted.form.replace("_", " ").capitalize(),
        "title": title,
        **({"intro": intro} if intro else {}),
    }


def _made(shown: Sequence[Item], items: Mapping[str, Item], lists: Lists, body: Mapping[str, Any]) -> list[Any]:
    boxes = {link: base for link, item in items.items() if (base := _number_of(link, item, items))}
    conditions = Conditions(items, boxes)
    questions = Questions(lists, Scores(items, dict(_groups(shown))))
    sections = Sections(conditions, questions, body["form"], boxes)
    return sections.made(shown, body["title"])


def _number_of(link: str, item: Item, items: Mapping[str, Item]) -> str:
    """The linkId of the number beside which an item is the box that says it is unknown."""
    base = link.removesuffix(".unknown")
    is_box = base != link and item.kind == "boolean" and base in items
    return base if is_box and items[base].kind in {"integer", "decimal"} else ""


def _groups(items: Sequence[Item], inside: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in items:
        yield item.link, inside
        yield from _groups(item.children, (*inside, item.link) if item.kind == "group" else inside)


def _asked(listed: Sequence[Item], items: Mapping[str, Item]) -> Iterator[Item]:
    """The items that become questions."""
    for item in listed:
        is_group = item.kind == "group" and not item.is_repeated
        if not item.is_text and not is_group and not _number_of(item.link, item, items):
            yield item


def _check_keys(listed: Sequence[Item], items: Mapping[str, Item], head: Element) -> None:
    """Two items may neither have one linkId, nor linkIds that make the same key."""
    links = Counter(item.link for item in listed)
    keys = Counter(item.key for item in _asked(listed, items))
    for item in listed:
        if links[item.link] > 1:
            head.flaws.add(head.file, item.link, "is the linkId of two items")
        elif keys[item.key] > 1 and item in list(_asked([item], items)):
            head.flaws.add(head.file, item.link, f"makes the same key as another linkId: {item.key}")


def _table(items: Sequence[Item]) -> str:
    """The table that the columns of the form's own questions are in."""
    found = (table for item in items for table in (*item.columns, _inner_table(item)) if table)
    return next(found, "")


def _inner_table(item: Item) -> str:
    return _table(item.children) if not item.is_repeated else ""
