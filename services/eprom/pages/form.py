"""The way out of a form: thanks, saying no, and why it is closed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import ONLY_ORDER, means, own_form_or_404, own_pid
from services.eprom.queries.own_forms import OwnForm, Standing, other_open_forms
from services.eprom.usecases.answer_form import decline_form
from shared.forms.catalogue import registry
from shared.forms.definition import say
from shared.web.language import current_language, translate


@pages.get("/form/<order_id>/thanks")
def show_thanks(order_id: str) -> ResponseReturnValue:
    """Thanks, and the person's next form if there is one."""
    form = own_form_or_404(order_id)
    if form.standing is not Standing.ANSWERED:
        return redirect(url_for("pages.show_form", order_id=order_id), 303)
    return _end("eprom/thanks.html", form)


@pages.get("/form/<order_id>/decline")
def show_decline(order_id: str) -> ResponseReturnValue:
    """Ask whether that is what was meant."""
    form = own_form_or_404(order_id)
    return render_template("eprom/decline.html", form=form) if form.is_open else closed(form)


@pages.post("/form/<order_id>/decline")
def send_decline(order_id: str) -> ResponseReturnValue:
    """The patient does not want to answer."""
    form = own_form_or_404(order_id)
    if not form.is_open:
        return closed(form)
    decline_form(order_id, schedules=means().schedules, uow=means().uow)
    return redirect(url_for("pages.show_declined", order_id=order_id), 303)


@pages.get("/form/<order_id>/declined")
def show_declined(order_id: str) -> ResponseReturnValue:
    """Say that nothing more comes."""
    form = own_form_or_404(order_id)
    if form.standing is not Standing.STOPPED:
        return redirect(url_for("pages.show_form", order_id=order_id), 303)
    return _end("eprom/declined.html", form)


def closed(form: OwnForm) -> ResponseReturnValue:
    """Say kindly why the form cannot be answered."""
    return render_template("eprom/closed.html", standing=form.standing.value)


def _end(template: str, form: OwnForm) -> ResponseReturnValue:
    others = () if ONLY_ORDER in session else _others(form)
    return render_template(template, form=form, others=others, words=_what_happens(form))


def _what_happens(form: OwnForm) -> str:
    """Where the answers go, in the words of our registry; those of another one we do not know."""
    if form.asked_by:
        return translate("thanks.asked_by", orderer=form.asked_by)
    thanks = registry(form.registry).rules.patients.thanks
    return say(thanks, current_language()) if thanks else ""


def _others(form: OwnForm) -> Sequence[str]:
    now = means().clock.now()
    return other_open_forms(form.order_id, own_pid() or 0, now=now, database=means().database)
