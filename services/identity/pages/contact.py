"""Change the own mobile number, e-mail address and language."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.account import LANGUAGES
from services.identity.domain.codes import Purpose
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.pages.blueprint import pages
from services.identity.pages.context import follow, log_in, means
from services.identity.pages.lost_password import RETRY
from services.identity.pages.steps import current_flow, next_step
from services.identity.queries.own_log_in import own_account
from services.identity.queries.wanted_contact import wanted_contact
from services.identity.usecases.change_contact import change_contact, send_contact_code
from services.identity.usecases.change_language import change_language
from services.identity.usecases.confirm_contact import confirm_contact
from shared.web.language import remember_language, translate

CONTACT = "contact_attempt"
KINDS = (Purpose.MOBILE, Purpose.EMAIL)


@pages.get("/my-page/details")
def show_details() -> ResponseReturnValue:
    """The own details: what may be changed here, and whom to ask for the rest."""
    return _details_page({}) if log_in() is not None else next_step(current_flow())


@pages.post("/my-page/language")
def send_language() -> ResponseReturnValue:
    """Choose the language, of this browser as well."""
    own, language = log_in(), request.form.get("language", "")
    if own is None:
        return next_step(current_flow())
    try:
        change_language(own.user_id, language, uow=means().uow)
    except FormRefused as refused:
        return _details_page(refused.errors), 422
    follow(own.sid)
    answer = redirect(url_for("pages.show_details", done="language"), 303)
    remember_language(answer, language)
    return answer


@pages.get("/my-page/contact")
def show_contact() -> ResponseReturnValue:
    """The forms for a new number and a new address."""
    return _contact_page({}) if log_in() is not None else next_step(current_flow())


@pages.post("/my-page/contact")
def send_contact() -> ResponseReturnValue:
    """Send a code to the new number or address; the answer is the same if another account has it."""
    own, kit = log_in(), means()
    if own is None:
        return next_step(current_flow())
    kind = Purpose.EMAIL if "email" in request.form else Purpose.MOBILE
    try:
        attempt = change_contact(
            own.sid, kind, request.form.get(kind, ""), messages=kit.messages, hasher=kit.hasher, uow=kit.uow
        )
    except FormRefused as refused:
        return _contact_page(refused.errors), 422
    except RuleBroken as broken:
        return _contact_page({kind.value: broken.code}), 422
    session[CONTACT] = {"value": attempt, "kind": kind.value}
    return redirect(url_for("pages.show_contact_code"), 303)


@pages.get("/my-page/contact/code")
def show_contact_code() -> ResponseReturnValue:
    """The form for the code."""
    return _code_page()


@pages.post("/my-page/contact/code")
def send_contact_proof() -> ResponseReturnValue:
    """Check the code; the new number or address counts from now on."""
    own, kit, kept = log_in(), means(), session.get(CONTACT)
    if own is None or kept is None:
        return redirect(url_for("pages.show_contact"), 303)
    try:
        confirm_contact(
            kept["value"],
            Purpose(kept["kind"]),
            request.form.get("code", ""),
            sid=own.sid,
            messages=kit.messages,
            hasher=kit.hasher,
            uow=kit.uow,
        )
    except RuleBroken as broken:
        return _refused_code(broken.code)
    session.pop(CONTACT, None)
    return redirect(url_for("pages.show_details", done=kept["kind"]), 303)


@pages.post("/my-page/contact/code/again")
def send_contact_code_again() -> ResponseReturnValue:
    """Send a new code; the tries stay counted."""
    kept = session.get(CONTACT)
    if kept is None:
        return redirect(url_for("pages.show_contact"), 303)
    try:
        send_contact_code(kept["value"], messages=means().messages, hasher=means().hasher, uow=means().uow)
    except RuleBroken as broken:
        return _refused_code(broken.code)
    return redirect(url_for("pages.show_contact_code", sent=1), 303)


def _refused_code(code: str) -> ResponseReturnValue:
    if code in RETRY:
        return _code_page(code)
    kept = session.pop(CONTACT, {})
    return _contact_page({kept["kind"]: "contact_code_over" if code != "account_locked" else code}), 422


def _code_page(error: str | None = None) -> ResponseReturnValue:
    kept = session.get(CONTACT, {"value": ""})
    wanted = wanted_contact(kept["value"], seals=means().seals, database=means().database, clock=means().clock)
    if wanted is None:
        return redirect(url_for("pages.show_contact"), 303)
    page = render_template(
        "identity/sent_code.html",
        sent_to=translate(f"identity.contact.sent_{kept['kind']}", to=wanted),
        error=error,
        is_sent_again=request.args.get("sent") == "1",
        action=url_for("pages.send_contact_proof"),
        again=url_for("pages.send_contact_code_again"),
    )
    return page, 422 if error else 200


def _contact_page(errors: dict[str, str]) -> str:
    fields = {kind.value: request.form.get(kind, "") for kind in KINDS}
    return render_template("identity/contact.html", fields=fields, errors=errors)


def _details_page(errors: dict[str, str]) -> str:
    own = log_in()
    account = (
        own_account(own.user_id, seals=means().seals, database=means().database, clock=means().clock) if own else None
    )
    return render_template(
        "identity/details.html",
        account=account,
        languages_known=LANGUAGES,
        errors=errors,
        done=request.args.get("done", ""),
    )
