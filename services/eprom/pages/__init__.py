"""HTML doors for patients: read input, call a use case or query, render. No database access, no decisions."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint

from services.eprom.pages import form, front, intro, link, log_in_code, overview, own_copy, questions, summary
from services.eprom.pages.blueprint import pages

HERE = Path(__file__).parent
TRANSLATIONS = HERE / "translations"
MODULES = (form, front, intro, link, log_in_code, overview, own_copy, questions, summary)


def all_pages() -> Blueprint:
    """The blueprint with the routes of every module of this room."""
    return pages
