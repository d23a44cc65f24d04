"""HTML doors: read input, call a use case or query, render. No database access, no decisions."""

from __future__ import annotations

from flask import Blueprint

from services.reservation.pages import citizen, front, letter, secretariat
from services.reservation.pages.blueprint import pages

MODULES = (citizen, front, letter, secretariat)


def all_pages() -> Blueprint:
    """The blueprint with the routes of every module of this room."""
    return pages
