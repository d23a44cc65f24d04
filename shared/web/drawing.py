"""Draws a question once while it stays the same: a form is drawn anew at each answer, and little of it changes."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Protocol

from markupsafe import Markup, escape

from shared.web.language import current_language

MOST_KEPT = 4096
# Stands where the address of the form belongs, so that the questions nobody has answered yet are drawn once for all.
ADDRESS = "\ue000"


class Macro(Hashable, Protocol):
    """A macro that draws a question, or a line of one; equal ones look alike."""

    def __call__(self, question: Hashable, post_to: str, is_read_only: bool, /) -> str:  # noqa: FBT001 - as templates do
        """It as HTML."""
        ...


def draw_once(macro: Macro, question: Hashable, post_to: str, is_read_only: bool) -> Markup:  # noqa: FBT001 - the same
    """The question in the language of this request. What people write in their own words is not kept."""
    if getattr(question, "type", "") == "text":
        return Markup(macro(question, post_to, is_read_only))  # noqa: S704 - a macro's own
    drawn = _drawn(macro, current_language(), question, ADDRESS if post_to else "", is_read_only)
    return Markup(drawn.replace(ADDRESS, escape(post_to)))  # noqa: S704 - a macro's own with an escaped address


@lru_cache(maxsize=MOST_KEPT)
def _drawn(macro: Macro, _language: str, question: Hashable, post_to: str, is_read_only: bool) -> str:  # noqa: FBT001
    return str(macro(question, post_to, is_read_only))
