"""The citizen's pages: where I stand, reserve, take back, and the receipt."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.reservation.domain.case import Channel
from services.reservation.domain.errors import NotFound
from services.reservation.domain.registry import Registry
from services.reservation.pages.blueprint import pages
from services.reservation.pages.context import means
from services.reservation.pages.own_number import own_hash, own_number
from services.reservation.queries.cases import Cases
from services.reservation.usecases.reserve import reserve, take_back
from shared.web.access import log_access
from shared.web.context import current_principal
from shared.web.language import current_language

REASON = "own case"


@pages.get("/my/")
def show_own() -> ResponseReturnValue:
    """Against which registries I have reserved, and my cases."""
    cases, me = Cases(means().database), own_hash()
    log_access(means().uow, [None], object_="own cases", reason=REASON)
    return render_template(
        "reservation/own.html",
        registries=means().registries,
        reserved=cases.reserved_by(me),
        lines=cases.own(me),
    )


@pages.get("/my/reserve/<registry>")
def show_reserve(registry: str) -> ResponseReturnValue:
    """Say what happens, with the button that does it."""
    own_hash()
    return render_template("reservation/reserve.html", registry=_registry(registry))


@pages.post("/my/reserve/<registry>")
def send_reserve(registry: str) -> ResponseReturnValue:
    """Reserve."""
    kit = means()
    case_id = reserve(
        _registry(registry).key,
        own_number(kit),
        channel=Channel.CITIZEN_PAGE,
        language=current_language(),
        by=current_principal(),
        numbers=kit.numbers,
        uow=kit.uow,
    )
    return redirect(url_for("pages.show_own_case", case_id=case_id), 303)


@pages.get("/my/take-back/<registry>")
def show_take_back(registry: str) -> ResponseReturnValue:
    """Say what happens, with the button that does it."""
    own_hash()
    return render_template("reservation/take_back.html", registry=_registry(registry))


@pages.post("/my/take-back/<registry>")
def send_take_back(registry: str) -> ResponseReturnValue:
    """Take the reservation back."""
    by, kit = current_principal(), means()
    case_id = take_back(_registry(registry).key, own_hash(), channel=Channel.CITIZEN_PAGE, by=by, uow=kit.uow)
    return redirect(url_for("pages.show_own_case", case_id=case_id), 303)


@pages.get("/my/cases/<case_id>")
def show_own_case(case_id: str) -> ResponseReturnValue:
    """The receipt, and what has become of the case since."""
    line = Cases(means().database).own_case(case_id, own_hash())
    log_access(means().uow, [None], object_=f"case:{case_id}", reason=REASON)
    return render_template("reservation/receipt.html", line=line, registry=_registry(line.registry))


def _registry(key: str) -> Registry:
    found = means().registries.get(key)
    if found is None:
        raise NotFound
    return found
