"""Groups of items as sections, one level of them, and items as the questions in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.forms.definition import Text
from shared.forms.fhir.elements import SECTION
from shared.forms.fhir.intake.conditions import Conditions, Rule, joined
from shared.forms.fhir.intake.item import Item, key_of
from shared.forms.fhir.intake.options import OTHER
from shared.forms.fhir.intake.questions import Body, Questions, check_repeats
from shared.forms.page_maker import MULTILINE_FROM

BETWEEN = " – "


@dataclass(frozen=True)
class Head:
    """What the questions of a group have in common: their section, and when it shows."""

    key: str
    title: Text
    rule: Rule | None = None


@dataclass
class Sections:
    """Makes the sections of one form. `waiting` are texts that stand before the question they are about."""

    conditions: Conditions
    questions: Questions
    form: str
    boxes: Mapping[str, str]
    waiting: list[Item] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def made(self, items: Sequence[Item], title: Text) -> list[Body]:
        """All sections; questions outside groups stand in one that has the form's title."""
        found = list(self._sections(items, Head("questions", title), outer=None))
        for item in self.waiting:
            item.element.flaw("", "is a text with no question after it")
        return found

    def _sections(self, items: Sequence[Item], head: Head, outer: Head | None) -> Iterator[Body]:
        gathered = list[Body]()
        for item in items:
            if item.kind == "group" and not item.is_repeated:
                yield from self._section(head, gathered)
                gathered = []
                inside = self._inside(item, outer)
                yield from self._sections(item.children, inside, inside)
            else:
                gathered += self._asked([item], gathered)
        yield from self._section(head, gathered)

    def _section(self, head: Head, questions: list[Body]) -> Iterator[Body]:
        if questions:
            key = next(
                key for n in range(1, 1000) if (key := f"{head.key}_{n}" if n > 1 else head.key) not in self.used
            )
            self.used.add(key)
            shown = {"show_if": head.rule} if head.rule else {}
            yield {"key": key, "title": dict(head.title), **shown, "questions": questions}

    def _inside(self, item: Item, outer: Head | None) -> Head:
        title = item.text or (outer.title if outer else {})
        if not title:
            item.element.flaw("text", "is missing")
        if outer and item.text:
            both = {language for language in title if language in outer.title}
            title = {
                language: f"{outer.title[language]}{BETWEEN}{title[language]}" for language in title if language in both
            }
        self._check_group(item)
        rule = joined(outer.rule if outer else None, self.conditions.of(item))
        return Head(key_of(item.link.removeprefix(SECTION)), title, rule)

    def _check_group(self, item: Item) -> None:
        check_repeats(item)
        if item.is_hidden or item.is_closed:
            item.element.flaw("", "is a group that nobody can answer")
        if item.is_required:
            item.element.source.leave_out(item.link, "required on a group: each question says whether it is needed")

    def _asked(self, items: Sequence[Item], before: list[Body], rule: Rule | None = None) -> list[Body]:
        """The questions of items; `before` are those that already stand in the section."""
        found = list[Body]()
        for item in items:
            if item.is_text:
                self._wait(item)
            elif item.link in self.boxes:
                self._add_box(item, [*before, *found])
            elif item.kind == "group" and not item.is_repeated:
                self._check_group(item)
                found += self._asked(item.children, found, joined(rule, self.conditions.of(item)))
            else:
                found += self._question(item, rule)
        return found

    def _wait(self, item: Item) -> None:
        if item.control == "sidebar":
            item.element.source.leave_out(item.link, "a text of Helsenorge's side bar")
        else:
            self._check_text(item)
            self.waiting.append(item)

    def _check_text(self, item: Item) -> None:
        for one in item.everything():
            if one.conditions:
                one.element.flaw("enableWhen", "is a text that only shows at times")
        if not item.text:
            item.element.flaw("text", "is missing")

    def _add_box(self, item: Item, before: Sequence[Body]) -> None:
        number = self.conditions.items[self.boxes[item.link]]
        asked = next((body for body in before if body["key"] == number.key), None)
        same = [one.is_like(other) for one, other in zip(item.conditions, number.conditions, strict=False)]
        if asked is None or not all(same) or len(item.conditions) != len(number.conditions):
            item.element.flaw("", f"does not stand after {number.link} and show when it does")
        else:
            column = next(iter(item.columns.values()), {})
            asked["missing_field"] = {"label": dict(item.text), **column}

    def _question(self, item: Item, rule: Rule | None) -> list[Body]:
        check_repeats(item)
        texts = [*self.waiting, *(child for child in item.children if child.is_text and child.control != "help")]
        helps = [child for child in item.children if child.is_text and child.control == "help"]
        self.waiting = []
        is_rows = item.kind == "group"
        body = self._rows(item) if is_rows else self.questions.body(item)
        shown = joined(rule, self.conditions.of(item))
        body |= {"show_if": shown} if shown else {}
        for name, said in (("hint", texts), ("help", helps)):
            for text in said:
                self._check_text(text)
            words = _together([body.get(name, {}), *(text.text for one in said for text in one.everything())])
            body |= {name: words} if words else {}
        inner = [] if is_rows else [child for child in item.children if not child.is_text]
        answered = {"question": item.key, "op": "exists", "value": True}
        return [body, *_other(item), *self._asked(inner, [], answered)]

    def _rows(self, item: Item) -> Body:
        inner = [child for child in item.children if not child.is_text]
        if item.is_hidden or item.is_closed or not item.text:
            item.element.flaw("", "are rows without a text, or rows that nobody can answer")
        table = next((table for child in inner for table in child.columns), f"{self.form}_{item.key}")
        required = {"required": True} if item.is_required else {}
        head = {"key": item.key, "type": "rows", "label": dict(item.text), "table": table, **required}
        return {**head, "questions": self._asked(inner, [])}


def _other(item: Item) -> Iterator[Body]:
    """The answer in one's own words to an open choice."""
    if item.choice and item.choice.is_open:
        rule = {"question": item.key, "op": "contains" if item.is_repeated else "equals", "value": item.choice.other}
        text = {"key": f"{item.key}_other", "type": "text", "label": dict(OTHER), "max_length": MULTILINE_FROM}
        yield {**text, "show_if": rule}


def _together(texts: Sequence[Text]) -> Text:
    """Texts one after the other, in the languages that all have; those without words do not count."""
    said = [text for text in texts if text]
    languages = [language for language in (said[0] if said else {}) if all(language in text for text in said)]
    return {language: " ".join(text[language] for text in said) for language in languages}
