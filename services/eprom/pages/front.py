"""The front page: forms are reached by the link in the message, so it says just that."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from services.eprom.pages.blueprint import pages


@pages.get("/")
def front() -> ResponseReturnValue:
    """Say where the way in is."""
    return render_template("eprom/front.html")
