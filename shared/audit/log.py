"""Entries of the access and change log, their chain, and the check that nobody touched it."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.audit.chain_sql import chain_statement, open_content
from shared.audit.exact import exact
from shared.audit.tables import AuditTables
from shared.db.direct import run

SYSTEM = "system"  # the role of whoever is no human being
_START = "0" * 64
_ONLY = 1
_DIALECTS: Mapping[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_PAGE = 5000
_BEFORE_ALL = -(2**62)


class Doer(Protocol):
    """Whoever acts, as far as the log asks."""

    @property
    def kind(self) -> StrEnum:
        """Which kind of party."""

    @property
    def actor(self) -> str:
        """Which one."""

    @property
    def role(self) -> str | None:
        """In which role."""

    @property
    def organisation(self) -> int | None:
        """Where."""


class Access(NamedTuple):
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

    @classmethod
    def by(
        cls,
        who: Doer,
        *,
        registry: str | None,
        pid: int | None,
        action: str,
        object: str,  # noqa: A002 - as the field
        reason: str,
        change: Mapping[str, Any] | None = None,
    ) -> Access:
        """What somebody who is logged in does; without a role the kind of party stands for it."""
        role = who.role or who.kind.value
        return cls(who.actor, role, who.organisation, registry, pid, action, object, reason, change=change)

    @classmethod
    def by_system(
        cls,
        actor: str,
        *,
        organisation: int | None = None,
        registry: str | None,
        pid: int | None,
        action: str,
        object: str,  # noqa: A002 - as the field
        reason: str,
        change: Mapping[str, Any] | None = None,
    ) -> Access:
        """What a service does by itself, or another service by its token; `actor` names it."""
        return cls(actor, SYSTEM, organisation, registry, pid, action, object, reason, change=change)


_FIELDS = tuple(name for name in Access._fields if name != "change")


@dataclass(frozen=True)
class Head:
    """The newest entry of a chain: its number and its hash."""

    sequence: int
    hash: str


_NOTHING = Head(0, _START)


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
    connection, statements = session.connection(), _statements(tables)
    if connection.dialect.name == "postgresql":
        return _chained_there(connection, statements, at, entries)
    head = _locked_head(connection, statements)
    rows = []
    for entry in entries:
        row = _row(head.sequence + 1, at, entry)
        head = Head(head.sequence + 1, _hash(head.hash, row))
        rows.append({**row, "hash": head.hash})
    connection.execute(statements.write, rows)
    connection.execute(statements.advance, {"last": head.sequence, "digest": head.hash})
    return head


def verify(session: Session, tables: AuditTables, checkpoint: Head | None = None) -> Verdict:
    """Walk the whole chain; with a checkpoint kept elsewhere also a cut tail or a chain made anew is found."""
    walk, after = _Walk(checkpoint), _BEFORE_ALL
    names = [str(name) for name in tables.log.c.keys()]  # noqa: SIM118 - columns, not a dict
    while True:
        page = select(tables.log).where(tables.log.c.sequence > after).order_by(tables.log.c.sequence).limit(_PAGE)
        for row in session.execute(page):
            if fault := walk.fault_of(dict(zip(names, row, strict=True))):
                return Verdict(walk.head.sequence, walk.head, walk.head.sequence + 1, fault)
        after = walk.head.sequence
        kept, newest = _end(session, tables)
        if newest <= after:
            return walk.verdict(kept)


def export_head(session: Session, tables: AuditTables, path: Path, key: bytes) -> Head:
    """Write the sealed head to a file that lies outside the database."""
    head = _end(session, tables)[0] or _NOTHING
    text = f"{head.sequence} {head.hash}"
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(f"{text} {_seal(text, key)}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return head


def read_head(path: Path, key: bytes) -> Head:
    """The head of a file; raises ValueError when its seal is broken."""
    text, _, seal = path.read_text(encoding="utf-8").strip().rpartition(" ")
    if not hmac.compare_digest(seal.encode(), _seal(text, key).encode()):
        raise ValueError("the seal of the exported head is broken")
    sequence, digest = text.split()
    return Head(int(sequence), digest)


def with_correlation(entries: Iterable[Access], correlation_id: str) -> list[Access]:
    """The entries, each with a correlation id."""
    return [e if e.correlation_id else e._replace(correlation_id=correlation_id) for e in entries]


class _Walk:
    """Follows a chain entry by entry."""

    def __init__(self, checkpoint: Head | None) -> None:
        self.head = _NOTHING
        self._checkpoint = checkpoint
        self._has_seen_checkpoint = checkpoint in {None, _NOTHING}

    def fault_of(self, content: dict[str, Any]) -> str:
        """What is wrong with the next entry; an empty text if nothing is."""
        expected = content.pop("hash")
        if content["sequence"] != self.head.sequence + 1:
            return "an entry is missing" if content["sequence"] > self.head.sequence else "an entry was put in"
        if _hash(self.head.hash, content) != expected:
            return "an entry was changed"
        self.head = Head(content["sequence"], expected)
        if self.head == self._checkpoint:
            self._has_seen_checkpoint = True
        return ""

    def verdict(self, kept: Head | None) -> Verdict:
        """The verdict at the end of the chain; `kept` is the head row of the database."""
        fault = ""
        if not self._has_seen_checkpoint:
            fault = "the chain does not hold the checkpoint"
        elif (kept or _NOTHING) != self.head:
            fault = "the chain does not end at its head"
        return Verdict(self.head.sequence, self.head, self.head.sequence + 1 if fault else None, fault)


def _end(session: Session, tables: AuditTables) -> tuple[Head | None, int]:
    """The head row, and the number of the newest entry, both of the same moment."""
    head, newest = tables.head.c, func.coalesce(func.max(tables.log.c.sequence), 0)
    kept = [select(column).where(head.only == _ONLY).scalar_subquery() for column in (head.sequence, head.hash)]
    row = session.execute(select(*kept, select(newest).scalar_subquery())).one()
    return (None if row[0] is None else Head(row[0], row[1])), row[2]


@dataclass(frozen=True)
class _Statements:
    """What every request runs is built once."""

    lock: Any
    begin: Mapping[str, Any]
    write: Any
    advance: Any
    chain: Any


@cache
def _statements(tables: AuditTables) -> _Statements:
    head = tables.head
    first = {"only": _ONLY, "sequence": _NOTHING.sequence, "hash": _NOTHING.hash}
    return _Statements(
        lock=select(head.c.sequence, head.c.hash).where(head.c.only == _ONLY).with_for_update(),
        begin={name: d.insert(head).values(**first).on_conflict_do_nothing() for name, d in _DIALECTS.items()},
        write=insert(tables.log),
        advance=update(head).where(head.c.only == _ONLY).values(sequence=bindparam("last"), hash=bindparam("digest")),
        chain=chain_statement(tables),
    )


def _chained_there(connection: Connection, statements: _Statements, at: datetime, entries: Sequence[Access]) -> Head:
    moment = at.astimezone(UTC)
    texts = {"texts": orjson.dumps([open_content(_content(entry), moment) for entry in entries]).decode()}
    found = run(connection, statements.chain, texts)
    if not found:
        connection.execute(statements.begin["postgresql"])
        found = run(connection, statements.chain, texts)
    return Head(*found[0])


def _locked_head(connection: Connection, statements: _Statements) -> Head:
    row = connection.execute(statements.lock).one_or_none()
    if row is None:
        connection.execute(statements.begin[connection.dialect.name])
        row = connection.execute(statements.lock).one()
    return Head(row.sequence, row.hash)


def _row(sequence: int, at: datetime, entry: Access) -> dict[str, Any]:
    return {"sequence": sequence, "at": at, **_content(entry)}


def _content(entry: Access) -> dict[str, Any]:
    kind = "access" if entry.change is None else "change"
    return {"kind": kind, **{name: getattr(entry, name) for name in _FIELDS}, "change": exact(entry.change)}


def _seal(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _hash(previous: str, row: Mapping[str, Any]) -> str:
    content = {**row, "at": row["at"].astimezone(UTC).isoformat()}
    return hashlib.sha256(previous.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
