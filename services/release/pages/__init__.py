"""HTML doors: read input, call a use case or query, render. No database access, no decisions."""

from __future__ import annotations

from flask import Blueprint

from services.release.pages import apply, download, front, review
from services.release.pages.blueprint import pages

MODULES = (apply, download, front, review)


def all_pages() -> Blueprint:
    """The blueprint with the routes of every module of this room."""
    return pages
