"""The kit's tables as the first migration of every service makes them. Frozen: what migrations did does not change.

A later change of a kit table is a new function, in `kit_tables_v2.py`, that the next migration of each service calls.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.audit.tables import append_only_statements, drop_append_only_statements

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = (
    "outbox",
    "event_log",
    "aggregate_version",
    "inbox",
    "inbox_position",
    "inbox_parked",
    "audit_log",
    "audit_head",
    "job",
    "cron_run",
    "web_session",
    "throttle_counter",
    "idempotency_key",
    "revoked_user",
)


def create_kit_tables() -> None:
    """Make every table of the kit, and let the database refuse changes of the log."""
    _create_outbox()
    _create_event_log()
    _create_inbox()
    _create_audit_log()
    _create_job()
    _create_cron_run()
    _create_web_session()
    _create_web_counters()
    _create_revoked_user()
    for statement in append_only_statements(op.get_bind().dialect.name, "audit_log"):
        op.execute(statement)


def drop_kit_tables() -> None:
    """Take every table of the kit away, with its indexes."""
    for statement in drop_append_only_statements(op.get_bind().dialect.name, "audit_log"):
        op.execute(statement)
    for table in _TABLES:
        op.drop_table(table)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("aggregate", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("time", _MOMENT, nullable=False),
        sa.Column("correlation_id", sa.String(length=64), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0.0, "autovacuum_vacuum_threshold": 2000},
        sqlite_autoincrement=True,
    )
    op.create_table(
        "aggregate_version",
        sa.Column("aggregate", sa.String(length=80), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate", name=op.f("pk_aggregate_version")),
    )


def _create_event_log() -> None:
    op.create_table(
        "event_log",
        sa.Column("position", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("aggregate", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("time", _MOMENT, nullable=False),
        sa.Column("correlation_id", sa.String(length=64), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_event_log")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_log_event_id")),
        sqlite_autoincrement=False,
    )
    op.create_index("ix_event_log_aggregate", "event_log", ["aggregate", "version"])


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("handled_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
    )
    op.create_table(
        "inbox_position",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("aggregate", sa.String(length=80), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "aggregate", name=op.f("pk_inbox_position")),
    )
    op.create_table(
        "inbox_parked",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("aggregate", sa.String(length=80), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("envelope", _JSON, nullable=False),
        sa.Column("parked_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source", "aggregate", "version", name=op.f("pk_inbox_parked")),
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("sequence", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=True),
        sa.Column("registry", sa.String(length=40), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.String(length=64), nullable=False),
        sa.Column("change", _JSON, nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_correlation_id", "audit_log", ["correlation_id"])
    op.create_index("ix_audit_log_pid", "audit_log", ["pid"])
    op.create_table(
        "audit_head",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_audit_head")),
    )


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("job_id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("arguments", _JSON, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("failed_at", _MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    unfinished = sa.text("finished_at IS NULL AND failed_at IS NULL")
    op.create_index("ix_job_due", "job", ["due_at"], sqlite_where=unfinished, postgresql_where=unfinished)


def _create_cron_run() -> None:
    op.create_table(
        "cron_run",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", "due_at", name=op.f("pk_cron_run")),
    )


def _create_web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("provider_sid", sa.String(length=255), nullable=True),
        sa.Column("issued_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_session")),
    )
    op.create_index("ix_web_session_actor", "web_session", ["actor"])
    op.create_index("ix_web_session_provider_sid", "web_session", ["provider_sid"])
    op.create_index("ix_web_session_seen_at", "web_session", ["seen_at"])


def _create_web_counters() -> None:
    op.create_table(
        "throttle_counter",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("resets_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_throttle_counter")),
    )
    op.create_index("ix_throttle_counter_resets_at", "throttle_counter", ["resets_at"])
    op.create_table(
        "idempotency_key",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency_key")),
    )
    op.create_index("ix_idempotency_key_claimed_at", "idempotency_key", ["claimed_at"])


def _create_revoked_user() -> None:
    op.create_table(
        "revoked_user",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_revoked_user")),
    )
