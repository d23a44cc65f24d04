"""What is over in the web tables is removed; a service's worker calls this once an hour."""

from __future__ import annotations

from shared.db.database import Database
from shared.scheduling.clock import Clock
from shared.web.idempotency import KeptAnswers
from shared.web.session_store import SessionStore
from shared.web.throttle import Throttle


def purge_web_tables(database: Database, clock: Clock) -> dict[str, int]:
    """Remove dead sessions, counters whose window is over and keys older than two days; returns how many of each."""
    return {
        "web_session": SessionStore(database, clock).purge(),
        "throttle_counter": Throttle(database, clock, "").purge(),
        "idempotency_key": KeptAnswers(database, clock, "").purge(),
    }
