"""Pages: log-in, new users, project overview, the own page, and what coordinators need."""

from __future__ import annotations

from flask import Blueprint

from services.identity.pages import (
    authorize,
    contact,
    emergency,
    log_in,
    lost_password,
    lost_phone,
    my_page,
    new_user,
    organisations,
    overview,
    passkeys,
    password,
    queue,
    registry,
    reviews,
    second_factor,
    security,
    upstream,
    users,
)
from services.identity.pages.blueprint import pages

MODULES = (
    authorize,
    contact,
    emergency,
    log_in,
    lost_password,
    lost_phone,
    my_page,
    new_user,
    organisations,
    overview,
    passkeys,
    password,
    queue,
    registry,
    reviews,
    second_factor,
    security,
    upstream,
    users,
)


def all_pages() -> Blueprint:
    """The blueprint with the routes of every module of this room."""
    return pages
