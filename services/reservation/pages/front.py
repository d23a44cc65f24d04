"""The front page: what a reservation means, and one way in for everybody who works in a registry."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from services.reservation.pages.blueprint import pages


@pages.get("/")
def front() -> ResponseReturnValue:
    """Say what a reservation means."""
    return render_template("reservation/front.html")
