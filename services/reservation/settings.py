"""Reservation's settings: read once from the environment, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.environment import Environment, ServiceSettings

REQUIRED = (
    "RESERVATION_DATABASE_URL",
    "BUS_URL",
    "IDENTITY_ISSUER",
    "IDPORTEN_ISSUER",
    "PUBLIC_URL_RESERVATION",
    "DIGIPOST_URL",
    "KEYS_DIR",
)


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """Everything reservation is told from outside."""

    identity_issuer: str
    idporten_issuer: str
    public_url: str
    digipost_url: str
    digipost_id: str
    accept_synthetic: bool

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the environment; raises SettingsError."""
        given = Environment(env, REQUIRED)
        return cls(
            **given.common("reservation"),
            identity_issuer=given.address("IDENTITY_ISSUER"),
            idporten_issuer=given.address("IDPORTEN_ISSUER"),
            public_url=given.address("PUBLIC_URL_RESERVATION"),
            digipost_url=given.address("DIGIPOST_URL"),
            digipost_id=given.text("RESERVATION_DIGIPOST_ID", "4003"),
            accept_synthetic=given.is_on("ACCEPT_SYNTHETIC"),
        )
