"""Everything that use cases and queries are handed, put together once by the wiring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import Passkeys, PasswordHasher, PasswordStrength, TokenSigner
from shared.db.database import Database
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Means:
    """The parts behind the doors. `registry_names` gives a registry's name by key and language."""

    issuer: str
    public_urls: Mapping[str, str]
    registry_names: Mapping[str, Mapping[str, str]]
    database: Database
    uow: UnitOfWork[Store]
    clock: Clock
    messages: Messages
    hasher: PasswordHasher
    strength: PasswordStrength
    passkeys: Passkeys
    signer: TokenSigner

    @property
    def seals(self) -> Seals:
        """How staff data are sealed."""
        return self.messages.seals
