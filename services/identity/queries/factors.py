"""What a user has beside the password: for the second step of a log-in, and for the user's own security page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from services.identity.domain.app_codes import app_address, may_be_confirmed
from services.identity.domain.contact import shortened_mobile
from services.identity.domain.factors import Method
from services.identity.store.factor_tables import AppRow, PasskeyRow
from services.identity.store.factors import Factors
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.seals import Seals
from services.identity.store.tables import UserRow
from shared.db.database import Database
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What the second step of a log-in offers, the strongest first; `mobile` is shortened."""

    mobile: str = field(repr=False)
    methods: list[Method]
    is_sms_sent: bool


@dataclass(frozen=True, kw_only=True)
class OwnPasskey:
    """A passkey as its owner sees it."""

    passkey_id: int
    name: str = field(repr=False)
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BegunApp:
    """An app that waits for its first code: the secret as text, and the address that the QR code holds."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OwnFactors:
    """What the security page shows; `begun_app` only to somebody who has just proved who they are."""

    mobile: str = field(repr=False)
    app_since: datetime | None
    begun_app: BegunApp | None
    passkeys: list[OwnPasskey]
    codes_left: int


def offered_factors(attempt_hash: str, *, seals: Seals, database: Database, clock: Clock) -> Offered | None:
    """The ways to go on with an attempt; None if it is gone."""
    with database.reading() as session:
        row = session.get(AttemptRow, attempt_hash)
        if row is None or row.is_done:
            return None
        has = _held(session, row.user_id, clock.now())
        return Offered(
            mobile=_mobile(session, row.user_id, seals),
            methods=[method for method in Method if method is Method.SMS or method in has],
            is_sms_sent=row.code_hash is not None,
        )


def own_factors(
    user_id: int, *, issuer: str, is_fresh: bool, seals: Seals, database: Database, clock: Clock
) -> OwnFactors:
    """A user's factors; `issuer` is what the app shall call us."""
    with database.reading() as session:
        app, factors = session.get(AppRow, user_id), Factors(session, clock.now())
        is_begun = app is not None and app.confirmed_at is None and may_be_confirmed(app.begun_at, clock.now())
        return OwnFactors(
            mobile=_mobile(session, user_id, seals),
            app_since=app.confirmed_at if app is not None else None,
            begun_app=_begun(session, app, issuer, seals) if app is not None and is_begun and is_fresh else None,
            passkeys=[_passkey(row, seals) for row in factors.passkeys(user_id)],
            codes_left=factors.codes_left(user_id),
        )


def has_other_than_sms(user_id: int, *, database: Database, clock: Clock) -> bool:
    """Tell whether no code is sent to the user unasked."""
    with database.reading() as session:
        return Factors(session, clock.now()).has_other_than_sms(user_id)


def codes_left(user_id: int, *, database: Database, clock: Clock) -> int:
    """How many recovery codes a user has not used."""
    with database.reading() as session:
        return Factors(session, clock.now()).codes_left(user_id)


def _held(session: Session, user_id: int, now: datetime) -> set[Method]:
    factors, app = Factors(session, now), session.get(AppRow, user_id)
    is_there = {
        Method.PASSKEY: bool(factors.passkeys(user_id)),
        Method.APP: app is not None and app.confirmed_at is not None,
        Method.RECOVERY: factors.codes_left(user_id) > 0,
    }
    return {method for method, there in is_there.items() if there}


def _begun(session: Session, app: AppRow, issuer: str, seals: Seals) -> BegunApp:
    account = seals.details_of(session.get_one(UserRow, app.user_id)).user_name
    secret = seals.open_app_secret(app.secret, user_id=app.user_id)
    return BegunApp(secret=secret, address=app_address(secret, account=account, issuer=issuer))


def _passkey(row: PasskeyRow, seals: Seals) -> OwnPasskey:
    name = seals.open_passkey_name(row.name, credential_hash=row.credential_hash)
    return OwnPasskey(passkey_id=row.passkey_id, name=name, created_at=row.created_at, used_at=row.used_at)


def _mobile(session: Session, user_id: int, seals: Seals) -> str:
    return shortened_mobile(seals.details_of(session.get_one(UserRow, user_id)).mobile)
