"""The second step of a log-in or step-up: one page with whatever the user has, the strongest first."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import RuleBroken
from services.identity.domain.factors import Method
from services.identity.domain.tokens import token_hash
from services.identity.pages.blueprint import pages
from services.identity.pages.context import follow, log_in, means, visitor
from services.identity.pages.log_in import enter, log_in_page
from services.identity.pages.passkeys import ask, refused_asking, taken_challenge
from services.identity.pages.steps import ATTEMPT, current_flow, next_step, to_second_factor
from services.identity.queries.factors import Offered, codes_left, has_other_than_sms, offered_factors
from services.identity.usecases.ask_for_passkey import ask_for_second
from services.identity.usecases.begin_step_up import begin_step_up
from services.identity.usecases.confirm_code import confirm_log_in, confirm_step_up
from services.identity.usecases.one_time_code import send_again
from services.identity.usecases.proofs import AppCode, PasskeyAnswer, Proof, RecoveryCodeTyped, SmsCode

# After these nothing is left to try; the log-in begins anew.
OVER = frozenset({"too_many_wrong_codes", "log_in_over", "account_locked"})


@pages.get("/log-in/code")
def show_code() -> ResponseReturnValue:
    """The forms for the second factor."""
    return _code_page()


@pages.post("/log-in/code")
def send_code() -> ResponseReturnValue:
    """Check the factor given, and go on."""
    flow, kept = current_flow(), session.get(ATTEMPT)
    if kept is None:
        return log_in_page("log_in_over"), 422
    method = _method()
    try:
        _confirm(kept["value"], Purpose(kept["purpose"]), _proof(method))
    except RuleBroken as broken:
        return _refused(broken.code, method)
    session.pop(ATTEMPT, None)
    if method is Method.RECOVERY:
        return redirect(url_for("pages.show_codes_left", flow=flow.flow_id), 303)
    return next_step(flow)


@pages.get("/log-in/codes-left")
def show_codes_left() -> ResponseReturnValue:
    """Say how many recovery codes are left, on the way from one to where the user is going."""
    flow, own, kit = current_flow(), log_in(), means()
    if own is None:
        return next_step(flow)
    left = codes_left(own.user_id, database=kit.database, clock=kit.clock)
    return render_template("identity/codes_left.html", left=left, to=next_step(flow).location)


@pages.post("/log-in/code/again")
def send_code_again() -> ResponseReturnValue:
    """Send a code by SMS, the first or a new one; the tries stay counted."""
    kept = session.get(ATTEMPT)
    if kept is None:
        return log_in_page("log_in_over"), 422
    offered = _offered()
    try:
        send_again(kept["value"], messages=means().messages, hasher=means().hasher, uow=means().uow)
    except RuleBroken as broken:
        return _refused(broken.code, Method.SMS)
    again = 1 if offered is not None and offered.is_sms_sent else None
    return redirect(url_for("pages.show_code", flow=current_flow().flow_id, sent=again), 303)


@pages.post("/log-in/code/passkey")
def send_code_options() -> ResponseReturnValue:
    """What the browser is to ask a passkey of the user, as JSON."""
    kept, kit = session.get(ATTEMPT), means()
    if kept is None:
        return refused_asking("log_in_over")
    try:
        return ask(ask_for_second(kept["value"], seals=kit.seals, passkeys=kit.passkeys, uow=kit.uow))
    except RuleBroken as broken:
        return refused_asking(broken.code)


@pages.get("/fresh-code")
def show_fresh_code() -> ResponseReturnValue:
    """Say that a fresh factor is needed, and offer to go on; a visit alone sends nothing."""
    return _fresh_page()


@pages.post("/fresh-code")
def send_fresh_code() -> ResponseReturnValue:
    """Ask for a second factor in a log-in that goes on."""
    flow, own = current_flow(), log_in()
    if own is None:
        return next_step(flow)
    try:
        begun = begin_step_up(own.sid, messages=means().messages, hasher=means().hasher, uow=means().uow)
    except RuleBroken as broken:
        return _fresh_page(broken.code), 422
    return to_second_factor(begun.attempt, Purpose.STEP_UP, flow)


def _method() -> Method:
    named = request.form.get("method", "")
    return Method(named) if named in set(Method) else Method.SMS


def _proof(method: Method) -> Proof:
    typed = request.form.get("code", "")
    if method is Method.PASSKEY:
        return PasskeyAnswer(taken_challenge(), request.form.get("credential", ""), means().passkeys)
    if method is Method.APP:
        return AppCode(typed)
    if method is Method.RECOVERY:
        return RecoveryCodeTyped(typed, means().hasher)
    return SmsCode(typed, means().hasher)


def _confirm(attempt: str, purpose: Purpose, proof: Proof) -> None:
    own, kit = log_in(), means()
    if purpose is Purpose.LOG_IN:
        enter(confirm_log_in(attempt, proof, visitor=visitor(), messages=kit.messages, uow=kit.uow))
        return
    if own is None:
        raise RuleBroken("log_in_over")
    confirm_step_up(attempt, proof, sid=own.sid, messages=kit.messages, uow=kit.uow)
    follow(own.sid)


def _refused(code: str, method: Method) -> ResponseReturnValue:
    if code not in OVER:
        return _code_page(code, method), 422
    kept = session.pop(ATTEMPT, {})
    if kept.get("purpose") == Purpose.STEP_UP:
        return _fresh_page(code), 422
    return log_in_page(code), 422


def _fresh_page(error: str | None = None) -> str:
    own, kit = log_in(), means()
    has_several = own is not None and has_other_than_sms(own.user_id, database=kit.database, clock=kit.clock)
    return render_template("identity/fresh_code.html", flow=current_flow(), has_several=has_several, error=error)


def _offered() -> Offered | None:
    kept, kit = session.get(ATTEMPT), means()
    if kept is None:
        return None
    return offered_factors(token_hash(kept["value"]), seals=kit.seals, database=kit.database, clock=kit.clock)


def _code_page(error: str | None = None, wrong: Method = Method.SMS) -> str:
    offered = _offered()
    if offered is None:
        return log_in_page("log_in_over")
    return render_template(
        "identity/code.html",
        flow=current_flow(),
        offered=offered,
        errors={wrong.value: error} if error else {},
        is_sent_again=request.args.get("sent") == "1",
    )
