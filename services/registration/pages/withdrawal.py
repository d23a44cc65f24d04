"""A consent is withdrawn: the page of a national coordinator, who has just proved anew who it is."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.pages.blueprint import pages
from services.registration.pages.context import form_url, means, registry, typed
from services.registration.pages.form_view import course_at, kept, person_of
from services.registration.queries.placing import placing
from services.registration.usecases.course_at import CourseAt
from services.registration.usecases.withdraw_consent import withdraw_consent
from shared.forms import catalogue
from shared.web.language import translate

UNPROCESSABLE = 422


@pages.get("/courses/<int:course_id>/withdrawal")
def show_withdrawal(course_id: int) -> ResponseReturnValue:
    """What a withdrawal does, and the field for its reason."""
    return _page(_at(course_id), {})


@pages.post("/courses/<int:course_id>/withdrawal")
def send_withdrawal(course_id: int) -> ResponseReturnValue:
    """Register the withdrawal."""
    at = _at(course_id)
    try:
        withdraw_consent(at, reason=typed("reason"), kept=kept())
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(at, {"reason": translate(f"error.{broken.code}", **broken.values_shown)}), UNPROCESSABLE
    return redirect(url_for("pages.show_course", course_id=course_id, withdrawn=1), 303)


def _at(course_id: int) -> CourseAt:
    if catalogue.registry(registry().key).rules.consent is None:
        raise NotFound
    return course_at(course_id)


def _page(at: CourseAt, errors: Mapping[str, str]) -> str:
    page = person_of(at)
    return render_template(
        "registration/withdrawal.html",
        page=page,
        course=page.courses[0],
        forms=registry().forms,
        form_url=form_url,
        has_consent=placing(at.course_id, database=means().database).has_consent,
        errors=errors,
        reason=typed("reason"),
    )
