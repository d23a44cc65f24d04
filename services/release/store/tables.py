"""Tables of release: applications, votes, steps and deliveries. No identities of registered persons, no health data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.base import new_metadata, privacy
from shared.db.types import JsonDocument, UtcDateTime
from shared.outbox.tables import add_kit_tables
from shared.web.tables import add_tables as add_web_tables

NONE, FREE_TEXT = privacy("none"), privacy("free_text")


class Base(DeclarativeBase):
    """All tables of release."""

    metadata = new_metadata()


KIT = add_kit_tables(Base.metadata)
add_web_tables(Base.metadata)


class ApplicationRow(Base):
    """One application for data. `applicant` is the pairwise subject of the log-in, not a name."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("kind IN ('own_hospital', 'several_hospitals', 'aggregated', 'research')", name="kind_known"),
        CheckConstraint(
            "state IN ('draft', 'received', 'clarification', 'voting', 'approved', 'rejected')", name="state_known"
        ),
        CheckConstraint("state = 'draft' OR received_on IS NOT NULL", name="received_has_day"),
        CheckConstraint("(state IN ('approved', 'rejected')) = (decided_on IS NOT NULL)", name="decided_has_day"),
    )

    application_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    applicant: Mapped[str] = mapped_column(String(120), index=True, info=NONE)
    kind: Mapped[str] = mapped_column(String(20), info=NONE)
    state: Mapped[str] = mapped_column(String(16), info=NONE)
    title: Mapped[str] = mapped_column(String(200), info=FREE_TEXT)
    content: Mapped[dict[str, Any]] = mapped_column(JsonDocument, info=FREE_TEXT)
    has_rec_approval: Mapped[bool] = mapped_column(info=NONE)
    is_commercial: Mapped[bool] = mapped_column(info=NONE)
    received_on: Mapped[date | None] = mapped_column(info=NONE)
    decided_on: Mapped[date | None] = mapped_column(info=NONE)
    reason: Mapped[str] = mapped_column(Text, default="", info=FREE_TEXT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class VoteRow(Base):
    """One council member's vote."""

    __tablename__ = "vote"

    application_id: Mapped[str] = mapped_column(
        ForeignKey("application.application_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    member: Mapped[str] = mapped_column(String(80), primary_key=True, info=NONE)
    choice: Mapped[str] = mapped_column(String(10), info=NONE)
    comment: Mapped[str] = mapped_column(Text, default="", info=FREE_TEXT)
    voted_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class StepRow(Base):
    """One line of an application's timeline: what was done, when, and by whom."""

    __tablename__ = "step"

    step_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True, info=NONE)
    application_id: Mapped[str] = mapped_column(
        ForeignKey("application.application_id", ondelete="CASCADE"), index=True, info=NONE
    )
    step: Mapped[str] = mapped_column(String(30), info=NONE)
    actor: Mapped[str] = mapped_column(String(140), info=NONE)
    role: Mapped[str] = mapped_column(String(20), info=NONE)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class DeliveryRow(Base):
    """One delivery of an approved application. `extract_id` changes each time the extract is made anew.

    `expires_at` ends the file that nobody has downloaded, `use_until` the right to use one that was.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'failed', 'ready', 'approved', 'downloaded', 'expired', 'withdrawn')",
            name="state_known",
        ),
    )

    delivery_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.application_id"), index=True, info=NONE)
    project_id: Mapped[str] = mapped_column(String(32), info=NONE)
    extract_id: Mapped[str] = mapped_column(String(32), unique=True, info=NONE)
    recipient: Mapped[str] = mapped_column(String(120), info=NONE)
    order: Mapped[dict[str, Any]] = mapped_column("ordered", JsonDocument, info=NONE)
    state: Mapped[str] = mapped_column(String(12), info=NONE)
    persons: Mapped[int | None] = mapped_column(Integer, info=NONE)
    rows: Mapped[int | None] = mapped_column(Integer, info=NONE)
    smallest_cell: Mapped[int | None] = mapped_column(Integer, info=NONE)
    sha256: Mapped[str | None] = mapped_column(String(64), info=NONE)
    failure: Mapped[str | None] = mapped_column(String(40), info=NONE)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    use_until: Mapped[date] = mapped_column(info=NONE)
    use_ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    downloaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class ApprovalRow(Base):
    """One person has approved a delivery as it is now."""

    __tablename__ = "approval"

    delivery_id: Mapped[str] = mapped_column(
        ForeignKey("delivery.delivery_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    approved_by: Mapped[str] = mapped_column(String(80), primary_key=True, info=NONE)
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
