"""Tables of the web kit: sessions, counters against overuse, and answers kept for repeated requests."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table

from shared.auth import revocation
from shared.db.base import new_metadata, privacy
from shared.db.types import JsonDocument, UtcDateTime


@dataclass(frozen=True)
class WebTables:
    """The tables every service with a web door has in its own database."""

    web_session: Table
    throttle_counter: Table
    idempotency_key: Table
    revoked_user: Table


def add_tables(metadata: MetaData) -> WebTables:
    """Add all tables of the web kit to a service's metadata and return them."""
    return WebTables(
        web_session=_web_session(metadata),
        throttle_counter=_throttle_counter(metadata),
        idempotency_key=_idempotency_key(metadata),
        revoked_user=revocation.add_tables(metadata),
    )


def _web_session(metadata: MetaData) -> Table:
    return Table(
        "web_session",
        metadata,
        Column("id_hash", String(64), primary_key=True, info=privacy("secret")),
        Column("actor", String(200), info=privacy("pseudonym")),
        Column("user_id", BigInteger, info=privacy("pseudonym")),
        Column("provider_sid", String(255), info=privacy("secret")),
        Column("issued_at", UtcDateTime, info=privacy("none")),
        Column("created_at", UtcDateTime, nullable=False, info=privacy("none")),
        Column("seen_at", UtcDateTime, nullable=False, info=privacy("none")),
        Column("content", JsonDocument, nullable=False, info=privacy("secret")),
        Index("ix_web_session_actor", "actor"),
        Index("ix_web_session_provider_sid", "provider_sid"),
        Index("ix_web_session_seen_at", "seen_at"),
    )


def _throttle_counter(metadata: MetaData) -> Table:
    return Table(
        "throttle_counter",
        metadata,
        Column("key_hash", String(64), primary_key=True, info=privacy("secret")),
        Column("hits", Integer, nullable=False, info=privacy("none")),
        Column("resets_at", UtcDateTime, nullable=False, info=privacy("none")),
        Index("ix_throttle_counter_resets_at", "resets_at"),
    )


def _idempotency_key(metadata: MetaData) -> Table:
    return Table(
        "idempotency_key",
        metadata,
        Column("key_hash", String(64), primary_key=True, info=privacy("secret")),
        Column("fingerprint", String(64), nullable=False, info=privacy("secret")),
        Column("claim", String(32), nullable=False, info=privacy("none")),
        Column("state", String(10), nullable=False, info=privacy("none")),
        Column("claimed_at", UtcDateTime, nullable=False, info=privacy("none")),
        Column("sealed_answer", LargeBinary, info=privacy("secret")),
        Index("ix_idempotency_key_claimed_at", "claimed_at"),
    )


WEB = add_tables(new_metadata())
