"""The log-ins of the own account: those that go on and those of the last 90 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.identity.domain.sign_on import LASTS, SIGN_ONS_KEPT
from services.identity.domain.tokens import token_hash
from services.identity.store.base import WEB
from services.identity.store.log_in_tables import SignOnRow
from shared.db.database import Database
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class OwnSession:
    """One log-in; `handle` names it in forms, `used_at` is when identity heard of it last."""

    handle: str
    is_this: bool
    begun_at: datetime
    used_at: datetime | None
    ended_at: datetime | None
    amr: list[str]
    browser: str | None
    system: str | None

    @property
    def is_live(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None


def own_sessions(user_id: int, sid: str, *, database: Database, clock: Clock) -> list[OwnSession]:
    """The log-ins of a user, the newest first; `sid` is the one that asks."""
    query = select(SignOnRow).where(
        SignOnRow.user_id == user_id, SignOnRow.is_moved.is_(False), SignOnRow.begun_at > clock.now() - SIGN_ONS_KEPT
    )
    with database.reading() as session:
        rows = session.scalars(query.order_by(SignOnRow.begun_at.desc(), SignOnRow.sid)).all()
        seen = _seen(session, user_id)
        return [_shown(row, sid, seen.get(row.sid), clock.now()) for row in rows]


def _seen(session: Session, user_id: int) -> dict[str | None, datetime]:
    """When pages of identity were last looked at, by log-in."""
    pages = WEB.web_session.c
    query = select(pages.provider_sid, func.max(pages.seen_at)).where(pages.user_id == user_id)
    return dict(session.execute(query.group_by(pages.provider_sid)).all())


def _shown(row: SignOnRow, sid: str, seen_at: datetime | None, now: datetime) -> OwnSession:
    over_at = row.begun_at + LASTS
    return OwnSession(
        handle=token_hash(row.sid),
        is_this=row.sid == sid,
        begun_at=row.begun_at,
        # Services fetch tokens now and then.
        used_at=max((moment for moment in (seen_at, row.used_at) if moment is not None), default=None),
        ended_at=row.ended_at or (over_at if over_at <= now else None),
        amr=row.amr.split(),
        browser=row.browser,
        system=row.system,
    )
