"""What somebody's own pages show: the state of the log-in, the roles to choose from, the own account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.domain.account import Status
from services.identity.domain.contact import shortened_mobile
from services.identity.domain.sign_on import SignOn
from services.identity.store.log_in_tables import SignOnRow
from services.identity.store.log_ins import sign_on_of
from services.identity.store.seals import Seals
from services.identity.store.tables import RoleRow, UnitRow, UserRow
from services.identity.store.units import Units
from shared.auth.revocation import not_before
from shared.db.database import Database
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class OwnLogIn:
    """The log-in behind a session of these pages."""

    sid: str = field(repr=False)
    user_id: int
    name: str = field(repr=False)
    language: str
    sign_on: SignOn
    role_id: int | None
    not_before: datetime | None


@dataclass(frozen=True, kw_only=True)
class RoleChoice:
    """One line of the project overview; `organisation` is None for a role in the whole registry."""

    role_id: int
    registry: str
    organisation: int | None
    organisation_name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class OwnAccount:
    """What "Min side" shows."""

    user_name: str = field(repr=False)
    full_name: str = field(repr=False)
    mobile: str = field(repr=False)
    email: str = field(repr=False)
    position: str
    work_place: list[str]
    language: str


def own_log_in(sid: str, *, seals: Seals, database: Database) -> OwnLogIn | None:
    """The log-in with this id; None if it is unknown or its account is switched off."""
    with database.reading() as session:
        row = session.get(SignOnRow, sid)
        user = session.get(UserRow, row.user_id) if row is not None else None
        if row is None or user is None or user.status != Status.ACTIVE:
            return None
        role_id = row.role_id if _is_held(session, row.role_id) else None
        return OwnLogIn(
            sid=sid,
            user_id=user.user_id,
            name=seals.name_of(user),
            language=user.language,
            sign_on=sign_on_of(row, must_replace_password=user.password_is_first, has_choice=role_id is not None),
            role_id=role_id,
            not_before=not_before(session, user.user_id),
        )


def own_roles(user_id: int, *, database: Database) -> list[RoleChoice]:
    """The roles a user may choose from."""
    query = (
        select(RoleRow, UnitRow.name)
        .outerjoin(UnitRow, UnitRow.resh == RoleRow.organisation)
        .where(RoleRow.user_id == user_id, RoleRow.ended_at.is_(None))
        .order_by(RoleRow.registry_key, UnitRow.name, RoleRow.role)
    )
    with database.reading() as session:
        return [
            RoleChoice(
                role_id=row.role_id,
                registry=row.registry_key,
                organisation=row.organisation or None,
                organisation_name=name or "",
                role=row.role,
            )
            for row, name in session.execute(query)
        ]


def own_account(user_id: int, *, seals: Seals, database: Database, clock: Clock) -> OwnAccount:
    """The own account."""
    with database.reading() as session:
        user = session.get_one(UserRow, user_id)
        tree = Units(session, clock.now()).tree()
    details = seals.details_of(user)
    return OwnAccount(
        user_name=details.user_name,
        full_name=details.full_name,
        mobile=shortened_mobile(details.mobile),
        email=details.email,
        position=user.position,
        work_place=[unit.name for unit in tree.path(user.department)] if user.department is not None else [],
        language=user.language,
    )


def _is_held(session: Session, role_id: int | None) -> bool:
    row = session.get(RoleRow, role_id) if role_id is not None else None
    return row is not None and row.ended_at is None
