"""The secretariat's pages: all cases of its registry, one case, and reservations that came on paper."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.reservation.domain.case import Channel
from services.reservation.domain.deadline import urgency
from services.reservation.domain.errors import NotFound, RuleBroken
from services.reservation.domain.number import read_number
from services.reservation.pages.blueprint import pages
from services.reservation.pages.context import means
from services.reservation.queries.cases import Cases
from services.reservation.usecases.reserve import reserve
from shared.scheduling.clock import oslo
from shared.web.access import log_access
from shared.web.context import current_principal
from shared.web.language import DEFAULT, LANGUAGES, translate

REASON = "data subject rights"
_FIELD_OF = {"compare_number": "compared", "already_reserved": "number"}


@pages.get("/cases/")
def show_cases() -> ResponseReturnValue:
    """The work list: what waits longest comes first, what is closed last."""
    lines = Cases(means().database).of_registry(own_registry())
    log_access(means().uow, [None], object_="cases", reason=REASON)
    today = oslo(means().clock.now()).date()
    return render_template("reservation/cases.html", lines=lines, urgency=lambda day: urgency(day, today).value)


@pages.get("/cases/<case_id>")
def show_case(case_id: str) -> ResponseReturnValue:
    """One case with its receipts."""
    case = Cases(means().database).of_registry_case(case_id, own_registry())
    log_access(means().uow, [None], object_=f"case:{case_id}", reason=REASON)
    return render_template("reservation/case.html", case=case, line=case.line)


@pages.get("/cases/paper")
def show_paper() -> ResponseReturnValue:
    """The form for a reservation that came on paper."""
    return _paper({})


@pages.post("/cases/paper")
def send_paper() -> ResponseReturnValue:
    """Register it; the number stands in the body, and is not shown again."""
    registry = own_registry()
    try:
        case_id = _register(registry)
    except RuleBroken as broken:
        return _paper({_FIELD_OF.get(broken.code, "number"): translate(f"error.{broken.code}")}), 422
    return redirect(url_for("pages.show_case", case_id=case_id), 303)


def own_registry() -> str:
    """The registry the user has a role in; raises NotFound."""
    registry = current_principal().registry
    if registry not in means().registries:
        raise NotFound
    return str(registry)


def _register(registry: str) -> str:
    kit = means()
    number = read_number(request.form.get("number", ""), accept_synthetic=kit.accepts_synthetic)
    if "compared" not in request.form:
        raise RuleBroken("compare_number")
    language = request.form.get("language", "")
    return reserve(
        registry,
        number,
        channel=Channel.PAPER,
        language=language if language in LANGUAGES else DEFAULT,
        by=current_principal(),
        numbers=kit.numbers,
        uow=kit.uow,
    )


def _paper(errors: dict[str, str]) -> str:
    options = [{"value": code, "name": translate(f"ui.languages.{code}")} for code in LANGUAGES]
    registry = means().registries[own_registry()]
    chosen = request.form.get("language", DEFAULT)
    return render_template("reservation/paper.html", registry=registry, options=options, chosen=chosen, errors=errors)
