"""What other opioid factors would change, for the national coordinator."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound
from services.registration.pages.blueprint import pages
from services.registration.pages.context import means, registry
from services.registration.queries.recalculation import factors_of, shown_recalculation
from shared.forms import catalogue
from shared.forms.problems import shown_value
from shared.web.context import current_principal
from shared.web.language import current_language


@pages.get("/opioid-factors")
def show_factors() -> ResponseReturnValue:
    """The report on one version, the newest unless another one is asked for."""
    known = registry()
    engine = catalogue.registry(known.key)
    versions = factors_of(engine)
    asked = request.args.get("version", "")
    number = int(asked) if asked.isdecimal() and asked.isascii() else max(versions, default=0)
    if number not in versions:
        raise NotFound
    report = shown_recalculation(engine, versions[number], known=known, by=current_principal(), uow=means().uow)
    return render_template(
        "registration/factors.html",
        report=report,
        versions=sorted(versions),
        in_force=engine.rules.opioid_version,
        names=known.organisations,
        titles={one.key: one.title(current_language()) for one in known.forms},
        number=lambda value: shown_value(value, current_language()),
    )
