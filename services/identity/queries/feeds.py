"""What other services ask for: who was signed out, and the organisation tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.identity.domain.organisation import Unit
from services.identity.store.tables import WEB
from services.identity.store.units import Units
from shared.db.database import Database
from shared.scheduling.clock import Clock

MOST = 10_000


@dataclass(frozen=True)
class Revoked:
    """Everything issued to the user at `not_before` or earlier is void."""

    user_id: int
    not_before: datetime


def revoked_since(since: datetime, *, database: Database) -> list[Revoked]:
    """Users signed out after a moment, oldest first. A caller looks back some minutes, as commits may overtake."""
    table = WEB.revoked_user
    query = select(table.c.user_id, table.c.not_before).where(table.c.not_before > since)
    with database.reading() as session:
        rows = session.execute(query.order_by(table.c.not_before, table.c.user_id).limit(MOST))
        return [Revoked(row.user_id, row.not_before) for row in rows]


def all_units(*, database: Database, clock: Clock) -> list[Unit]:
    """The organisation tree as a list."""
    with database.reading() as session:
        return list(Units(session, clock.now()).tree())
