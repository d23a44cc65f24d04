"""Tables of administration: the yearly reviews of who has access, and access given in an emergency."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.store.base import FREE_TEXT, NONE, PSEUDONYM, SERIAL, Base
from shared.db.types import UtcDateTime


class ReviewRow(Base):
    """A yearly review of the roles of one organisation; one at a time is open."""

    __tablename__ = "access_review"
    __table_args__ = (
        Index(
            "uq_access_review_open",
            "registry",
            "organisation",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    review_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True, info=NONE)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    organisation: Mapped[int] = mapped_column(ForeignKey("unit.resh"), info=NONE)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    reminders: Mapped[int] = mapped_column(Integer, info=NONE)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class ReviewLineRow(Base):
    """One role in a review, and what became of it."""

    __tablename__ = "access_review_line"
    __table_args__ = (
        CheckConstraint("verdict IN ('confirmed', 'removed', 'unconfirmed')", name="verdict_known"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="verdict_has_moment"),
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("access_review.review_id"), primary_key=True, info=NONE)
    role_id: Mapped[int] = mapped_column(ForeignKey("role_held.role_id"), primary_key=True, info=NONE)
    verdict: Mapped[str | None] = mapped_column(String(12), info=NONE)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    decided_by: Mapped[int | None] = mapped_column(BigInteger, info=PSEUDONYM)


class EmergencyRow(Base):
    """A role that a coordinator gave at once for a short time, and what a national coordinator said of it after."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        CheckConstraint("verdict IN ('approved', 'not_approved')", name="verdict_known"),
        CheckConstraint("(verdict IS NULL) = (judged_at IS NULL)", name="verdict_has_moment"),
    )

    role_id: Mapped[int] = mapped_column(ForeignKey("role_held.role_id"), primary_key=True, info=NONE)
    reason: Mapped[str] = mapped_column(Text, info=FREE_TEXT)
    verdict: Mapped[str | None] = mapped_column(String(12), info=NONE)
    remark: Mapped[str] = mapped_column(Text, info=FREE_TEXT)
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    judged_by: Mapped[int | None] = mapped_column(BigInteger, info=PSEUDONYM)
