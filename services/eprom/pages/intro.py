"""The way into a form: what it is about, and where to go on."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import own_form_or_404
from services.eprom.pages.form import closed
from services.eprom.pages.steps import form_of, next_address, saved_words


@pages.get("/form/<order_id>")
def show_form(order_id: str) -> ResponseReturnValue:
    """The introduction, or why the form is closed."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    form = form_of(own)
    parts = form.overview(own.skipped)
    return render_template(
        "eprom/intro.html",
        form=own,
        page=form.page(),
        count=sum(len(part.lines) for part in parts) if form.is_all_open else 0,
        saved=saved_words(own),
        start=next_address(own, parts),
    )
