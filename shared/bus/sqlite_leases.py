"""Who has taken which messages of the embedded bus; the kernel frees them when a process dies."""

import fcntl
import os
import uuid
from collections.abc import Collection
from pathlib import Path

import orjson

from shared.bus.sqlite_file import BusFile, wall_seconds

_FREE = "queue = ? AND lease IS NULL AND visible_at <= ?"
_LOOK = f"SELECT 1 FROM message WHERE {_FREE} LIMIT 1"  # noqa: S608 - fixed text
_OLDEST = f"SELECT id FROM message WHERE {_FREE} ORDER BY id LIMIT ?"  # noqa: S608 - fixed text
_TAKE = f"UPDATE message SET lease = ? WHERE id IN ({_OLDEST}) RETURNING id, body"  # noqa: S608 - fixed text
_THESE = "id IN (SELECT value FROM json_each(?))"


class Leases:
    """Messages taken through one connection. The lease is a locked file of its name: no lock, no lease."""

    def __init__(self, file: BusFile) -> None:
        self._file = file
        self._name = uuid.uuid4().hex
        self._handle: int | None = None

    def take(self, queue: str, limit: int) -> list[tuple[int, str]]:
        """Lease up to `limit` messages of a queue, oldest first."""
        now = wall_seconds()
        if not self._file.db.execute(_LOOK, (queue, now)).fetchone():
            return []
        self._hold()
        with self._file.transaction(durable=False) as db:
            rows = db.execute(_TAKE, (self._name, queue, now, limit)).fetchall()
        return sorted((int(row[0]), str(row[1])) for row in rows)

    def acknowledge(self, ids: Collection[int]) -> None:
        """Delete messages that were handled."""
        if ids:
            with self._file.transaction(durable=False) as db:
                db.execute(f"DELETE FROM message WHERE {_THESE}", (_json(ids),))  # noqa: S608 - fixed text

    def give_back(self, ids: Collection[int]) -> None:
        """Let others have messages that were not handled."""
        if ids:
            with self._file.transaction(durable=False) as db:
                db.execute(f"UPDATE message SET lease = NULL WHERE {_THESE}", (_json(ids),))  # noqa: S608 - fixed text

    def reap(self) -> int:
        """Free what dead processes had leased: the kernel has dropped their locks. Returns how many of them died."""
        held = self._file.db.execute("SELECT DISTINCT lease FROM message WHERE lease IS NOT NULL").fetchall()
        dead = [name for (name,) in held if name != self._name and self._is_dead(name)]
        for name in dead:
            with self._file.transaction(durable=False) as db:
                db.execute("UPDATE message SET lease = NULL WHERE lease = ?", (name,))
            self._path(name).unlink(missing_ok=True)
        return len(dead)

    def close(self) -> None:
        """Give back what is still leased."""
        if self._handle is not None:
            with self._file.transaction(durable=False) as db:
                db.execute("UPDATE message SET lease = NULL WHERE lease = ?", (self._name,))
            self._path(self._name).unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def _path(self, name: str) -> Path:
        folder = Path(f"{self._file.path}.leases")
        folder.mkdir(exist_ok=True)
        return folder / name

    def _hold(self) -> None:
        if self._handle is None:
            self._handle = os.open(self._path(self._name), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX)

    def _is_dead(self, name: str) -> bool:
        try:
            handle = os.open(self._path(name), os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(handle)


def _json(ids: Collection[int]) -> str:
    return orjson.dumps(list(ids)).decode()
