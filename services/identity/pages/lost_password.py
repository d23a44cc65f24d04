"""The way back in with a forgotten password: a link by e-mail, a code by SMS, a new password."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import FormRefused, MustWait, RuleBroken
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means, renew_session, visitor
from services.identity.pages.password import typed_twice
from services.identity.pages.waiting import waiting
from services.identity.queries.password_link import link_receiver
from services.identity.usecases.ask_for_link import ask_for_link
from services.identity.usecases.one_time_code import send_again
from services.identity.usecases.prove_link import prove_link
from services.identity.usecases.replace_password import replace_password
from shared.web.language import translate

LINK, PROOF = "password_link", "password_proof"
# After any other code there is something left to try.
RETRY = frozenset({"wrong_code", "code_expired", "too_many_codes"})


@pages.get("/forgotten-password")
def show_forgotten_password() -> ResponseReturnValue:
    """The form for the user name."""
    return _ask_page({})


@pages.post("/forgotten-password")
def send_forgotten_password() -> ResponseReturnValue:
    """Take the wish; the answer is the same for every name."""
    user_name = request.form.get("user_name", "")
    if not user_name.strip():
        return _ask_page({"user_name": "required"}), 422
    try:
        ask_for_link(user_name, visitor=visitor(), seals=means().seals, uow=means().uow)
    except MustWait as wait:
        minutes, headers = waiting(wait)
        return _ask_page({"user_name": wait.code}, minutes=minutes), 429, headers
    return redirect(url_for("pages.show_link_sent"), 303)


@pages.get("/forgotten-password/sent")
def show_link_sent() -> ResponseReturnValue:
    """Say what happens now."""
    return render_template("identity/link_sent.html")


@pages.get("/new-password/<token>")
def show_link(token: str) -> ResponseReturnValue:
    """Offer to send the code. A scanner that follows the link uses nothing up."""
    return _link_page(token)


@pages.post("/new-password-code/send")
def send_link_code() -> ResponseReturnValue:
    """Send the code to the registered mobile, and leave the link's address."""
    token = request.form.get("link", "")
    if _receiver(token) is None:
        return _over_page()
    try:
        send_again(token, messages=means().messages, hasher=means().hasher, uow=means().uow)
    except RuleBroken as broken:
        return _link_page(token, broken.code) if broken.code in RETRY else _over_page()
    session[LINK] = token
    return redirect(url_for("pages.show_password_code"), 303)


@pages.get("/new-password-code")
def show_password_code() -> ResponseReturnValue:
    """The form for the code."""
    return _code_page()


@pages.post("/new-password-code")
def send_password_code() -> ResponseReturnValue:
    """Check the code."""
    token, kit = session.get(LINK, ""), means()
    try:
        proof = prove_link(token, request.form.get("code", ""), messages=kit.messages, hasher=kit.hasher, uow=kit.uow)
    except RuleBroken as broken:
        return _refused_code(broken.code)
    session.pop(LINK, None)
    renew_session()
    session[PROOF] = proof
    return redirect(url_for("pages.show_chosen_password"), 303)


@pages.post("/new-password-code/again")
def send_password_code_again() -> ResponseReturnValue:
    """Send a new code; the tries stay counted."""
    try:
        send_again(session.get(LINK, ""), messages=means().messages, hasher=means().hasher, uow=means().uow)
    except RuleBroken as broken:
        return _refused_code(broken.code)
    return redirect(url_for("pages.show_password_code", sent=1), 303)


@pages.get("/new-password")
def show_chosen_password() -> ResponseReturnValue:
    """The form for the new password."""
    return _password_page({}) if PROOF in session else _over_page()


@pages.post("/new-password")
def send_chosen_password() -> ResponseReturnValue:
    """Set the new password; all log-ins end."""
    kit = means()
    try:
        replace_password(
            session.get(PROOF, ""),
            typed_twice(),
            messages=kit.messages,
            hasher=kit.hasher,
            strength=kit.strength,
            uow=kit.uow,
        )
    except FormRefused as refused:
        return _password_page(refused.errors), 422
    except RuleBroken:
        session.pop(PROOF, None)
        return _over_page()
    session.pop(PROOF, None)
    return redirect(url_for("pages.show_password_chosen"), 303)


@pages.get("/new-password-chosen")
def show_password_chosen() -> ResponseReturnValue:
    """Say that the new password counts."""
    return render_template("identity/password_chosen.html")


def _refused_code(code: str) -> ResponseReturnValue:
    if code in RETRY:
        return _code_page(code)
    session.pop(LINK, None)
    return _over_page()


def _receiver(token: str) -> str | None:
    return link_receiver(token, seals=means().seals, database=means().database, clock=means().clock)


def _ask_page(errors: dict[str, str], **values: object) -> str:
    user_name = request.form.get("user_name", "")
    return render_template("identity/forgotten_password.html", user_name=user_name, errors=errors, values=values)


def _link_page(token: str, error: str | None = None) -> ResponseReturnValue:
    mobile = _receiver(token)
    if mobile is None:
        return _over_page()
    page = render_template("identity/password_link.html", token=token, mobile=mobile, error=error)
    return page, 422 if error else 200


def _code_page(error: str | None = None) -> ResponseReturnValue:
    mobile = _receiver(session.get(LINK, ""))
    if mobile is None:
        return _over_page()
    page = render_template(
        "identity/sent_code.html",
        sent_to=translate("identity.code.sent_to", mobile=mobile),
        error=error,
        is_sent_again=request.args.get("sent") == "1",
        action=url_for("pages.send_password_code"),
        again=url_for("pages.send_password_code_again"),
    )
    return page, 422 if error else 200


def _password_page(errors: dict[str, str]) -> str:
    return render_template("identity/chosen_password.html", errors=errors)


def _over_page() -> ResponseReturnValue:
    """The same for a link that is over, used, or was never made."""
    return render_template("identity/link_over.html"), 404
