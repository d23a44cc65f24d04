"""The registry's pages: the queue, an application with votes and decision, and its deliveries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.release.domain.application import Choice
from services.release.domain.errors import NotFound, RuleBroken
from services.release.pages.blueprint import pages
from services.release.pages.context import means
from services.release.queries.applications import Applications
from services.release.queries.deliveries import application_of_delivery
from services.release.usecases.decide import decide, start_voting, vote
from services.release.usecases.deliver import approve, order_extract
from shared.web.access import log_access
from shared.web.context import current_kit, current_principal
from shared.web.language import translate

# Where the page shows what was refused; everything else stands on top.
_FIELD_OF = {
    "choose_vote": "choice",
    "rejection_needs_reason": "reason",
    "small_cells_not_accepted": "accepts_small_cells",
}


@pages.get("/review/")
def show_queue() -> ResponseReturnValue:
    """What the registry has received."""
    return render_template("release/queue.html", lines=_applications().queue(_registry()))


@pages.get("/review/<application_id>")
def show_application(application_id: str) -> ResponseReturnValue:
    """One application, with what may be done now."""
    return _page(application_id)


@pages.post("/review/<application_id>/voting")
def send_start_of_voting(application_id: str) -> ResponseReturnValue:
    """Put it before the council."""
    return _do(application_id, lambda: start_voting(application_id, by=current_principal(), uow=means().uow))


@pages.post("/review/<application_id>/vote")
def send_vote(application_id: str) -> ResponseReturnValue:
    """Vote, with a comment."""

    def act() -> None:
        text = request.form.get("choice", "")
        if text not in set(Choice):
            raise RuleBroken("choose_vote")
        comment = request.form.get("comment", "")
        vote(application_id, by=current_principal(), choice=Choice(text), comment=comment, uow=means().uow)

    return _do(application_id, act)


@pages.post("/review/<application_id>/decision")
def send_decision(application_id: str) -> ResponseReturnValue:
    """Close the vote."""
    reason = request.form.get("reason", "")
    return _do(application_id, lambda: decide(application_id, by=current_principal(), reason=reason, uow=means().uow))


@pages.post("/review/<application_id>/extract")
def send_order(application_id: str) -> ResponseReturnValue:
    """Order the extract that was approved."""
    kit = means()

    def act() -> None:
        order_extract(application_id, by=current_principal(), catalog=kit.catalog, uow=kit.uow)

    return _do(application_id, act)


@pages.post("/review/deliveries/<delivery_id>/approval")
def send_approval(delivery_id: str) -> ResponseReturnValue:
    """Approve a delivery, as the first or the second person."""
    kit = means()

    def act() -> None:
        approve(
            delivery_id,
            by=current_principal(),
            accepts_small_cells="accepts_small_cells" in request.form,
            catalog=kit.catalog,
            uow=kit.uow,
        )

    return _do(application_of_delivery(delivery_id, database=kit.database), act)


def _do(application_id: str, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(application_id, {_FIELD_OF.get(broken.code, ""): translate(f"error.{broken.code}")}), 422
    return redirect(url_for("pages.show_application", application_id=application_id), 303)


def _page(application_id: str, errors: dict[str, str] | None = None) -> str:
    application = _applications().received(application_id, _registry())
    log_access(means().uow, [None], object_=f"application:{application_id}", reason="data release")
    registry = means().catalog.get(application.registry)
    if registry is None:
        raise NotFound
    return render_template(
        "release/application.html",
        application=application,
        registry=registry,
        day=date.fromisoformat,
        may=_may,
        me=current_principal().actor,
        fields=request.form.to_dict(),
        errors=errors or {},
    )


def _may(action: str) -> bool:
    """Tell whether the policy lets the one who asks do something, so that no button is shown in vain."""
    line = current_kit().policy.line(f"pages.{action}")
    return line is not None and line.lets_in(current_principal())


def _registry() -> str:
    registry = current_principal().registry
    if not registry:
        raise NotFound
    return registry


def _applications() -> Applications:
    return Applications(means().database)
