"""Who decides in a yearly review, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.identity.domain.access_review import may_review
from services.identity.domain.roles import Place, RoleCode
from services.identity.store.access_tables import ReviewRow
from services.identity.store.reviews import review_of
from services.identity.store.store import Store
from services.identity.store.tables import RoleRow, UserRow
from services.identity.usecases.coordinators import national_coordinators
from services.identity.usecases.messages import Messages
from services.identity.usecases.tell_role_end import last_day


def reviewers(store: Store, place: Place, roles: Sequence[RoleRow]) -> list[UserRow]:
    """The local coordinators who may decide on one of the roles, and the national ones for what no local one may."""
    local = store.users.holders(RoleCode.LC, place)
    left = [role for role in roles if not [user for user in local if _decides(user, RoleCode.LC, role)]]
    national = national_coordinators(store, place.registry)
    found = [user for user in local if [role for role in roles if _decides(user, RoleCode.LC, role)]]
    found += [user for user in national if [role for role in left if _decides(user, RoleCode.SC, role)]]
    return list({user.user_id: user for user in found}.values())


def tell_reviewers(store: Store, review: ReviewRow, roles: Sequence[RoleRow], key: str, messages: Messages) -> None:
    """Write to all who may decide on roles that are open, how many they are and by when it must be done."""
    place = Place(registry=review.registry_key, organisation=review.organisation)
    about: dict[str, Any] = {
        "organisation": store.units.name(review.organisation),
        "count": len(roles),
        "day": last_day(review_of(review).closes_at),
    }
    for user in reviewers(store, place, roles):
        messages.send_mail(store, messages.seals.details_of(user), key, language=user.language, **about)


def _decides(user: UserRow, reviewer: RoleCode, role: RoleRow) -> bool:
    return may_review(RoleCode(role.role), reviewer, is_own=role.user_id == user.user_id)
