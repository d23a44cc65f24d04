"""Registration's settings: read once from the environment, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shared.environment import Environment, ServiceSettings, SettingsError

REQUIRED = (
    "REGISTRATION_DATABASE_URL",
    "REGISTRATION_PERSONS_DATABASE_URL",
    "BUS_URL",
    "IDENTITY_ISSUER",
    "HELSEID_ISSUER",
    "POPULATION_URL",
    "PUBLIC_URL_REGISTRATION",
    "PUBLIC_URL_EPROM",
    "KEYS_DIR",
    "FILES_DIR",
)


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """Everything registration is told from outside."""

    persons_database_url: str
    identity_issuer: str
    helseid_issuer: str
    population_url: str
    public_url: str
    eprom_url: str
    files_dir: Path
    accept_synthetic: bool

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the environment; raises SettingsError."""
        given = Environment(env, REQUIRED)
        settings = cls(
            **given.common("registration"),
            persons_database_url=given.text("REGISTRATION_PERSONS_DATABASE_URL"),
            identity_issuer=given.address("IDENTITY_ISSUER"),
            helseid_issuer=given.address("HELSEID_ISSUER"),
            population_url=given.address("POPULATION_URL"),
            public_url=given.address("PUBLIC_URL_REGISTRATION"),
            eprom_url=given.address("PUBLIC_URL_EPROM"),
            files_dir=given.folder("FILES_DIR") / "registration",
            accept_synthetic=given.is_on("ACCEPT_SYNTHETIC"),
        )
        if settings.database_url == settings.persons_database_url:
            raise SettingsError("persons and health data live in two databases")
        return settings
