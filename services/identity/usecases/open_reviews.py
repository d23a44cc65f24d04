"""Open the yearly reviews that are due."""

from __future__ import annotations

from services.identity.domain.access_review import is_review_due
from services.identity.domain.roles import Place
from services.identity.store.store import Store
from services.identity.usecases.acting import CALENDAR, log_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.reviewers import tell_reviewers
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import UnitOfWork

ONE_IS_OPEN = "uq_access_review_open"


def open_reviews(*, messages: Messages, uow: UnitOfWork[Store]) -> int:
    """Open one for each organisation whose year is over, each in a transaction of its own; returns how many."""
    with uow.reading() as store:
        places = list(store.reviews.counted_from())
    return sum(_open_once(place, messages, uow) for place in places)


def _open_once(place: Place, messages: Messages, uow: UnitOfWork[Store]) -> bool:
    try:
        return _open_if_due(place, messages, uow)
    except ConstraintBroken as broken:
        if broken.name != ONE_IS_OPEN:
            raise
        return False  # another worker was quicker


def _open_if_due(place: Place, messages: Messages, uow: UnitOfWork[Store]) -> bool:
    with uow() as store:
        counted_from = store.reviews.counted_from().get(place)
        if counted_from is None or not is_review_due(counted_from, store.now):
            return False
        review, count = store.reviews.open(place)
        tell_reviewers(store, review, store.reviews.open_roles(review.review_id), "message.review_opened", messages)
        change = {"state": [None, "open"], "organisation": place.organisation, "roles": count}
        log_act(store, CALENDAR, f"review:{review.review_id}", reason="a year is over", change=change)
        return True
