"""Flags at the screen: shown on the work list, their course and their form, and in a list of their own."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.pages.blueprint import pages
from services.registration.pages.context import means, page_number, registry, typed, who
from services.registration.pages.courses import course_page
from services.registration.pages.form_view import course_at
from services.registration.queries.flags import flag_numbers, open_flags, seen_flags
from services.registration.usecases.acknowledge_flag import acknowledge_flag
from shared.auth.principal import Role
from shared.web.context import current_principal
from shared.web.language import current_language, translate

UNPROCESSABLE = 422


@pages.get("/flags")
def show_flags() -> ResponseReturnValue:
    """Those that wait and those that are acknowledged, with their notes; national coordinators see numbers."""
    by, known, now = current_principal(), registry(), means().clock.now()
    database = means().database
    if by.role == Role.SC:
        numbers = flag_numbers(by=by, registry=known, now=now, database=database)
        return render_template("registration/flag_numbers.html", numbers=numbers, names=known.organisations)
    return render_template(
        "registration/flag_page.html",
        flags=open_flags(by=by, registry=known, now=now, database=database),
        seen=seen_flags(by=by, registry=known, number=page_number(), uow=means().uow),
        titles={form.key: form.title(current_language()) for form in known.forms},
        who=who,
        course_url=lambda course_id: url_for("pages.show_course", course_id=course_id),
        href=lambda wanted: url_for("pages.show_flags", page=wanted),
    )


@pages.post("/courses/<int:course_id>/flags/<int:flag_id>")
def send_acknowledgement(course_id: int, flag_id: int) -> ResponseReturnValue:
    """Acknowledge a flag with a note."""
    try:
        acknowledge_flag(course_at(course_id), flag_id, note=typed("note"), uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        said = translate(f"error.{broken.code}", **broken.values_shown)
        return course_page(course_id, {f"note-{flag_id}": said}), UNPROCESSABLE
    return redirect(url_for("pages.show_course", course_id=course_id), 303)
