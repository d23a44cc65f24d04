"""Tables of reservation: cases and the block list. No health data; a number only closed, until a letter is out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.base import new_metadata, privacy
from shared.db.types import UtcDateTime
from shared.outbox.tables import add_kit_tables
from shared.web.tables import add_tables as add_web_tables

NONE, PSEUDONYM, FREE_TEXT, NUMBER = (privacy(kind) for kind in ("none", "pseudonym", "free_text", "number"))


class Base(DeclarativeBase):
    """All tables of reservation."""

    metadata = new_metadata()


KIT = add_kit_tables(Base.metadata)
add_web_tables(Base.metadata)


class CaseRow(Base):
    """One case about one right of one person."""

    __tablename__ = "rights_case"
    __table_args__ = (
        CheckConstraint("kind IN ('reservation', 'withdrawal', 'access', 'correction', 'deletion')", name="kind_known"),
        CheckConstraint("state IN ('open', 'waiting', 'closed')", name="state_known"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_moment"),
        CheckConstraint("letter IN ('none', 'due', 'sent', 'refused', 'to_print', 'posted')", name="letter_known"),
        CheckConstraint(
            "(letter IN ('due', 'refused', 'to_print')) = (sealed_number IS NOT NULL)",
            name="number_until_letter_is_out",
        ),
        Index("ix_rights_case_open", "registry", "state", "due_on"),
        Index("ix_rights_case_person", "registry", "person_hash"),
    )

    case_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    person_hash: Mapped[str] = mapped_column(String(64), info=PSEUDONYM)
    kind: Mapped[str] = mapped_column(String(12), info=NONE)
    state: Mapped[str] = mapped_column(String(8), info=NONE)
    channel: Mapped[str] = mapped_column(String(16), info=NONE)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    due_on: Mapped[date] = mapped_column(info=NONE)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    note: Mapped[str] = mapped_column(Text, default="", info=FREE_TEXT)
    language: Mapped[str] = mapped_column(String(2), default="nb", info=NONE)
    letter: Mapped[str] = mapped_column(String(8), default="none", info=NONE)
    sealed_number: Mapped[bytes | None] = mapped_column(LargeBinary, info=NUMBER)


class ReceiptRow(Base):
    """A service has said that it is done with a case; `projects` names deliveries that cannot be called back."""

    __tablename__ = "receipt"

    case_id: Mapped[str] = mapped_column(
        ForeignKey("rights_case.case_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    service: Mapped[str] = mapped_column(String(20), primary_key=True, info=NONE)
    projects: Mapped[str] = mapped_column(Text, default="", info=NONE)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class ReservedRow(Base):
    """The block list: a keyed hash and nothing more."""

    __tablename__ = "reserved_person"

    registry_key: Mapped[str] = mapped_column("registry", String(40), primary_key=True, info=NONE)
    person_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=PSEUDONYM)
    since: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
