"""Entries of the access and change log, their chain, and the check that nobody touched it."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.audit.tables import AuditTables

_START = "0" * 64
_ONLY = 1


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who did what with a person's data and why. `change` holds old and new values for the change log."""

    actor: str
    role: str
    organisation: int | None
    registry: str | None
    pid: int | None
    action: str
    object: str
    reason: str
    correlation_id: str = ""
    change: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Head:
    """The newest entry of a chain: its number and its hash."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What a check found: `broken_at` is the first entry that does not fit, or None."""

    entries: int
    head: Head
    broken_at: int | None
    explanation: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether the chain is whole."""
        return self.broken_at is None


def append(session: Session, tables: AuditTables, at: datetime, entries: Sequence[Access]) -> Head:
    """Chain entries to the log. Call it last in a transaction: the head's row is locked until the commit."""
    head = _locked_head(session, tables)
    rows = []
    for entry in entries:
        row = _row(head.sequence + 1, at, entry)
        head = Head(head.sequence + 1, _hash(head.hash, row))
        rows.append({**row, "hash": head.hash})
    session.execute(insert(tables.log), rows)
    session.execute(
        update(tables.head).where(tables.head.c.only == _ONLY).values(sequence=head.sequence, hash=head.hash)
    )
    return head


def verify(session: Session, tables: AuditTables, checkpoint: Head | None = None) -> Verdict:
    """Walk the whole chain; with a checkpoint kept elsewhere also a cut tail or a chain made anew is found."""
    query = select(tables.log).order_by(tables.log.c.sequence)
    with closing(session.execute(query.execution_options(yield_per=5000))) as result:
        walked = _walk(result.mappings(), checkpoint)
    return walked if isinstance(walked, Verdict) else _compared(session, tables, *walked)


def _walk(rows: Iterable[Mapping[Any, Any]], checkpoint: Head | None) -> Verdict | tuple[Head, bool]:
    head, seen = Head(0, _START), checkpoint is None
    for row in rows:
        content = {str(name): value for name, value in row.items() if name != "hash"}
        if row["sequence"] != head.sequence + 1:
            return Verdict(head.sequence, head, head.sequence + 1, "an entry is missing")
        if _hash(head.hash, content) != row["hash"]:
            return Verdict(head.sequence, head, row["sequence"], "an entry was changed")
        head = Head(row["sequence"], row["hash"])
        if checkpoint is not None and head.sequence == checkpoint.sequence:
            seen = head.hash == checkpoint.hash
    return head, seen


def export_head(session: Session, tables: AuditTables, path: Path, key: bytes) -> Head:
    """Write the sealed head to a file that lies outside the database."""
    row = session.execute(select(tables.head.c.sequence, tables.head.c.hash)).one_or_none()
    head = Head(row.sequence, row.hash) if row else Head(0, _START)
    text = f"{head.sequence} {head.hash}"
    seal = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{text} {seal}\n", encoding="utf-8")
    fresh.replace(path)
    return head


def read_head(path: Path, key: bytes) -> Head:
    """The head of a file; raises ValueError when its seal is broken."""
    sequence, digest, seal = path.read_text(encoding="utf-8").split()
    expected = hmac.new(key, f"{sequence} {digest}".encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(seal, expected):
        raise ValueError("the seal of the exported head is broken")
    return Head(int(sequence), digest)


def with_correlation(entries: Iterable[Access], correlation_id: str) -> list[Access]:
    """The entries, each with a correlation id."""
    return [e if e.correlation_id else replace(e, correlation_id=correlation_id) for e in entries]


def _compared(session: Session, tables: AuditTables, head: Head, seen: bool) -> Verdict:  # noqa: FBT001 - one answer
    kept = session.execute(select(tables.head.c.sequence, tables.head.c.hash)).one_or_none()
    if not seen:
        return Verdict(head.sequence, head, head.sequence, "the chain does not hold the checkpoint")
    if kept is not None and (kept.sequence, kept.hash) != (head.sequence, head.hash):
        return Verdict(head.sequence, head, head.sequence, "the chain does not end at its head")
    return Verdict(head.sequence, head, None)


def _locked_head(session: Session, tables: AuditTables) -> Head:
    query = select(tables.head.c.sequence, tables.head.c.hash).with_for_update()
    row = session.execute(query).one_or_none()
    if row is None:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        first = dialect.insert(tables.head).values(only=_ONLY, sequence=0, hash=_START).on_conflict_do_nothing()
        session.execute(first)
        row = session.execute(query).one()
    return Head(row.sequence, row.hash)


def _row(sequence: int, at: datetime, entry: Access) -> dict[str, Any]:
    kind = "access" if entry.change is None else "change"
    change = None if entry.change is None else dict(entry.change)
    return {"sequence": sequence, "kind": kind, "at": at, **entry.__dict__, "change": change}


def _hash(previous: str, row: Mapping[str, Any]) -> str:
    content = {**row, "at": row["at"].astimezone(UTC).isoformat()}
    return hashlib.sha256(previous.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
