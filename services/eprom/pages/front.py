"""The front page: a form is reached by the link in a message, or by typing the code of a letter here."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.eprom.domain.links import typed_letter_code
from services.eprom.domain.reach import PAPER
from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import means
from services.eprom.queries.own_forms import order_behind
from shared.web.throttle import throttled

UNPROCESSABLE = 422
TRIES, WINDOW = 30, timedelta(minutes=10)
LONGEST = 80  # a code has 28 signs; this leaves room for what people put between them


@pages.get("/")
def front() -> ResponseReturnValue:
    """Say where the way in is, and ask for the code of a letter."""
    return _page()


@pages.post("/")
@throttled(limit=TRIES, window=WINDOW)
def use_letter() -> ResponseReturnValue:
    """Go where the code leads, which is where a link leads to; for every code that leads nowhere the same answer."""
    typed = request.form.get("letter_code", "")[:LONGEST]
    code = typed_letter_code(typed)
    if order_behind(code, database=means().database) is None:
        return _page(typed, error="letter_code"), UNPROCESSABLE
    return redirect(url_for("pages.open_link", token=code), 303)


def _page(typed: str = "", error: str = "") -> str:
    """The page; of letters it speaks only where some registry writes any."""
    has_letters = any(PAPER in schedule.channels for schedule in means().schedules.values())
    return render_template("eprom/front.html", has_letters=has_letters, typed=typed, error=error)
