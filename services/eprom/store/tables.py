"""Tables of eprom: PID and ids only; answers lie here until registration has stored them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.base import new_metadata, privacy
from shared.db.types import JsonDocument, UtcDateTime
from shared.outbox.tables import add_kit_tables
from shared.web.tables import add_tables as add_web_tables

NONE, PSEUDONYM, HEALTH, SECRET = privacy("none"), privacy("pseudonym"), privacy("health"), privacy("secret")


class Base(DeclarativeBase):
    """All tables of eprom."""

    metadata = new_metadata()


KIT = add_kit_tables(Base.metadata)
add_web_tables(Base.metadata)


class CourseRow(Base):
    """What orders hang on: facts that registration has told of a course."""

    __tablename__ = "course"

    course_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=NONE)
    pid: Mapped[int] = mapped_column(index=True, info=PSEUDONYM)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    organisation: Mapped[int] = mapped_column(info=NONE)
    included: Mapped[bool | None] = mapped_column(info=HEALTH)
    basis: Mapped[str | None] = mapped_column(String(20), info=NONE)
    course_type: Mapped[int | None] = mapped_column(SmallInteger, info=HEALTH)
    consented: Mapped[bool | None] = mapped_column(info=HEALTH)
    opened_on: Mapped[date | None] = mapped_column(info=HEALTH)
    definitions_on: Mapped[date | None] = mapped_column(info=NONE)
    finalised: Mapped[dict[str, str | None]] = mapped_column(JsonDocument, info=HEALTH)
    closed: Mapped[list[str]] = mapped_column(JsonDocument, info=HEALTH)
    is_stopped: Mapped[bool] = mapped_column(info=HEALTH)


class OrderRow(Base):
    """One patient form ordered for one course."""

    __tablename__ = "form_order"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sent', 'reminded', 'answered', 'stored', 'expired', 'stopped')", name="state_known"
        ),
        CheckConstraint("state NOT IN ('sent', 'reminded') OR lock_at IS NOT NULL", name="out_has_deadline"),
        Index("ix_form_order_due", "state", "due_at"),
        Index("ix_form_order_course", "course_id", "form"),
    )

    order_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    course_id: Mapped[int] = mapped_column(info=NONE)
    pid: Mapped[int] = mapped_column(index=True, info=PSEUDONYM)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    organisation: Mapped[int] = mapped_column(info=NONE)
    form: Mapped[str] = mapped_column(String(20), info=NONE)
    state: Mapped[str] = mapped_column(String(10), info=HEALTH)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    lock_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    reason: Mapped[int | None] = mapped_column(SmallInteger, info=HEALTH)
    asked_channel: Mapped[str | None] = mapped_column(String(20), info=NONE)
    channel: Mapped[str | None] = mapped_column(String(20), info=NONE)
    may_return: Mapped[bool] = mapped_column(default=False, info=NONE)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=SECRET)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class AnswerRow(Base):
    """What a patient has answered so far. Erased as soon as registration holds it."""

    __tablename__ = "answer"

    order_id: Mapped[str] = mapped_column(
        ForeignKey("form_order.order_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    definition_version: Mapped[int] = mapped_column(info=NONE)
    document: Mapped[dict[str, Any]] = mapped_column(JsonDocument, info=HEALTH)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class SentRow(Base):
    """The ledger: one row for each message a channel has taken. Nobody gets the same message twice."""

    __tablename__ = "sent_message"

    message_id: Mapped[str] = mapped_column(String(36), primary_key=True, info=NONE)
    order_id: Mapped[str] = mapped_column(String(32), index=True, info=NONE)
    kind: Mapped[str] = mapped_column(String(10), info=NONE)
    channel: Mapped[str] = mapped_column(String(20), info=NONE)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
