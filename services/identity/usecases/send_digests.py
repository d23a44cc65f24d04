"""One e-mail a day to each coordinator for whom applications wait."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from services.identity.domain.roles import Place
from services.identity.store.store import Store
from services.identity.usecases.coordinators import coordinators
from services.identity.usecases.messages import Messages
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo


def send_digests(*, messages: Messages, uow: UnitOfWork[Store]) -> int:
    """Tell how many wait and for how long the oldest has; nobody is told twice in an Oslo day. Returns how many are.

    National coordinators hear only of applications that no local one can decide on.
    """
    with uow.reading() as store:
        waiting = _waiting(store)
    return sum(_tell(user_id, moments, messages, uow) for user_id, moments in waiting.items())


def _waiting(store: Store) -> dict[int, list[datetime]]:
    """When each application was sent, by the user it waits for."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for row in store.applications.waiting():
        place = Place(registry=row.registry_key, organisation=row.organisation)
        for user in coordinators(store, place, but=row.applicant):
            found[user.user_id].append(row.applied_at)
    return found


def _tell(user_id: int, moments: list[datetime], messages: Messages, uow: UnitOfWork[Store]) -> bool:
    with uow() as store:
        user, today = store.users.get(user_id), oslo(store.now).date()
        if user.digest_on == today:
            return False
        user.digest_on = today
        days = (today - oslo(min(moments)).date()).days
        details = messages.seals.details_of(user)
        messages.send_mail(store, details, "message.digest", language=user.language, count=len(moments), days=days)
        return True
