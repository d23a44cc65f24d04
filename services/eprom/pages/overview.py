"""The overview of a form: each question with how it stands, and the way to it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import own_form_or_404
from services.eprom.pages.form import closed
from services.eprom.pages.steps import form_of, lines_of, next_address, saved_words
from services.eprom.usecases.patient_form import Mark


@pages.get("/form/<order_id>/overview")
def show_overview(order_id: str) -> ResponseReturnValue:
    """All questions, those with an answer marked, and where to go on."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    form = form_of(own)
    parts = form.overview(own.skipped)
    lines = list(lines_of(parts))
    return render_template(
        "eprom/overview.html",
        form=own,
        title=form.page().title,
        parts=parts,
        count=len(lines),
        answered=sum(line.mark is Mark.ANSWERED for line in lines),
        saved=saved_words(own),
        go_on=next_address(own, parts),
    )
