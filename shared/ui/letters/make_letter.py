"""From the words of a letter and the facts of a case to a PDF that screen readers can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from babel.dates import format_date

from shared.ui.letters.fonts import letter_fonts
from shared.yaml_file import read_yaml_file

HERE = Path(__file__).parent
FRAME = HERE / "letter.typ"
FRAMES = ("frame", "form")
LOCALES = {"nb": "nb", "nn": "nn", "en": "en_GB"}
_SENTENCES = ("heading", "code", "text")
Value = str | date | Sequence[str]


class UnknownLetter(Exception):  # noqa: N818 - says what it is
    """There is no letter of this name in this language."""


def make_letter(template: str, values: Mapping[str, Value], language: str) -> bytes:
    """The PDF of a letter: tagged, with title and language, by PDF/UA-1.

    `values` fill the places of the template's sentences; dates are written out, lists become lists. Every letter
    needs `sender` and `day`, one about a case `reference`. The same values give the same bytes.
    """
    return _pdf(_content(template, values, language), values["day"], "1.7")


def make_printed_letter(template: str, values: Mapping[str, Value], language: str) -> bytes:
    """The same for an envelope with a window, behind which nothing stands; in the version of PDF that printers take."""
    return _pdf({**_content(template, values, language), "window": True}, values["day"], "1.5")


def _pdf(content: Mapping[str, Any], day: Value, version: Literal["1.5", "1.7"]) -> bytes:
    made: bytes = typst.compile(
        FRAME,
        format="pdf",
        font_paths=letter_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(content, ensure_ascii=False)},
        pdf_standards=[version, "ua-1"],
        timestamp=noon_of(day),
    )
    return made


def title_of(template: str, values: Mapping[str, Value], language: str) -> str:
    """The title of a letter, as on top of it."""
    title: str = _words(language)[template]["title"]
    return title.format(**_shown(values, language))


def _content(template: str, values: Mapping[str, Value], language: str) -> dict[str, Any]:
    words, shown = _words(language), _shown(values, language)
    if template not in words or template in FRAMES:
        raise UnknownLetter(f"{template} in {language}")
    frame, parts = words["frame"], words[template]["parts"]
    facts = [{"name": frame[name], "value": shown[name]} for name in ("day", "reference") if name in shown]
    return {
        "language": language,
        "title": title_of(template, values, language),
        "sender": shown["sender"],
        "facts": facts,
        "parts": [made for part in parts for made in _parts(part, values, shown)],
        "regards": frame["regards"],
        "page": frame["page"],
        "footer": f"{frame['reference']}: {shown['reference']}" if "reference" in shown else shown["sender"],
        "window": False,
    }


def _parts(part: Mapping[str, str], values: Mapping[str, Value], shown: Mapping[str, str]) -> list[dict[str, Any]]:
    """One line of a template; `when` names a list or text that must not be empty, `unless` one that must be."""
    if ("when" in part and not values[part["when"]]) or ("unless" in part and values[part["unless"]]):
        return []
    if "list" in part:
        return [{"kind": "list", "items": list(values[part["list"]])}]  # type: ignore[arg-type]
    if "picture" in part:
        return [{"kind": "picture", "svg": _square(shown[part["picture"]]), "alt": part["alt"]}]
    kind = next(kind for kind in _SENTENCES if kind in part)
    return [{"kind": kind, "text": part[kind].format(**shown)}]


def _square(address: str) -> str:
    """An address as a QR code, in SVG."""
    import segno  # used in this kind of letter only

    drawn: str = segno.make_qr(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return drawn


def _shown(values: Mapping[str, Value], language: str) -> dict[str, str]:
    return {name: _text(value, language) for name, value in values.items()}


def _text(value: Value, language: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return format_date(value, "long", locale=LOCALES[language])
    return ", ".join(value)


def noon_of(day: Value) -> int:
    """The moment that is written into the file: noon of its day, so that nothing depends on the hour."""
    if not isinstance(day, date):
        raise TypeError("day is a date")
    return (day - date(1970, 1, 1)).days * 86_400 + 43_200


def words_of(part: str, language: str) -> Mapping[str, str]:
    """The words of the frame of letters, or of printed forms."""
    words: Mapping[str, str] = _words(language)[part]
    return words


@cache
def _words(language: str) -> dict[str, Any]:
    if language not in LOCALES:
        raise UnknownLetter(language)
    body: dict[str, Any] = read_yaml_file(HERE / "translations" / f"{language}.yaml")
    return body
