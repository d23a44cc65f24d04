"""Locations and wards for the lists of filters and forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from services.registration.domain.registry import Registry
from services.registration.store.tables import PlaceRow
from shared.auth.principal import Principal
from shared.db.database import Database

LOCATION, WARD = "location", "ward"
_PLACE = PlaceRow.__table__.c
_THEIRS = (
    select(_PLACE.place_id, _PLACE.kind, _PLACE.short_name, _PLACE.name)
    .where(_PLACE.organisation.in_(bindparam("organisations", expanding=True)))
    .order_by(_PLACE.short_name, _PLACE.place_id)
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A location or ward by its display name."""

    place_id: int
    kind: str
    name: str


def places_of(by: Principal, registry: Registry, *, database: Database) -> Sequence[Place]:
    """Those of the user's organisations, by name; a national coordinator filters by organisation instead."""
    if by.organisation is None:
        return []
    seen = sorted(registry.seen_from(by.organisation))
    with database.reading() as session:
        return [
            Place(place_id=place_id, kind=kind, name=short_name or name)
            for place_id, kind, short_name, name in session.execute(_THEIRS, {"organisations": seen})
        ]


def name_of_place(place_id: int, *, database: Database) -> str:
    """The display name of one place; nothing for a place that is gone."""
    with database.reading() as session:
        found = session.execute(select(_PLACE.short_name, _PLACE.name).where(_PLACE.place_id == place_id)).one_or_none()
    return (found.short_name or found.name) if found else ""
