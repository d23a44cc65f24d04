"""What was answered, looked over once more and handed over once."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import filled_out_by, means, own_form_or_404
from services.eprom.pages.form import closed
from services.eprom.pages.own_copy import may_have_copy
from services.eprom.pages.steps import form_of
from services.eprom.queries.own_forms import OwnForm
from services.eprom.usecases.answer_form import submit_answers

UNPROCESSABLE = 422


@pages.get("/form/<order_id>/summary")
def show_summary(order_id: str) -> ResponseReturnValue:
    """What was answered, before it is handed over."""
    own = own_form_or_404(order_id)
    return _summary(own) if own.is_open else closed(own)


@pages.post("/form/<order_id>/submit")
def send_answers(order_id: str) -> ResponseReturnValue:
    """Hand the answers over, once."""
    own = own_form_or_404(order_id)
    if not own.is_open:
        return closed(own)
    form = form_of(own)
    if not form.is_begun:
        return _summary(own, error="nothing_answered"), UNPROCESSABLE
    try:
        submit_answers(
            order_id,
            finish=lambda kept: form.on(kept).submitted(),
            filled_out_by=filled_out_by(),
            uow=means().uow,
        )
    except NotFound:
        raise
    except RuleBroken:  # another window was quicker
        return redirect(url_for("pages.show_form", order_id=order_id), 303)
    return redirect(url_for("pages.show_thanks", order_id=order_id), 303)


def _summary(own: OwnForm, error: str = "") -> str:
    form = form_of(own)
    skipped = {question.path for question in form.unanswered()}
    return render_template(
        "eprom/summary.html",
        form=own,
        questions=form.questions(),
        skipped=skipped,
        error=error,
        has_copy=may_have_copy(own),
    )
