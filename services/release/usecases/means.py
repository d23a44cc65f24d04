"""What release's use cases work with, put together once when the service starts."""

from __future__ import annotations

from dataclasses import dataclass

from services.release.domain.catalog import Catalog
from services.release.store.store import Store
from services.release.usecases.ports import DeliveryFiles, ExtractSource, RecipientKeys
from shared.db.database import Database
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Means:
    """The parts behind the doors."""

    database: Database
    uow: UnitOfWork[Store]
    clock: Clock
    catalog: Catalog
    extracts: ExtractSource
    files: DeliveryFiles
    recipient_keys: RecipientKeys
