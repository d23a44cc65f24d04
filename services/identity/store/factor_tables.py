"""Tables of second factors beside SMS: authenticator apps, passkeys and their challenges, recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.store.base import FREE_TEXT, NONE, PSEUDONYM, SECRET, SERIAL, Base
from shared.db.types import UtcDateTime


class AppRow(Base):
    """The authenticator app of a user; it counts from `confirmed_at` on. `last_step` is the time step used last."""

    __tablename__ = "authenticator_app"
    __table_args__ = (CheckConstraint("confirmed_at IS NULL OR last_step IS NOT NULL", name="confirmed_by_a_code"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), primary_key=True, info=PSEUDONYM)
    secret: Mapped[bytes] = mapped_column(LargeBinary, info=SECRET)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    last_step: Mapped[int | None] = mapped_column(BigInteger, info=NONE)


class PasskeyRow(Base):
    """A passkey of a user, id and key in hex; the name is the user's own, sealed and bound to `credential_hash`."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_user", "user_id"),)

    passkey_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True, info=NONE)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True, info=PSEUDONYM)
    credential_id: Mapped[str] = mapped_column(Text, info=PSEUDONYM)
    public_key: Mapped[str] = mapped_column(Text, info=PSEUDONYM)
    sign_count: Mapped[int] = mapped_column(BigInteger, info=NONE)
    transports: Mapped[str] = mapped_column(String(100), info=NONE)
    name: Mapped[bytes] = mapped_column(LargeBinary, info=FREE_TEXT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class ChallengeRow(Base):
    """A challenge a passkey is to sign: once, for one purpose; `user_id` is empty where the passkey tells who it is."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (
        CheckConstraint("purpose IN ('enrol', 'second', 'alone')", name="purpose_known"),
        CheckConstraint("(purpose = 'alone') = (user_id IS NULL)", name="alone_names_nobody"),
        Index("ix_passkey_challenge_expires_at", "expires_at"),
    )

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SECRET)
    purpose: Mapped[str] = mapped_column(String(10), info=NONE)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class RecoveryCodeRow(Base):
    """One recovery code of a user, by slow hash; `number` is its first digit, which finds it."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "number"),)

    code_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True, info=NONE)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    number: Mapped[int] = mapped_column(Integer, info=NONE)
    code_hash: Mapped[str] = mapped_column(String(200), info=SECRET)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
