"""The number or address that somebody wants and has not proven yet."""

from __future__ import annotations

from services.identity.domain.codes import check_open
from services.identity.domain.errors import RuleBroken
from services.identity.domain.tokens import token_hash
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.log_ins import attempt_of
from services.identity.store.seals import Seals
from shared.db.database import Database
from shared.scheduling.clock import Clock


def wanted_contact(attempt: str, *, seals: Seals, database: Database, clock: Clock) -> str | None:
    """What was typed; None if the attempt is over."""
    with database.reading() as session:
        row = session.get(AttemptRow, token_hash(attempt))
        if row is None or row.wanted is None:
            return None
        try:
            check_open(attempt_of(row), clock.now())
        except RuleBroken:
            return None
        return seals.open_wanted(row.wanted, row.user_id, row.purpose)
