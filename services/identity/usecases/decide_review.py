"""Confirm or remove roles in a yearly review."""

from __future__ import annotations

from collections.abc import Mapping

from services.identity.domain.access_review import Verdict
from services.identity.domain.errors import RuleBroken
from services.identity.domain.roles import Administrator, Place, RoleCode, give, see
from services.identity.store.access_tables import ReviewRow
from services.identity.store.store import Store
from services.identity.usecases.accounts import withdraw
from services.identity.usecases.acting import administrator, log_act
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def decide_review(review_id: int, verdicts: Mapping[int, Verdict], *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Decide on some or all roles of a review by their ids, all or none; the last one decided closes it."""
    if not verdicts:
        raise RuleBroken("review_nothing_chosen")
    with uow() as store:
        admin = administrator(store, by)
        review = store.reviews.get(review_id)
        see(admin, Place(registry=review.registry_key, organisation=review.organisation))
        if review.closed_at is not None:
            raise RuleBroken("review_is_closed")
        for role_id, verdict in sorted(verdicts.items()):
            _decide(store, review, role_id, verdict, admin, by)
        if not store.reviews.open_roles(review_id):
            review.closed_at = store.now
            log_act(store, by, f"review:{review_id}", reason="all is decided", change={"state": ["open", "closed"]})


def _decide(
    store: Store, review: ReviewRow, role_id: int, verdict: Verdict, admin: Administrator, by: Principal
) -> None:
    line, role = store.reviews.line(review.review_id, role_id), store.users.role(role_id)
    if line.verdict is not None or role is None:
        # Somebody else was quicker; the same twice is no harm.
        if line.verdict != verdict:
            raise RuleBroken("review_role_is_decided")
        return
    give(admin, RoleCode(role.role), to=role.user_id)
    store.reviews.decide(line, verdict, by=admin.user_id)
    change = {"review": [None, verdict.value]}
    if verdict is Verdict.REMOVED:
        withdraw(store, role, by=admin.user_id)
        change["role"] = [role.role, None]
    log_act(store, by, f"user:{role.user_id}/role", reason=f"review:{review.review_id}", change=change)
