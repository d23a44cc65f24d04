"""The clinicians' pages."""

from __future__ import annotations

from flask import Blueprint

from services.registration.pages import (
    courses,
    definitions,
    drafts,
    factors,
    flags,
    forms,
    history,
    patient_forms,
    persons,
    prints,
    response_rates,
    withdrawal,
    work_list,
)
from services.registration.pages.blueprint import pages

MODULES = (
    courses,
    definitions,
    drafts,
    factors,
    flags,
    forms,
    history,
    patient_forms,
    persons,
    prints,
    response_rates,
    withdrawal,
    work_list,
)


def all_pages() -> Blueprint:
    """The blueprint with the routes of every module of this room."""
    return pages
