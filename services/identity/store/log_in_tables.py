"""Tables of log-ins: attempts and their codes, counters, known devices, and what clients were given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.store.base import CONTACT, NONE, PSEUDONYM, SECRET, SERIAL, Base
from shared.db.types import UtcDateTime


class AttemptRow(Base):
    """Something that waits for its one-time code: a log-in, a step-up, a link, a `wanted` number or address."""

    __tablename__ = "log_in_attempt"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('log_in', 'step_up', 'link', 'password', 'mobile', 'email')", name="purpose_known"
        ),
        CheckConstraint("(purpose IN ('mobile', 'email')) = (wanted IS NOT NULL)", name="contact_is_wanted"),
        CheckConstraint("tries BETWEEN 0 AND 5", name="at_most_five_tries"),
        Index("ix_log_in_attempt_begun_at", "begun_at"),
    )

    attempt_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SECRET)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    purpose: Mapped[str] = mapped_column(String(10), info=NONE)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    tries: Mapped[int] = mapped_column(Integer, info=NONE)
    code_hash: Mapped[str | None] = mapped_column(String(200), info=SECRET)
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    is_done: Mapped[bool] = mapped_column(info=NONE)
    password_hash: Mapped[str] = mapped_column(String(200), info=SECRET)
    wanted: Mapped[bytes | None] = mapped_column(LargeBinary, info=CONTACT)


class CodeSentRow(Base):
    """One SMS with a code, for the limits an hour and a day."""

    __tablename__ = "code_sent"
    __table_args__ = (Index("ix_code_sent_user", "user_id", "sent_at"),)

    code_sent_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True, info=NONE)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class CounterRow(Base):
    """Failed tries in a row of one account, device, address or of one account's codes, by keyed hash."""

    __tablename__ = "guess_counter"
    __table_args__ = (Index("ix_guess_counter_last_at", "last_at"),)

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SECRET)
    failures: Mapped[int] = mapped_column(Integer, info=NONE)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class DeviceRow(Base):
    """A browser in which a user has logged in before."""

    __tablename__ = "known_device"

    device_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SECRET)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), primary_key=True, info=PSEUDONYM)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class SignOnRow(Base):
    """One log-in; `role_id` is the registry, organisation and role chosen in it, `amr` how the user proved it.

    A log-in that goes on in another role goes on in another row; `is_moved` marks the one it has left.
    """

    __tablename__ = "sign_on"
    __table_args__ = (Index("ix_sign_on_user", "user_id"), Index("ix_sign_on_begun_at", "begun_at"))

    sid: Mapped[str] = mapped_column(String(43), primary_key=True, info=SECRET)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), info=PSEUDONYM)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    authenticated_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.role_id"), info=NONE)
    amr: Mapped[str] = mapped_column(String(60), info=NONE)
    browser: Mapped[str | None] = mapped_column(String(20), info=NONE)
    system: Mapped[str | None] = mapped_column(String(20), info=NONE)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    is_moved: Mapped[bool] = mapped_column(default=False, info=NONE)


class ClientSessionRow(Base):
    """A client that was given tokens in a log-in, and is told when the log-in ends."""

    __tablename__ = "client_session"

    sid: Mapped[str] = mapped_column(ForeignKey("sign_on.sid", ondelete="CASCADE"), primary_key=True, info=SECRET)
    client_id: Mapped[str] = mapped_column(String(40), primary_key=True, info=NONE)


class CodeRow(Base):
    """An authorization code: one minute, once; `family` ties it to the refresh tokens made from it."""

    __tablename__ = "authorization_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SECRET)
    family: Mapped[str] = mapped_column(String(32), unique=True, info=NONE)
    client_id: Mapped[str] = mapped_column(String(40), info=NONE)
    redirect_uri: Mapped[str] = mapped_column(String(2000), info=NONE)
    scope: Mapped[str] = mapped_column(String(200), info=NONE)
    nonce: Mapped[str] = mapped_column(String(2000), info=SECRET)
    challenge: Mapped[str] = mapped_column(String(128), info=SECRET)
    sid: Mapped[str] = mapped_column(ForeignKey("sign_on.sid", ondelete="CASCADE"), info=SECRET)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class RefreshRow(Base):
    """A refresh token: used once for the next of its family."""

    __tablename__ = "refresh_token"
    __table_args__ = (Index("ix_refresh_token_family", "family"), Index("ix_refresh_token_sid", "sid"))

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SECRET)
    family: Mapped[str] = mapped_column(String(32), info=NONE)
    client_id: Mapped[str] = mapped_column(String(40), info=NONE)
    scope: Mapped[str] = mapped_column(String(200), info=NONE)
    sid: Mapped[str] = mapped_column(ForeignKey("sign_on.sid", ondelete="CASCADE"), info=SECRET)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class RevokedTokenRow(Base):
    """The id of what counts no more: a token handed back, a family that was ended, an assertion that was used."""

    __tablename__ = "revoked_token"

    token_id: Mapped[str] = mapped_column(String(64), primary_key=True, info=SECRET)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class NoticeRow(Base):
    """A client still to be told that a log-in is over (back-channel log-out)."""

    __tablename__ = "log_out_notice"

    notice_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    client_id: Mapped[str] = mapped_column(String(40), info=NONE)
    sid: Mapped[str] = mapped_column(String(43), info=SECRET)
    user_id: Mapped[int] = mapped_column(BigInteger, info=PSEUDONYM)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class UpstreamLinkRow(Base):
    """A user's proof that an account at an upstream log-in provider is theirs, by keyed hash of issuer and subject."""

    __tablename__ = "upstream_link"

    subject_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=PSEUDONYM)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), unique=True, info=PSEUDONYM)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
