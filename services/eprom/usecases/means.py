"""What eprom's use cases work with, put together once when the service starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store
from services.eprom.usecases.log_in_code import CodePost
from services.eprom.usecases.ports import Claims, Recipients
from shared.db.database import Database
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Means:
    """The parts behind the doors."""

    database: Database
    uow: UnitOfWork[Store]
    clock: Clock
    recipients: Recipients
    schedules: Mapping[str, Schedule]
    claims: Claims
    public_url: str
    codes: CodePost
    link_key: bytes = field(repr=False)
    national_key: str | None = field(default=None, repr=False)
    helsenorge_key: str | None = field(default=None, repr=False)
