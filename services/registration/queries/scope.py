"""Whose courses a user may see."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select

from services.registration.domain.registry import Registry
from services.registration.store.tables import CourseRow
from shared.auth.principal import Principal, Role

Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])
EVERYWHERE = frozenset({Role.SC})
_COURSE = CourseRow.__table__.c


def within(query: Q, registry: Registry, by: Principal) -> Q:
    """The query, cut down to the user's registry and organisations."""
    query = query.where(_COURSE.registry == registry.key)
    seen = seen_organisations(registry, by)
    return query if seen is None else query.where(_COURSE.organisation.in_(sorted(seen)))


def seen_organisations(registry: Registry, by: Principal) -> frozenset[int] | None:
    """The organisations whose courses a user sees; None for a national coordinator, who sees all of them."""
    if by.role in EVERYWHERE:
        return None
    return registry.seen_from(by.organisation) if by.organisation is not None else frozenset()
