"""Entries chained by PostgreSQL itself: lock, hash, write and advance in one statement."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, text

from shared.audit.tables import AuditTables

# The number of an entry is the last name of its sorted content, so the database can put it behind the rest.
NUMBER = ',"sequence":'
_COLUMNS = {
    "kind": "text",
    "at": "timestamptz",
    "actor": "text",
    "role": "text",
    "organisation": "int",
    "registry": "text",
    "pid": "int",
    "action": "text",
    "object": "text",
    "reason": "text",
    "correlation_id": "text",
    "change": "jsonb",
}


def open_content(content: dict[str, Any], at: datetime) -> str:
    """The hashed text of an entry that has no number yet, up to the place of its number."""
    dumped = orjson.dumps({**content, "at": at.isoformat()}, option=orjson.OPT_SORT_KEYS).decode()
    return dumped[:-1] + NUMBER


def chain_statement(tables: AuditTables) -> TextClause:
    """A statement that takes `:texts`, a JSON list of open contents, and gives the new head."""
    log, head = tables.log.name, tables.head.name
    names = ", ".join(_COLUMNS)
    values = ", ".join(f"r.{name}" for name in _COLUMNS)
    types = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    return text(
        f"WITH RECURSIVE p AS MATERIALIZED (SELECT CAST(:texts AS jsonb) AS texts),"  # noqa: S608 - our own names
        f' h AS MATERIALIZED (SELECT sequence, hash FROM {head} WHERE "only" = 1 FOR UPDATE),'
        f" c (n, sequence, content, hash) AS (SELECT 0, sequence, '', CAST(hash AS text) FROM h UNION ALL"
        f" SELECT c.n + 1, c.sequence + 1, e.content, encode(sha256(convert_to(c.hash || e.content, 'UTF8')), 'hex')"
        f" FROM c, p, LATERAL (SELECT (p.texts ->> c.n) || (c.sequence + 1) || '}}' AS content) AS e"
        f" WHERE c.n < jsonb_array_length(p.texts)),"
        f" w AS (INSERT INTO {log} (sequence, {names}, hash) SELECT c.sequence, {values}, c.hash"
        f" FROM c, jsonb_to_record(CAST(c.content AS jsonb)) AS r ({types}) WHERE c.n > 0)"
        f" UPDATE {head} SET sequence = l.sequence, hash = l.hash"
        f' FROM (SELECT sequence, hash FROM c ORDER BY n DESC LIMIT 1) AS l WHERE "only" = 1'
        f" RETURNING {head}.sequence, {head}.hash"
    )
