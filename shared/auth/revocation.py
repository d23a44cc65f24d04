"""Signed-out users: which tokens and sessions no longer count, told by identity's events or by its feed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, MetaData, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
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
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(REVOKED_USER).values(user_id=revocation.user_id, not_before=revocation.not_before)
    newer = row.excluded.not_before
    session.execute(
        row.on_conflict_do_update(
            index_elements=[REVOKED_USER.c.user_id],
            set_={"not_before": newer},
            where=newer > REVOKED_USER.c.not_before,
        )
    )


def not_before(session: Session, user_id: int) -> datetime | None:
    """Return the moment up to which the user's tokens are void, or None."""
    found = session.scalar(select(REVOKED_USER.c.not_before).where(REVOKED_USER.c.user_id == user_id))
    return found if isinstance(found, datetime) else None


def newest(session: Session) -> datetime | None:
    """Return the moment of the newest revocation known here, or None."""
    found = session.scalar(select(func.max(REVOKED_USER.c.not_before)))
    return found if isinstance(found, datetime) else None


def is_revoked(issued_at: datetime | None, not_before: datetime | None) -> bool:
    """Tell whether something issued at `issued_at` (None: unknown) is void; the very moment counts as before."""
    return not_before is not None and (issued_at is None or issued_at <= not_before)
