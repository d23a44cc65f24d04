"""`keys list|rotate|reseal`: the master keys that seal what identifies persons."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from deploy.registryctl.desk import CannotDo, Desk
from deploy.registryctl.tables import print_table
from shared.db.database import Database
from shared.db.encryption import Cipher
from shared.db.engine import make_engine
from shared.db.keys import KeyRing, add_key

if TYPE_CHECKING:
    from deploy.registryctl.sealed import SealedBy, SealedTable

_BATCH = 200


def list_keys(desk: Desk, _given: Namespace) -> int:
    """Print each key's id and how many values it seals."""
    sealed = _sealed(desk)
    ring = KeyRing.from_file(_path(desk, sealed))
    counted: Counter[str] = Counter()
    for table in sealed.tables:
        database = _database(desk, table)
        with database.reading() as session:
            for column in table.columns:
                values = session.scalars(select(getattr(table.row, column)).execution_options(yield_per=1000))
                counted.update(Cipher.key_id_of(value) for value in values if value is not None)
        database.engine.dispose()
    rows = [(name, "current" if name == ring.current_id else "", counted[name]) for name in ring.keys]
    print_table(("key", "", "seals"), rows)
    return 0


def rotate(desk: Desk, given: Namespace) -> int:
    """Add a key, make it the current one, and seal everything with it."""
    sealed = _sealed(desk)
    desk.note(f"keys {sealed.file}", {"act": "rotate"})
    print(f"{add_key(_path(desk, sealed))} is the current key.")
    return reseal(desk, given)


def reseal(desk: Desk, _given: Namespace) -> int:
    """Seal with the current key what an older one has sealed."""
    sealed = _sealed(desk)
    ring = KeyRing.from_file(_path(desk, sealed))
    desk.note(f"keys {sealed.file}", {"act": "reseal", "key": ring.current_id})
    cipher, total = Cipher(ring, sealed.purpose), 0
    for table in sealed.tables:
        database = _database(desk, table)
        after = None
        while (done := _reseal_some(database, table, cipher, after)) is not None:
            after, count = done
            total += count
            print(f"{table.row.__tablename__}: {total} values so far", flush=True)
        database.engine.dispose()
    print(f"{total} values are now sealed with {ring.current_id}.")
    return 0


def _reseal_some(database: Database, table: SealedTable, cipher: Cipher, after: Any) -> tuple[Any, int] | None:
    """The next rows by primary key, in one short transaction; returns the last one and how many values changed."""
    key = inspect(table.row).primary_key[0]
    query = select(table.row).order_by(key).limit(_BATCH).with_for_update()
    with database.transaction() as session:
        rows = _rows(session, query if after is None else query.where(key > after))
        if not rows:
            return None
        count = sum(_reseal_row(row, table, cipher) for row in rows)
        return getattr(rows[-1], key.key), count


def _rows(session: Session, query: Any) -> list[Any]:
    return list(session.scalars(query))


def _reseal_row(row: Any, table: SealedTable, cipher: Cipher) -> int:
    count = 0
    for column, binding in table.columns.items():
        blob = getattr(row, column)
        if blob is not None and cipher.key_id_of(bytes(blob)) != cipher.ring.current_id:
            setattr(row, column, cipher.reseal(bytes(blob), bound_to=binding(row)))
            count += 1
    return count


def _sealed(desk: Desk) -> SealedBy:
    from deploy.registryctl.sealed import SEALED  # all services at once; no other command needs them

    if desk.service not in SEALED:
        raise CannotDo(f"{desk.service} seals nothing with a master key.")
    return SEALED[desk.service]


def _path(desk: Desk, sealed: SealedBy) -> Path:
    path: Path = desk.settings.keys_dir / sealed.file
    return path


def _database(desk: Desk, table: SealedTable) -> Database:
    return Database(make_engine(getattr(desk.settings, table.address)), table.row.metadata)
