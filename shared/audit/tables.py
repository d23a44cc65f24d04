"""Tables of the access log, the change log and the head of their chain."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

from shared.db.base import privacy
from shared.db.types import JsonDocument, UtcDateTime

NONE, PSEUDONYM, HEALTH = privacy("none"), privacy("pseudonym"), privacy("health")

_SQLITE_REFUSAL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"""
_POSTGRESQL_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"""
_SQLITE_VERBS = ("UPDATE", "DELETE")
_AUDIT_LOG = "audit_log"


@dataclass(frozen=True)
class AuditTables:
    """The tables of one service. Entries of both kinds lie in one chain, in `audit_log`."""

    log: Table
    head: Table


def add_tables(metadata: MetaData) -> AuditTables:
    """Add the tables to a service's metadata."""
    log = Table(
        _AUDIT_LOG,
        metadata,
        Column(
            "sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False, info=NONE
        ),
        Column("kind", String(8), nullable=False, info=NONE),
        Column("at", UtcDateTime, nullable=False, info=NONE),
        Column("actor", String(80), nullable=False, info=NONE),
        Column("role", String(20), nullable=False, info=NONE),
        Column("organisation", Integer, info=NONE),
        Column("registry", String(40), info=NONE),
        Column("pid", Integer, index=True, info=PSEUDONYM),
        Column("action", String(12), nullable=False, info=NONE),
        Column("object", String(120), nullable=False, info=NONE),
        Column("reason", Text, nullable=False, info=NONE),
        Column("correlation_id", String(64), nullable=False, index=True, info=NONE),
        Column("change", JsonDocument, info=HEALTH),
        Column("hash", String(64), nullable=False, info=NONE),
    )
    head = Table(
        "audit_head",
        metadata,
        Column("only", Integer, primary_key=True, autoincrement=False, info=NONE),
        Column("sequence", BigInteger, nullable=False, info=NONE),
        Column("hash", String(64), nullable=False, info=NONE),
    )
    return AuditTables(log, head)


def append_only_statements(dialect: str, table: str = _AUDIT_LOG) -> list[str]:
    """Statements for a migration: the database itself refuses to change or delete a row of the table."""
    if dialect == "sqlite":
        return [_SQLITE_REFUSAL.format(table=table, verb=verb) for verb in _SQLITE_VERBS]
    return [_POSTGRESQL_FUNCTION.format(table=table), _POSTGRESQL_TRIGGER.format(table=table)]


def drop_append_only_statements(dialect: str, table: str = _AUDIT_LOG) -> list[str]:
    """Statements for the way back of a migration."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for verb in _SQLITE_VERBS]
    return [f"DROP TRIGGER {table}_append_only ON {table}", f"DROP FUNCTION {table}_refuse()"]
