"""The organisation tree and who takes part in which registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.identity.domain.application import Choices
from services.identity.domain.organisation import Tree, Unit, UnitKind
from services.identity.store.tables import ParticipationRow, UnitRow


class Units:
    """Units and participations in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def tree(self) -> Tree:
        """The whole tree."""
        rows = self._session.scalars(select(UnitRow).order_by(UnitRow.resh))
        return Tree(
            Unit(resh=row.resh, kind=UnitKind(row.kind), name=row.name, parent=row.parent, is_active=row.is_active)
            for row in rows
        )

    def name(self, resh: int) -> str:
        """The name of a unit."""
        return self._session.get_one(UnitRow, resh).name

    def takes_part(self, registry: str, organisation: int | None) -> bool:
        """Tell whether an organisation takes part in a registry."""
        return self._session.get(ParticipationRow, (registry, organisation or 0)) is not None

    def choices(self) -> Choices:
        """Tree and participants, as the form for new users needs them."""
        rows = self._session.scalars(
            select(ParticipationRow).order_by(ParticipationRow.registry_key, ParticipationRow.organisation)
        )
        participants: dict[str, list[int]] = {}
        for row in rows:
            participants.setdefault(row.registry_key, []).append(row.organisation)
        return Choices(tree=self.tree(), participants=participants)

    def save(self, units: Iterable[Unit]) -> None:
        """Write new and changed units, upper levels first."""
        order = list(UnitKind)
        rows = [
            {
                "resh": unit.resh,
                "kind": unit.kind.value,
                "name": unit.name,
                "parent": unit.parent,
                "is_active": unit.is_active,
                "changed_at": self._now,
            }
            for unit in sorted(units, key=lambda unit: order.index(unit.kind))
        ]
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        statement = insert(UnitRow)
        fresh = {name: statement.excluded[name] for name in ("kind", "name", "parent", "is_active", "changed_at")}
        if rows:
            self._session.execute(statement.on_conflict_do_update(index_elements=["resh"], set_=fresh), rows)

    def set_participants(self, registry: str, organisations: Sequence[int]) -> None:
        """Say which organisations take part in a registry."""
        self._session.execute(delete(ParticipationRow).where(ParticipationRow.registry_key == registry))
        self._session.add_all(ParticipationRow(registry_key=registry, organisation=resh) for resh in set(organisations))
        self._session.flush()
