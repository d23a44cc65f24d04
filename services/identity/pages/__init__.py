"""Pages: log-in, new users, project overview, the own page, and what coordinators need."""

from __future__ import annotations

from flask import Blueprint

from services.identity.pages import (
    authorize,
    log_in,
    my_page,
    new_user,
    overview,
    passkeys,
    password,
    queue,
    second_factor,
    security,
    users,
)
from services.identity.pages.blueprint import pages

MODULES = (
    authorize,
    log_in,
    my_page,
    new_user,
    overview,
    passkeys,
    password,
    queue,
    second_factor,
    security,
    users,
)


def all_pages() -> Blueprint:
    """The blueprint with the routes of every module of this room."""
    return pages
