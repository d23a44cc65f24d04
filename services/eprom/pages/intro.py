"""The way into a form: what it is about, and where to go on."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import own_form_or_404
from services.eprom.pages.form import closed
from services.eprom.pages.questions import first_question, title_and_words


@pages.get("/form/<order_id>")
def show_form(order_id: str) -> ResponseReturnValue:
    """The introduction, or why the form is closed."""
    form = own_form_or_404(order_id)
    if not form.is_open:
        return closed(form)
    title, words = title_and_words(form)
    return render_template("eprom/intro.html", form=form, title=title, words=words, start=first_question(form))
