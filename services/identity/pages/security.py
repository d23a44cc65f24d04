"""Security ("Sikkerhet"): the own second factors, to look at and to change."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from services.identity.domain.errors import FormRefused, NotFound, RuleBroken
from services.identity.domain.passkeys import read_name
from services.identity.pages.blueprint import pages
from services.identity.pages.context import log_in, means
from services.identity.pages.passkeys import ask, refused_asking, taken_challenge
from services.identity.pages.steps import current_flow, next_step
from services.identity.queries.factors import own_factors
from services.identity.queries.own_log_in import OwnLogIn
from services.identity.usecases.change_passkey import remove_passkey, rename_passkey
from services.identity.usecases.enrol_app import begin_app, confirm_app, remove_app
from services.identity.usecases.enrol_passkey import add_passkey, offer_passkey
from services.identity.usecases.make_recovery_codes import make_recovery_codes
from shared.web.language import translate

DONE = frozenset({"app_added", "app_removed", "passkey_added", "passkey_renamed", "passkey_removed"})


@pages.get("/my-page/security")
def show_security() -> ResponseReturnValue:
    """The own second factors; what changes them is offered right after one was given."""
    own = log_in()
    if own is None or own.sign_on.must_replace_password:
        return next_step(current_flow())
    return _page(own)


@pages.post("/my-page/security/app")
def send_app() -> ResponseReturnValue:
    """Begin with an authenticator app: its QR code is on the page then."""
    return _do("", lambda sid: begin_app(sid, messages=means().messages, uow=means().uow))


@pages.post("/my-page/security/app/confirm")
def send_app_code() -> ResponseReturnValue:
    """Take the first code of the app."""
    code = request.form.get("code", "")
    return _do("app_added", lambda sid: confirm_app(sid, code, messages=means().messages, uow=means().uow))


@pages.post("/my-page/security/app/remove")
def send_app_removal() -> ResponseReturnValue:
    """Remove the app."""
    return _do("app_removed", lambda sid: remove_app(sid, messages=means().messages, uow=means().uow))


@pages.post("/my-page/security/passkeys/options")
def send_passkey_options() -> ResponseReturnValue:
    """What the browser is to ask a device for a new passkey, as JSON; a name that will not do is told before."""
    own, kit = log_in(), means()
    if own is None:
        return refused_asking("log_in_over")
    try:
        read_name(request.form.get("name", ""))
        return ask(offer_passkey(own.sid, messages=kit.messages, passkeys=kit.passkeys, uow=kit.uow))
    except FormRefused as refused:
        return refused_asking(refused.errors["name"])
    except RuleBroken as broken:
        return refused_asking(broken.code)


@pages.post("/my-page/security/passkeys")
def send_passkey() -> ResponseReturnValue:
    """Keep a new passkey."""
    kit = means()
    return _do(
        "passkey_added",
        lambda sid: add_passkey(
            sid,
            taken_challenge(),
            request.form.get("credential", ""),
            name=request.form.get("name", ""),
            messages=kit.messages,
            passkeys=kit.passkeys,
            uow=kit.uow,
        ),
    )


@pages.post("/my-page/security/passkeys/<int:passkey_id>/rename")
def send_passkey_name(passkey_id: int) -> ResponseReturnValue:
    """Give a passkey another name."""
    name, kit = request.form.get("name", ""), means()
    return _do(
        "passkey_renamed",
        lambda sid: rename_passkey(sid, passkey_id, name, messages=kit.messages, uow=kit.uow),
        passkey_id,
    )


@pages.post("/my-page/security/passkeys/<int:passkey_id>/remove")
def send_passkey_removal(passkey_id: int) -> ResponseReturnValue:
    """Remove a passkey."""
    kit = means()
    return _do("passkey_removed", lambda sid: remove_passkey(sid, passkey_id, messages=kit.messages, uow=kit.uow))


@pages.post("/my-page/security/recovery-codes")
def send_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them, this once."""
    own, kit = log_in(), means()
    if own is None:
        return next_step(current_flow())
    try:
        codes = make_recovery_codes(own.sid, messages=kit.messages, hasher=kit.hasher, uow=kit.uow)
    except RuleBroken as broken:
        return _page(own, error=broken.code), 422
    return render_template("identity/recovery_codes.html", codes=codes)


def _do(done: str, act: Callable[[str], None], passkey_id: int | None = None) -> ResponseReturnValue:
    """Do something with the factors of whoever is logged in; faults of a field stand beside it."""
    own = log_in()
    if own is None:
        return next_step(current_flow())
    try:
        act(own.sid)
    except NotFound:
        raise
    except FormRefused as refused:
        at = f"-{passkey_id}" if passkey_id is not None else ""
        return _page(own, errors={f"{name}{at}": code for name, code in refused.errors.items()}), 422
    except RuleBroken as broken:
        return _page(own, error=broken.code), 422
    return redirect(url_for("pages.show_security", done=done or None), 303)


def _page(own: OwnLogIn, error: str | None = None, errors: dict[str, str] | None = None) -> str:
    kit, done = means(), request.args.get("done")
    is_fresh = own.sign_on.is_fresh(kit.clock.now())
    factors = own_factors(
        own.user_id,
        issuer=translate("ui.suite"),
        is_fresh=is_fresh,
        seals=kit.seals,
        database=kit.database,
        clock=kit.clock,
    )
    return render_template(
        "identity/security.html",
        factors=factors,
        is_fresh=is_fresh,
        qr=_qr(factors.begun_app.address) if factors.begun_app is not None else None,
        done=done if done in DONE else None,
        error=error,
        errors=errors or {},
        fields=request.form.to_dict(),
    )


def _qr(address: str) -> Markup:
    import segno  # used on this page only

    # Black on white in every theme: cameras want it so. The library writes numbers only, nothing of the address.
    drawn = segno.make_qr(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - see above
