"""What the log tells of the changes to one person's things, oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from shared.audit.tables import AuditTables


class Entry(NamedTuple):
    """One entry of the change log."""

    sequence: int
    at: datetime
    actor: str
    role: str
    action: str
    object: str
    change: Mapping[str, Any]


def changes_of(session: Session, tables: AuditTables, pid: int, beginning: str) -> Sequence[Entry]:
    """The changes to the things of a person whose names begin so, told or not; found by the index of persons."""
    found = session.execute(changes_query(tables), {"pid": pid, "beginning": beginning})
    entries = sorted((Entry(*row) for row in found), key=lambda entry: entry.sequence)
    return [entry._replace(change=entry.change or {}) for entry in entries]


@cache
def changes_query(tables: AuditTables) -> Select[Any]:
    """The question; unsorted, so that no database is led to walk the whole log in its order."""
    log = tables.log.c
    return select(log.sequence, log.at, log.actor, log.role, log.action, log.object, log.change).where(
        log.pid == bindparam("pid"),
        or_(log.kind == "change", log.action == "write"),
        log.object.startswith(bindparam("beginning"), autoescape=False),
    )
