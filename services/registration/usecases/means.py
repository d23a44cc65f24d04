"""What doors and jobs hand to use cases and queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.registration.domain.errors import NotFound
from services.registration.domain.registry import Registry
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.usecases.find_representatives import Sources
from services.registration.usecases.make_extract import ExtractKit
from services.registration.usecases.open_course import Desk
from services.registration.usecases.ports import (
    ExtractFiles,
    PatientAnswers,
    PopulationFeed,
    PopulationRegister,
)
from shared.db.database import Database
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Means:
    """Databases, registries and the outside world."""

    database: Database
    uow: UnitOfWork[Store]
    clock: Clock
    persons: PersonStore
    registries: Mapping[str, Registry]
    population: PopulationRegister
    feed: PopulationFeed
    answers: PatientAnswers
    files: ExtractFiles
    extract_kit: ExtractKit
    accepts_synthetic: bool

    def registry(self, key: str | None) -> Registry:
        """The registry with this key; raises NotFound."""
        found = self.registries.get(key or "")
        if found is None:
            raise NotFound
        return found

    def sources(self) -> Sources:
        """What finding out who answers for a child needs."""
        return Sources(persons=self.persons, population=self.population, registries=self.registries)

    def desk(self, key: str | None) -> Desk:
        """What registering a person in a registry needs."""
        return Desk(self.persons, self.population, self.registry(key), self.accepts_synthetic)
