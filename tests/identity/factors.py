"""A user's second factors in tests of use cases: added by the same use cases as in the pages."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.gateways.webauthn_passkeys import WebauthnPasskeys
from services.identity.queries.factors import own_factors
from services.identity.usecases.ask_for_passkey import ask_for_any, ask_for_second
from services.identity.usecases.confirm_code import confirm_log_in
from services.identity.usecases.enrol_app import begin_app, confirm_app
from services.identity.usecases.enrol_passkey import add_passkey, offer_passkey
from services.identity.usecases.log_in_with_passkey import log_in_with_passkey
from services.identity.usecases.make_recovery_codes import make_recovery_codes
from services.identity.usecases.proofs import AppCode, PasskeyAnswer, RecoveryCodeTyped, SmsCode
from services.identity.usecases.visitor import Visitor
from tests.identity.device import ORIGIN, Device, Phone

PASSKEYS = WebauthnPasskeys(ORIGIN, name="SmerteReg")


def told(identity):
    return {"messages": identity.messages, "uow": identity.uow}


def factors_of(identity, user_id, *, is_fresh=True):
    given = {"seals": identity.seals, "database": identity.database, "clock": identity.clock}
    return own_factors(user_id, issuer="SmerteReg", is_fresh=is_fresh, **given)


def with_app(identity, done):
    """A phone whose app is the second factor of whoever is logged in; its first code is used up."""
    begin_app(done.sid, **told(identity))
    phone = Phone(factors_of(identity, done.user_id).begun_app.secret)
    confirm_app(done.sid, phone.code(identity.clock.now()), **told(identity))
    return phone


def with_passkey(identity, done, device=None, *, name="Telefonen"):
    """A device that holds a passkey of whoever is logged in."""
    device = device or Device()
    asked = offer_passkey(done.sid, passkeys=PASSKEYS, **told(identity))
    answer = device.create(asked.options)
    add_passkey(done.sid, asked.value, answer, name=name, passkeys=PASSKEYS, **told(identity))
    return device


def with_codes(identity, done):
    """New recovery codes."""
    return make_recovery_codes(done.sid, hasher=identity.hasher, **told(identity))


def asked_second(identity, begun):
    return ask_for_second(begun.attempt, seals=identity.seals, passkeys=PASSKEYS, uow=identity.uow)


def asked_any(identity):
    return ask_for_any(passkeys=PASSKEYS, uow=identity.uow)


def answer_of(device, asked):
    return PasskeyAnswer(asked.value, device.get(asked.options), PASSKEYS)


def confirm(identity, begun, proof, **visitor):
    """The second half of a log-in."""
    given = Visitor(**{"address": "192.0.2.1", **visitor})
    return confirm_log_in(begun.attempt, proof, visitor=given, **told(identity))


def alone(identity, challenge, answer, **visitor):
    """A log-in by a passkey alone."""
    given = Visitor(**{"address": "192.0.2.1", **visitor})
    return log_in_with_passkey(challenge, answer, visitor=given, passkeys=PASSKEYS, **told(identity))


def heard(act, *given, **more):
    """The code of what was refused, or "in"."""
    try:
        act(*given, **more)
    except RuleBroken as broken:
        return broken.code
    return "in"


def typed(identity, kind, text):
    """A code typed for one of the factors."""
    made = {"app": AppCode, "sms": lambda code: SmsCode(code, identity.hasher)}
    return {**made, "recovery": lambda code: RecoveryCodeTyped(code, identity.hasher)}[kind](text)


def amr_of(identity, sid):
    with identity.uow() as store:
        return store.log_ins.sign_on(sid).amr
