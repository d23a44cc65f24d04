"""Who looks after a place, for the e-mails they are sent."""

from __future__ import annotations

from collections.abc import Sequence

from services.identity.domain.roles import Place, RoleCode
from services.identity.store.store import Store
from services.identity.store.tables import UserRow


def coordinators(store: Store, place: Place, *, but: int | None = None) -> Sequence[UserRow]:
    """The local coordinators of a place, where there is none the national ones of the registry; never `but` itself."""
    local = [user for user in store.users.holders(RoleCode.LC, place) if user.user_id != but]
    return local or national_coordinators(store, place.registry, but=but)


def national_coordinators(store: Store, registry: str, *, but: int | None = None) -> Sequence[UserRow]:
    """The national coordinators of a registry."""
    everywhere = Place(registry=registry, organisation=None)
    return [user for user in store.users.holders(RoleCode.SC, everywhere) if user.user_id != but]
