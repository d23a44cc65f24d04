"""Flags at the screen: shown on the work list and on their course until a clinician has acknowledged them."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.pages.blueprint import pages
from services.registration.pages.context import means, typed
from services.registration.pages.courses import course_page
from services.registration.pages.form_view import course_at
from services.registration.usecases.acknowledge_flag import acknowledge_flag
from shared.web.language import translate

UNPROCESSABLE = 422


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
