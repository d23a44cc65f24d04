"""Tables of eprom: PID and ids only; answers lie here until registration has stored them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.base import new_metadata, privacy
from shared.db.types import JsonDocument, UtcDateTime
from shared.outbox.tables import add_kit_tables
from shared.scheduling.tables import SERIAL
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
            "state IN ('waiting', 'sent', 'reminded', 'answered', 'stored', 'expired', 'stopped',"
            " 'failed', 'unreachable')",
            name="state_known",
        ),
        CheckConstraint("(state IN ('failed', 'unreachable')) = (code IS NOT NULL)", name="undelivered_has_code"),
        CheckConstraint("state NOT IN ('sent', 'reminded') OR lock_at IS NOT NULL", name="out_has_deadline"),
        Index("ix_form_order_due", "state", "due_at", "order_id"),
        Index("ix_form_order_remind", "state", "remind_at", "order_id"),
        Index("ix_form_order_lock", "state", "lock_at", "order_id"),
        Index("ix_form_order_course", "course_id", "form"),
    )

    order_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    course_id: Mapped[int] = mapped_column(info=NONE)
    pid: Mapped[int] = mapped_column(index=True, info=PSEUDONYM)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    organisation: Mapped[int] = mapped_column(info=NONE)
    form: Mapped[str] = mapped_column(String(20), info=NONE)
    state: Mapped[str] = mapped_column(String(12), info=HEALTH)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    lock_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    reason: Mapped[int | None] = mapped_column(SmallInteger, info=HEALTH)
    code: Mapped[str | None] = mapped_column(String(30), info=HEALTH)
    asked_channel: Mapped[str | None] = mapped_column(String(20), info=NONE)
    channel: Mapped[str | None] = mapped_column(String(20), info=NONE)
    may_return: Mapped[bool] = mapped_column(default=False, info=NONE)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=SECRET)
    queued_on: Mapped[date | None] = mapped_column(info=NONE)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class AnswerRow(Base):
    """What a patient has answered so far. Erased as soon as registration holds it."""

    __tablename__ = "answer"

    order_id: Mapped[str] = mapped_column(
        ForeignKey("form_order.order_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    definition_version: Mapped[int] = mapped_column(info=NONE)
    document: Mapped[dict[str, Any]] = mapped_column(JsonDocument, info=HEALTH)
    skipped: Mapped[list[str] | None] = mapped_column(JsonDocument, info=HEALTH)
    filled_out_by: Mapped[str] = mapped_column(String(10), default="patient", info=HEALTH)
    misfits: Mapped[list[dict[str, str]] | None] = mapped_column(JsonDocument, info=HEALTH)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class CodeRow(Base):
    """A one-time code that was sent for an order; only the newest one counts."""

    __tablename__ = "log_in_code"

    code_id: Mapped[str] = mapped_column(String(36), primary_key=True, info=NONE)
    order_id: Mapped[str] = mapped_column(ForeignKey("form_order.order_id", ondelete="CASCADE"), index=True, info=NONE)
    code_hash: Mapped[str] = mapped_column(String(64), info=SECRET)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    tries: Mapped[int] = mapped_column(SmallInteger, info=NONE)
    is_used: Mapped[bool] = mapped_column(info=NONE)


class SentRow(Base):
    """The ledger: one row for each message a channel has taken. Nobody gets the same message twice."""

    __tablename__ = "sent_message"

    message_id: Mapped[str] = mapped_column(String(36), primary_key=True, info=NONE)
    order_id: Mapped[str] = mapped_column(String(32), index=True, info=NONE)
    kind: Mapped[str] = mapped_column(String(10), info=NONE)
    channel: Mapped[str] = mapped_column(String(20), info=NONE)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class AttemptRow(Base):
    """The reach ledger: one row for each attempt to reach a person, also those that failed."""

    __tablename__ = "reach_attempt"

    attempt_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True, info=NONE)
    order_id: Mapped[str] = mapped_column(String(32), index=True, info=NONE)
    message_id: Mapped[str] = mapped_column(String(36), info=NONE)
    kind: Mapped[str] = mapped_column(String(10), info=NONE)
    channel: Mapped[str] = mapped_column(String(20), info=NONE)
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    outcome: Mapped[str] = mapped_column(String(12), info=HEALTH)
    code: Mapped[str | None] = mapped_column(String(30), info=HEALTH)


class NationalRow(Base):
    """An order placed at the national ePROM; written down before the call, as nobody there can be asked about it."""

    __tablename__ = "national_order"
    __table_args__ = (
        CheckConstraint(
            "standing IN ('asked', 'taken', 'reached', 'unreachable', 'unknown', 'ended')", name="standing_known"
        ),
        CheckConstraint("standing NOT IN ('taken', 'reached') OR form_order_id IS NOT NULL", name="taken_has_id"),
    )

    key: Mapped[str] = mapped_column(String(36), primary_key=True, info=NONE)
    order_id: Mapped[str] = mapped_column(ForeignKey("form_order.order_id", ondelete="CASCADE"), unique=True, info=NONE)
    form_order_id: Mapped[str | None] = mapped_column(String(36), unique=True, info=NONE)
    standing: Mapped[str] = mapped_column(String(12), info=HEALTH)
    channel: Mapped[str | None] = mapped_column(String(20), info=NONE)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class OrdererRow(Base):
    """Another registry that may order forms here. Its key is kept as a hash; with `salt` it is made anew to call."""

    __tablename__ = "orderer"

    name: Mapped[str] = mapped_column(String(60), primary_key=True, info=NONE)
    salt: Mapped[str] = mapped_column(String(32), info=SECRET)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    base_url: Mapped[str] = mapped_column(String(200), info=NONE)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class OutsideRow(Base):
    """What an order of another registry has besides ours; whose it is, only its claim at registration tells."""

    __tablename__ = "outside_order"

    order_id: Mapped[str] = mapped_column(
        ForeignKey("form_order.order_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    form_order_id: Mapped[str] = mapped_column(String(36), unique=True, info=NONE)
    orderer: Mapped[str] = mapped_column(ForeignKey("orderer.name"), index=True, info=NONE)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
