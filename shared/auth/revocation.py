"""Signed-out users: which tokens and sessions no longer count, told by identity's events or by its feed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, MetaData, Table, select
from sqlalchemy.orm import Session

from shared.db.base import new_metadata, privacy
from shared.db.types import UtcDateTime


def add_tables(metadata: MetaData) -> Table:
    """Add the table `revoked_user` to a service's metadata and return it."""
    return Table(
        "revoked_user",
        metadata,
        Column("user_id", BigInteger, primary_key=True, autoincrement=False, info=privacy("pseudonym")),
        Column("not_before", UtcDateTime, nullable=False, info=privacy("none")),
    )


REVOKED_USER = add_tables(new_metadata())


@dataclass(frozen=True)
class Revocation:
    """Everything issued to `user_id` at `not_before` or earlier is void."""

    user_id: int
    not_before: datetime


def revoke(session: Session, revocation: Revocation) -> None:
    """Store a revocation in the open transaction; an older one than the stored changes nothing."""
    found = not_before(session, revocation.user_id)
    if found is None:
        session.execute(REVOKED_USER.insert().values(user_id=revocation.user_id, not_before=revocation.not_before))
    elif found < revocation.not_before:
        mine = REVOKED_USER.c.user_id == revocation.user_id
        session.execute(REVOKED_USER.update().where(mine).values(not_before=revocation.not_before))


def not_before(session: Session, user_id: int) -> datetime | None:
    """Return the moment up to which the user's tokens are void, or None."""
    found = session.scalar(select(REVOKED_USER.c.not_before).where(REVOKED_USER.c.user_id == user_id))
    return found if isinstance(found, datetime) else None


def is_revoked(issued_at: datetime | None, not_before: datetime | None) -> bool:
    """Tell whether something issued at `issued_at` (None: unknown) is void; the very moment counts as before."""
    return not_before is not None and (issued_at is None or issued_at <= not_before)
