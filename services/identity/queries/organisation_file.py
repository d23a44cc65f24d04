"""The organisation tree as a file to keep and change."""

from __future__ import annotations

from services.identity.domain.organisation_file import write_file
from services.identity.store.units import Units
from shared.db.database import Database
from shared.scheduling.clock import Clock


def organisation_file(*, database: Database, clock: Clock) -> bytes:
    """The whole tree in UTF-8 with a mark in front, as spreadsheets want it."""
    with database.reading() as session:
        known = Units(session, clock.now()).choices()
    return write_file(known.tree, known.participants).encode("utf-8-sig")
