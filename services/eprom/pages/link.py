"""The link in a message: it says that a form waits, and leads to the log-in."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import means
from services.eprom.queries.own_forms import order_behind
from shared.web.throttle import throttled

TRIES, WINDOW = 60, timedelta(minutes=10)


@pages.get("/s/<token>")
@throttled(limit=TRIES, window=WINDOW)
def open_link(token: str) -> ResponseReturnValue:
    """Show the way to the log-in. A scanner that follows the link uses nothing up."""
    order_id = order_behind(token, database=means().database)
    if order_id is None:  # never made, or closed: the two look the same from outside
        return render_template("eprom/closed.html", standing="gone"), 404
    return render_template("eprom/link.html", order_id=order_id)
