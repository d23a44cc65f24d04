"""How a service hears who is signed out: by identity's events and, should the bus be down, by identity's feed."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from shared.auth.errors import ServiceUnavailable
from shared.auth.revocation import Revocation, newest, revoke
from shared.auth.service_client import ServiceClient
from shared.contracts.event import Event
from shared.contracts.identity import RoleChanged, SessionsRevoked, UserDeactivated
from shared.db.database import Database
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.scheduling.clock import Clock

POLL_SECONDS = 30.0
# Sessions live twelve hours at most, so nothing older can still matter to a service that knows nothing yet.
FIRST_LOOK_BACK = timedelta(hours=13)
# Identity may commit an earlier moment after a later one; looking back finds it.
OVERLAP = timedelta(minutes=15)
FEED_PATH = "/api/revocations"
log = structlog.get_logger("auth")


def end_sessions(event: Event, uow: UnitOfWork[Any]) -> None:
    """Void what a user was given before the event: the handler of the three events named in HANDLERS."""
    if not isinstance(event, SessionsRevoked | UserDeactivated | RoleChanged):
        raise TypeError(f"{type(event).__name__} ends no sessions")
    with uow() as store:
        moment = event.not_before if isinstance(event, SessionsRevoked) else store.now
        revoke(store.session, Revocation(event.user_id, moment))


HANDLERS: Mapping[type[Event], Callable[[Event, UnitOfWork[Store]], None]] = {
    SessionsRevoked: end_sessions,
    UserDeactivated: end_sessions,
    RoleChanged: end_sessions,
}


class RevocationFeed:
    """Asks identity who was signed out; `client` calls identity with this service's own token."""

    def __init__(self, client: ServiceClient, database: Database, clock: Clock) -> None:
        self._client = client
        self._database = database
        self._clock = clock

    def poll(self) -> int:
        """Fetch and store what is new; returns how many lines came; raises ServiceUnavailable."""
        response = self._client.get(FEED_PATH, params={"since": self._since().isoformat()})
        if not response.ok:
            raise ServiceUnavailable("identity")
        found = _read(response.json())
        if found:
            with self._database.transaction() as session:
                for revocation in found:
                    revoke(session, revocation)
        return len(found)

    def run_forever(self, stop: threading.Event) -> None:
        """Poll twice a minute until told to stop; an identity that is away is asked again later."""
        while not stop.is_set():
            try:
                self.poll()
            except Exception as error:  # noqa: BLE001  the loop must outlive whatever one round meets
                log.warning("revocation feed failed", error=type(error).__name__)
            stop.wait(POLL_SECONDS)

    def _since(self) -> datetime:
        with self._database.reading() as session:
            known = newest(session)
        earliest = self._clock.now() - FIRST_LOOK_BACK
        return max(known - OVERLAP, earliest) if known is not None else earliest


def _read(body: Any) -> list[Revocation]:
    try:
        return [
            Revocation(int(line["user_id"]), datetime.fromisoformat(line["not_before"])) for line in body["revocations"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ServiceUnavailable("identity") from error
