"""`audit verify|head`: whether anybody has touched the access and change log."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from deploy.registryctl.desk import CannotDo, Desk
from shared.audit.log import Head, export_head, read_head, verify
from shared.db.keys import KeyRing, create_key_file


def show_head(desk: Desk, given: Namespace) -> int:
    """Print the newest entry's number and hash; with --to, write them, sealed, to a file for another machine."""
    uow = desk.worker.uow
    with uow.database.snapshot() as session:
        if given.to is None:
            head = verify(session, uow.kit.audit).head
        else:
            ring = _ring(desk)
            head = export_head(session, uow.kit.audit, given.to, ring.key(ring.current_id))
    print(f"{head.sequence} {head.hash}")
    return 0


def check(desk: Desk, given: Namespace) -> int:
    """Walk the whole chain; with --head also against a head that was written before."""
    checkpoint = None if given.head is None else _read(desk, given.head)
    uow = desk.worker.uow
    with uow.database.snapshot() as session:
        verdict = verify(session, uow.kit.audit, checkpoint)
    if not verdict.is_sound:
        print(f"BROKEN at entry {verdict.broken_at}: {verdict.explanation}.")
        return 1
    since = "" if checkpoint is None else f", and holds entry {checkpoint.sequence} as it was"
    print(f"{verdict.entries} entries, the chain is whole{since}.")
    return 0


def _read(desk: Desk, path: Path) -> Head:
    ring = _ring(desk)
    for key in ring.keys.values():
        try:
            return read_head(path, key)
        except ValueError:
            continue
    raise CannotDo(f"{path.name} was not written by this service, or somebody has changed it.")


def _ring(desk: Desk) -> KeyRing:
    path: Path = desk.settings.keys_dir / f"{desk.service}_audit.json"
    create_key_file(path)
    return KeyRing.from_file(path)
