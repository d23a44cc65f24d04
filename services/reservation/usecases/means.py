"""What the doors and the worker of reservation use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.reservation.domain.registry import Registry
from services.reservation.store.store import Store
from services.reservation.usecases.numbers import Numbers
from shared.db.database import Database
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Means:
    """The parts behind the doors."""

    database: Database
    uow: UnitOfWork[Store]
    clock: Clock
    registries: Mapping[str, Registry]
    numbers: Numbers
    accepts_synthetic: bool
