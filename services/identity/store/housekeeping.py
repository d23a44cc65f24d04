"""What is deleted when nobody needs it any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from services.identity.domain.app_codes import BEGUN_LIVES
from services.identity.domain.codes import ATTEMPT_LIVES
from services.identity.domain.sign_on import SIGN_ONS_KEPT
from services.identity.domain.tokens import REFRESH_LIVES
from services.identity.store.factor_tables import AppRow, ChallengeRow
from services.identity.store.log_in_tables import (
    AttemptRow,
    CodeRow,
    CodeSentRow,
    CounterRow,
    DeviceRow,
    NoticeRow,
    RefreshRow,
    RevokedTokenRow,
    SignOnRow,
)
from services.identity.store.tables import Base, MessageRow

# Failures in a row count however far apart they are; a counter nobody touched for a year is left from a mistyped name.
COUNTERS_LIVE = timedelta(days=365)
DEVICES_LIVE = timedelta(days=180)
NOTICES_LIVE = timedelta(days=1)


def purge(session: Session, now: datetime) -> int:
    """Delete what is over; returns how many rows."""
    over: list[tuple[type[Base], ColumnElement[bool]]] = [
        (AttemptRow, AttemptRow.begun_at <= now - ATTEMPT_LIVES),
        (ChallengeRow, ChallengeRow.expires_at <= now),
        (AppRow, AppRow.confirmed_at.is_(None) & (AppRow.begun_at <= now - BEGUN_LIVES)),
        (CodeSentRow, CodeSentRow.sent_at <= now - timedelta(days=1)),
        (CounterRow, CounterRow.last_at <= now - COUNTERS_LIVE),
        (DeviceRow, DeviceRow.used_at <= now - DEVICES_LIVE),
        # Used ones are kept as long as a second use must be noticed.
        (CodeRow, CodeRow.expires_at <= now - REFRESH_LIVES),
        (RefreshRow, RefreshRow.expires_at <= now),
        (RevokedTokenRow, RevokedTokenRow.expires_at <= now),
        (NoticeRow, NoticeRow.created_at <= now - NOTICES_LIVE),
        (MessageRow, MessageRow.useless_after <= now - timedelta(days=1)),
        (SignOnRow, SignOnRow.begun_at <= now - SIGN_ONS_KEPT),
    ]
    return sum(_count(session, table, which) for table, which in over)


def _count(session: Session, table: type[Base], which: ColumnElement[bool]) -> int:
    found = session.execute(delete(table).where(which))
    return int(getattr(found, "rowcount", 0))
