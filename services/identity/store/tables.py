"""Tables of identity. Names, numbers and addresses of staff stand sealed; codes, tokens and counters as hashes only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.store import access_tables, factor_tables, log_in_tables, lost_phone_tables
from services.identity.store.base import CONTACT, FREE_TEXT, KIT, NAME, NONE, PSEUDONYM, SECRET, SERIAL, WEB, Base
from shared.db.types import UtcDateTime

# Whoever imports this module has the whole metadata.
__all__ = ["KIT", "WEB", "Base", "access_tables", "factor_tables", "log_in_tables", "lost_phone_tables"]


class UnitRow(Base):
    """One unit of the organisation tree, by RESH id."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("kind IN ('region', 'organisation', 'clinic', 'department')", name="kind_known"),
        CheckConstraint("(kind = 'region') = (parent IS NULL)", name="only_regions_stand_alone"),
        Index("ix_unit_parent", "parent"),
    )

    resh: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, info=NONE)
    kind: Mapped[str] = mapped_column(String(12), info=NONE)
    name: Mapped[str] = mapped_column(String(200), info=NONE)
    parent: Mapped[int | None] = mapped_column(ForeignKey("unit.resh"), info=NONE)
    is_active: Mapped[bool] = mapped_column(info=NONE)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class ParticipationRow(Base):
    """An organisation that takes part in a registry."""

    __tablename__ = "participation"

    registry_key: Mapped[str] = mapped_column("registry", String(40), primary_key=True, info=NONE)
    organisation: Mapped[int] = mapped_column(ForeignKey("unit.resh"), primary_key=True, info=NONE)


class UserRow(Base):
    """One account. Sealed columns are bound to `user_name_hash`, which never changes."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("status IN ('active', 'deactivated')", name="status_known"),)

    user_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True, info=PSEUDONYM)
    user_name_hash: Mapped[str] = mapped_column(String(64), unique=True, info=PSEUDONYM)
    mobile_hash: Mapped[str] = mapped_column(String(64), unique=True, info=PSEUDONYM)
    email_hash: Mapped[str] = mapped_column(String(64), unique=True, info=PSEUDONYM)
    user_name: Mapped[bytes] = mapped_column(LargeBinary, info=NAME)
    full_name: Mapped[bytes] = mapped_column(LargeBinary, info=NAME)
    mobile: Mapped[bytes] = mapped_column(LargeBinary, info=CONTACT)
    email: Mapped[bytes] = mapped_column(LargeBinary, info=CONTACT)
    position: Mapped[str] = mapped_column(String(30), info=NONE)
    department: Mapped[int | None] = mapped_column(ForeignKey("unit.resh"), info=NONE)
    language: Mapped[str] = mapped_column(String(2), info=NONE)
    status: Mapped[str] = mapped_column(String(12), info=NONE)
    password_hash: Mapped[str] = mapped_column(String(200), info=SECRET)
    password_is_first: Mapped[bool] = mapped_column(info=NONE)
    password_is_used: Mapped[bool] = mapped_column(info=NONE)
    password_set_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    idle_month_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    idle_week_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    closed_because: Mapped[str | None] = mapped_column(String(12), info=NONE)
    digest_on: Mapped[date | None] = mapped_column(info=NONE)


class RoleRow(Base):
    """A role held in a registry and organisation (0: the whole registry), some until `ends_at`; ended ones are kept."""

    __tablename__ = "role_held"
    __table_args__ = (
        CheckConstraint(
            "role IN ('LU', 'LC', 'SC', 'SECRETARIAT', 'MANAGER', 'COUNCIL', 'PVO', 'STATISTICIAN')", name="role_known"
        ),
        CheckConstraint("role NOT IN ('LU', 'LC') OR organisation > 0", name="local_role_has_organisation"),
        Index(
            "uq_role_held_active",
            "user_id",
            "registry",
            "organisation",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_role_held_place", "registry", "organisation"),
    )

    role_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True, info=NONE)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    organisation: Mapped[int] = mapped_column(Integer, info=NONE)
    role: Mapped[str] = mapped_column(String(12), info=NONE)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    granted_by: Mapped[int | None] = mapped_column(BigInteger, info=PSEUDONYM)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    end_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    ended_by: Mapped[int | None] = mapped_column(BigInteger, info=PSEUDONYM)


class ApplicationRow(Base):
    """An application for access. What identifies a new applicant is sealed, and forgotten when it is decided."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'approved', 'rejected')", name="state_known"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_has_moment"),
        CheckConstraint("(state = 'approved') = (role IS NOT NULL)", name="approved_has_role"),
        Index("ix_application_queue", "registry", "organisation", "state"),
    )

    application_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    applicant: Mapped[int | None] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    details: Mapped[bytes | None] = mapped_column(LargeBinary, info=CONTACT)
    user_name_hash: Mapped[str | None] = mapped_column(String(64), info=PSEUDONYM)
    mobile_hash: Mapped[str | None] = mapped_column(String(64), info=PSEUDONYM)
    email_hash: Mapped[str | None] = mapped_column(String(64), info=PSEUDONYM)
    position: Mapped[str] = mapped_column(String(30), info=NONE)
    department: Mapped[int] = mapped_column(ForeignKey("unit.resh"), info=NONE)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    organisation: Mapped[int] = mapped_column(ForeignKey("unit.resh"), info=NONE)
    language: Mapped[str] = mapped_column(String(2), info=NONE)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    state: Mapped[str] = mapped_column(String(10), info=NONE)
    wished_role: Mapped[str | None] = mapped_column(String(12), info=NONE)
    replaces: Mapped[int | None] = mapped_column(BigInteger, info=NONE)
    role: Mapped[str | None] = mapped_column(String(12), info=NONE)
    reason: Mapped[str] = mapped_column(Text, info=FREE_TEXT)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    decided_by: Mapped[int | None] = mapped_column(BigInteger, info=PSEUDONYM)


class MessageRow(Base):
    """An SMS or e-mail on its way: recipient and text sealed, the row deleted as soon as it is sent."""

    __tablename__ = "outgoing_message"
    __table_args__ = (CheckConstraint("kind IN ('sms', 'email')", name="kind_known"),)

    message_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    kind: Mapped[str] = mapped_column(String(5), info=NONE)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=SECRET)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    useless_after: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
