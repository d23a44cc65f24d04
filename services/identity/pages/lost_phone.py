"""A lost phone: begun on the page of a user, confirmed by a second coordinator."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import FormRefused, NotFound, RuleBroken
from services.identity.domain.lost_phone import CheckedHow
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.queries.lost_phones import LostPhones
from services.identity.queries.users import ManagedUsers
from services.identity.usecases.begin_lost_phone import begin_lost_phone
from services.identity.usecases.decide_lost_phone import confirm_lost_phone, reject_lost_phone
from shared.web.context import current_principal

FIELDS = ("mobile", "mobile_again", "checked_how", "reason")


@pages.get("/users/<int:user_id>/lost-phone")
def show_lost_phone_form(user_id: int) -> ResponseReturnValue:
    """The form of the first coordinator."""
    return _form(user_id, {})


@pages.post("/users/<int:user_id>/lost-phone")
def send_lost_phone(user_id: int) -> ResponseReturnValue:
    """Take in the new number; a second person must confirm it."""
    try:
        begin_lost_phone(
            user_id,
            request.form.to_dict(),
            by=current_principal(),
            messages=means().messages,
            uow=means().uow,
        )
    except NotFound:
        raise
    except FormRefused as refused:
        return _form(user_id, refused.errors), 422
    except RuleBroken as broken:
        return _form(user_id, {}, broken.code), 422
    return redirect(url_for("pages.show_queue", done="lost_phone_begun"), 303)


@pages.get("/lost-phones/<matter_id>")
def show_lost_phone(matter_id: str) -> ResponseReturnValue:
    """One lost phone, with the buttons to decide it."""
    return _page(matter_id, {})


@pages.post("/lost-phones/<matter_id>/confirm")
def send_lost_phone_confirmation(matter_id: str) -> ResponseReturnValue:
    """Replace the number."""
    kit = means()
    try:
        confirm_lost_phone(matter_id, by=current_principal(), messages=kit.messages, hasher=kit.hasher, uow=kit.uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(matter_id, {}, broken.code), 422
    return redirect(url_for("pages.show_queue", done="lost_phone_confirmed"), 303)


@pages.post("/lost-phones/<matter_id>/reject")
def send_lost_phone_rejection(matter_id: str) -> ResponseReturnValue:
    """Leave the number as it is."""
    reason = request.form.get("reason", "")
    try:
        reject_lost_phone(matter_id, reason, by=current_principal(), messages=means().messages, uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        is_reason = broken.code in {"reason_missing", "reason_too_long"}
        told = _page(matter_id, {"reason": broken.code}) if is_reason else _page(matter_id, {}, broken.code)
        return told, 422
    return redirect(url_for("pages.show_queue", done="lost_phone_rejected"), 303)


def _form(user_id: int, errors: dict[str, str], error: str | None = None) -> str:
    users = ManagedUsers(means().database, means().seals, means().clock)
    return render_template(
        "identity/lost_phone_form.html",
        user=users.one(user_id, current_principal()),
        ways=[way.value for way in CheckedHow],
        fields={name: request.form.get(name, "") for name in FIELDS},
        errors=errors,
        error=error,
    )


def _page(matter_id: str, errors: dict[str, str], error: str | None = None) -> str:
    found = LostPhones(means().database, means().seals, means().clock).one(matter_id, current_principal())
    reason = request.form.get("reason", "")
    return render_template("identity/lost_phone.html", matter=found, reason=reason, errors=errors, error=error)
