"""Elements of a FHIR resource from outside: what nobody understood is refused, so that nothing is lost unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from shared.forms.errors import Flaw
from shared.forms.fhir.elements import HL7
from shared.forms.fhir.intake.urls import ABOUT_SENDING, HARMLESS
from shared.forms.reading import Flaws, Node

LANGUAGES: Mapping[str, str] = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en"}


@dataclass
class Source:
    """The file that is read, what is wrong with it, and what is no part of a form of ours and was left out."""

    file: Path
    flaws: Flaws
    language: str = "nb"
    left_out: list[Flaw] = field(default_factory=list)

    def leave_out(self, place: str, what: str) -> None:
        """Note something that the form does not take over."""
        self.left_out.append(Flaw(self.file.name, place, what))


class Element(Node):
    """A mapping of the file. `path` is the linkId of the item it belongs to, with the name inside it."""

    def __init__(self, body: object, path: str, source: Source) -> None:
        super().__init__(body, source.file, path, source.flaws)
        self.source = source
        found = self.take("extension", list) or []
        self._extensions = [Element(one, f"{path}.extension[{n}]", source) for n, one in enumerate(found)]

    def inner(self, key: str) -> Element | None:
        """An element inside this one."""
        body = self.take(key, dict)
        return None if body is None else Element(body, self.at(key), self.source)

    def several(self, key: str) -> list[Element]:
        """A list of elements inside this one."""
        found = self.take(key, list) or []
        return [Element(one, f"{self.at(key)}[{number}]", self.source) for number, one in enumerate(found)]

    def value(self) -> tuple[str, Any]:
        """The one `value[x]`, with its type as in the name; ("", None) and a flaw when there is not one."""
        return self.choice("value")

    def choice(self, prefix: str) -> tuple[str, Any]:
        """The one element whose name begins like this, with the rest of its name."""
        found = [name for name in self._body if name.startswith(prefix)]
        if len(found) != 1:
            self.flaw("", f"has not one {prefix}[x]")
            return "", None
        return found[0].removeprefix(prefix), self.take(found[0], object)

    def extension(self, url: str) -> Element | None:
        """The extension of a URL, taken from now on; None when there is none."""
        found = [one for one in self._extensions if one.string("url") == url]
        self._extensions = [one for one in self._extensions if one not in found]
        if len(found) > 1:
            self.flaw("extension", f"stands {len(found)} times: {url}")
        return found[0] if found else None

    def extended(self, url: str, *kinds: type) -> Any:
        """The value of an extension, of one of the kinds; None when there is none."""
        found = self.extension(url)
        value = None if found is None else found.value()[1]
        if value is not None and (not isinstance(value, kinds) or isinstance(value, bool) is not (kinds == (bool,))):
            self.flaw("extension", f"has a value of a wrong kind: {url}")
            return None
        return value

    def words(self, name: str) -> dict[str, str] | None:
        """A text in the languages of forms; None when there is none."""
        base = self.string(name).strip()
        beside = self.inner(f"_{name}")
        found = {self.source.language: base} if base else {}
        found |= dict(self._translations(beside)) if beside else {}
        if found and "nb" not in found:
            self.flaw(name, "has no text in nb")
        return {key: found[key] for key in ("nb", "nn", "en") if key in found} or None

    def _translations(self, beside: Element) -> Iterator[tuple[str, str]]:
        for one in beside.taken(f"{HL7}translation"):
            parts = {part.string("url"): part.value()[1] for part in one.taken_all()}
            language, content = language_of(parts.get("lang")), parts.get("content")
            if language is None or not isinstance(content, str) or not content.strip():
                self.flaw("translation", f"is in no language of forms, or says nothing: {parts.get('lang')!r}")
            else:
                yield language, content.strip()
            one.finish()
        beside.finish()

    def taken(self, url: str) -> list[Element]:
        """All extensions of a URL."""
        found = [one for one in self._extensions if one.string("url") == url]
        self._extensions = [one for one in self._extensions if one not in found]
        return found

    def taken_all(self) -> list[Element]:
        """All extensions, whatever their URLs."""
        found, self._extensions = self._extensions, []
        return found

    def is_like(self, other: Element) -> bool:
        """Whether both say the same."""
        return self._body == other._body

    def finish(self) -> None:
        """Refuse what nobody took; leave out what only tells a page or a sender what to do."""
        for one in self._extensions:
            url = one.string("url")
            if url in ABOUT_SENDING:
                self.source.leave_out(self.path, f"{url}: {ABOUT_SENDING[url]}")
            elif url not in HARMLESS:
                self.flaw("extension", f"is not understood: {url}")
        self._extensions = []
        for key in self._body:
            if key not in self._taken and key not in {"id", "extension"}:
                self.flaw(str(key), "is not understood")


def language_of(code: object) -> str | None:
    """The language of forms that a code such as nb-NO means."""
    return LANGUAGES.get(str(code).split("-")[0].lower()) if code else None


def day_of(element: Element, written: object) -> date | None:
    """A whole date; a flaw when it is none."""
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        element.flaw("", f"is no whole date: {written!r}")
        return None
