"""The front page: what a reservation means, and one way in for everybody who works in a registry."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from services.reservation.pages.blueprint import pages
from shared.auth.principal import Kind
from shared.web.context import current_principal


@pages.get("/")
def front() -> ResponseReturnValue:
    """Say what a reservation means; who is logged in is shown their own door only."""
    kind = current_principal().kind
    return render_template("reservation/front.html", is_citizen=kind is Kind.CITIZEN, is_user=kind is Kind.USER)
