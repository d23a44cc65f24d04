"""The inbox's statements: a whole batch in one round trip, given as JSON, which is cheaper to write than arrays."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from shared.db.direct import run
from shared.db.types import UtcDateTime

Key = tuple[str, str]  # producer and aggregate
Opened = tuple[dict[Key, int], set[str]]

_ADD_IDS = "INSERT INTO inbox (event_id, handled_at) SELECT {ids} ON CONFLICT DO NOTHING RETURNING event_id"
_MOVE = (
    "INSERT INTO inbox_position (source, aggregate, version) SELECT {rows}"
    " ON CONFLICT (source, aggregate) DO UPDATE SET version = excluded.version"
)


def _timed(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("now", type_=UtcDateTime))


class PostgresqlInbox:
    """Rows of positions are locked, also those that were not there yet."""

    _keys = "jsonb_to_recordset(CAST(:keys AS jsonb)) AS k(source text, aggregate text)"
    _ids = "jsonb_array_elements_text(CAST(:ids AS jsonb))"
    _add_ids = _timed(_ADD_IDS.format(ids=f"{_ids}, :now"))
    _drop_ids = text(f"DELETE FROM inbox WHERE event_id IN (SELECT {_ids})")  # noqa: S608 - fixed texts
    # Writing a row's old version locks the row and reads what was committed last: one round trip instead of three.
    _open = _timed(
        "WITH p AS (INSERT INTO inbox_position (source, aggregate, version)"  # noqa: S608 - fixed texts
        f" SELECT source, aggregate, 0 FROM {_keys} ORDER BY source, aggregate ON CONFLICT (source, aggregate)"
        " DO UPDATE SET version = inbox_position.version RETURNING source, aggregate, version),"
        f" i AS ({_ADD_IDS.format(ids=f'{_ids}, :now')})"
        " SELECT (SELECT json_agg(json_build_array(source, aggregate, version)) FROM p) AS positions,"
        " (SELECT json_agg(event_id) FROM i) AS fresh"
    )
    _parked = text(f"SELECT source, aggregate, version FROM inbox_parked JOIN {_keys} USING (source, aggregate)")  # noqa: S608
    _move = text(
        _MOVE.format(
            rows="* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(source text, aggregate text, version bigint)"
        )
    )

    def open(self, session: Session, keys: Sequence[Key], ids: Iterable[str], now: datetime) -> Opened:
        """Lock and read the positions of the aggregates and remember ids; returns which of them were new."""
        given = {"keys": _json(_named(keys)), "ids": _json(sorted(ids)), "now": now}
        ((positions, fresh),) = run(session.connection(), self._open, given)
        return {(source, aggregate): version for source, aggregate, version in positions}, set(fresh or ())

    def parked(self, session: Session, keys: Sequence[Key]) -> list[tuple[str, str, int]]:
        """What lies parked for the aggregates."""
        return list(run(session.connection(), self._parked, {"keys": _json(_named(keys))}))

    def add_ids(self, session: Session, ids: Iterable[str], now: datetime) -> set[str]:
        """Remember ids; returns those that were new."""
        rows = run(session.connection(), self._add_ids, {"ids": _json(sorted(ids)), "now": now})
        return {event_id for (event_id,) in rows}

    def drop_ids(self, session: Session, ids: Iterable[str]) -> None:
        """Forget ids of what was parked after all."""
        run(session.connection(), self._drop_ids, {"ids": _json(list(ids))})

    def move(self, session: Session, positions: Sequence[tuple[str, str, int]]) -> None:
        """Write the new positions."""
        run(session.connection(), self._move, {"rows": _json(_named(positions))})


class SqliteInbox:
    """JSON; nobody else writes meanwhile, so nothing needs a lock."""

    _key = "json_extract(k.value, '$[0]'), json_extract(k.value, '$[1]')"
    _add_ids = _timed(_ADD_IDS.format(ids="value, :now FROM json_each(:ids) WHERE true"))
    _drop_ids = text("DELETE FROM inbox WHERE event_id IN (SELECT value FROM json_each(:ids))")
    _read = "SELECT t.source, t.aggregate, t.version FROM json_each(:keys) AS k CROSS JOIN {} AS t ON "
    _read += f"(t.source, t.aggregate) = ({_key})"
    _positions, _parked = text(_read.format("inbox_position")), text(_read.format("inbox_parked"))
    _move = text(_MOVE.format(rows=f"{_key}, json_extract(k.value, '$[2]') FROM json_each(:rows) AS k WHERE true"))

    def open(self, session: Session, keys: Sequence[Key], ids: Iterable[str], now: datetime) -> Opened:
        """Read the positions of the aggregates, 0 for a new one, and remember ids; returns which were new."""
        found = dict.fromkeys(keys, 0)
        rows = session.execute(self._positions, {"keys": _json(keys)})
        found |= {(row.source, row.aggregate): row.version for row in rows}
        return found, self.add_ids(session, ids, now)

    def parked(self, session: Session, keys: Sequence[Key]) -> list[tuple[str, str, int]]:
        """What lies parked for the aggregates."""
        rows = session.execute(self._parked, {"keys": _json(keys)})
        return [(r.source, r.aggregate, r.version) for r in rows]

    def add_ids(self, session: Session, ids: Iterable[str], now: datetime) -> set[str]:
        """Remember ids; returns those that were new."""
        return set(session.execute(self._add_ids, {"ids": _json(sorted(ids)), "now": now}).scalars())

    def drop_ids(self, session: Session, ids: Iterable[str]) -> None:
        """Forget ids of what was parked after all."""
        session.execute(self._drop_ids, {"ids": _json(list(ids))})

    def move(self, session: Session, positions: Sequence[tuple[str, str, int]]) -> None:
        """Write the new positions."""
        session.execute(self._move, {"rows": _json(positions)})


def _named(rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(("source", "aggregate", "version"), row, strict=False)) for row in rows]


def _json(values: Any) -> str:
    return orjson.dumps(values).decode()
