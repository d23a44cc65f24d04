"""A form as PDF, empty or filled: tagged, with title and language, by PDF/UA-1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import typst

from shared.forms.compiled import CompiledForm
from shared.forms.context import repeats_identity
from shared.forms.definition import say
from shared.forms.page import Page
from shared.ui.letters.fonts import letter_fonts
from shared.ui.letters.form_content import empty_sections, filled_sections
from shared.ui.letters.make_letter import HERE, noon_of, words_of

FRAME = HERE / "form.typ"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands around a form: the registry, the day of printing, facts on each page such as the PID with their
    names, and on top who it is about; answers to `withheld` questions are not printed.
    """

    registry: str
    day: date
    facts: Sequence[tuple[str, str]] = ()
    identity: Sequence[tuple[str, str]] = field(default=(), repr=False)
    withheld: frozenset[str] = frozenset()


def identity_keys(form: CompiledForm) -> frozenset[str]:
    """The questions whose answers tell who somebody is, or how to reach one."""
    return frozenset(key for key, one in form.questions.items() if one.in_person_store or repeats_identity(one))


def make_empty_form(form: CompiledForm, heading: Heading, language: str) -> bytes:
    """The form to be filled in by hand, with all follow-up questions."""
    words = words_of("form", language)
    title, intro = say(form.definition.title, language), say(form.definition.intro or {}, language)
    empty = [(words["pid"], ""), (words["fid"], "")]
    content = _content(title, form.version, heading, words, empty)
    return _pdf({**content, "intro": intro, "sections": empty_sections(form, words, language)}, heading, language)


def make_filled_form(page: Page, heading: Heading, language: str) -> bytes:
    """The form with its answers; `heading` says whose it is."""
    words = words_of("form", language)
    content = _content(page.title, page.version, heading, words, [*heading.facts, *heading.identity])
    sections = filled_sections(page, words, heading.withheld)
    return _pdf({**content, "intro": "", "sections": sections}, heading, language)


def _content(
    title: str, version: int, heading: Heading, words: Mapping[str, str], facts: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    known = [f"{name} {value}" for name, value in heading.facts]
    return {
        "title": title,
        "registry": heading.registry,
        "facts": [{"name": name, "value": value} for name, value in facts],
        "footer": " · ".join([title, words["version"].format(version=version), *known]),
        **{name: words[name] for name in ("page", "must")},
    }


def _pdf(content: Mapping[str, Any], heading: Heading, language: str) -> bytes:
    made: bytes = typst.compile(
        FRAME,
        format="pdf",
        font_paths=letter_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"form": json.dumps({**content, "language": language}, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=noon_of(heading.day),
    )
    return made
