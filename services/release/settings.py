"""Release's settings: read once from the environment, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shared.environment import Environment, ServiceSettings

REQUIRED = (
    "RELEASE_DATABASE_URL",
    "BUS_URL",
    "IDENTITY_ISSUER",
    "IDPORTEN_ISSUER",
    "PUBLIC_URL_RELEASE",
    "PUBLIC_URL_REGISTRATION",
    "KEYS_DIR",
    "FILES_DIR",
)


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """Everything release is told from outside."""

    identity_issuer: str
    idporten_issuer: str
    public_url: str
    registration_url: str
    files_dir: Path

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the environment; raises SettingsError."""
        given = Environment(env, REQUIRED)
        return cls(
            **given.common("release"),
            identity_issuer=given.address("IDENTITY_ISSUER"),
            idporten_issuer=given.address("IDPORTEN_ISSUER"),
            public_url=given.address("PUBLIC_URL_RELEASE"),
            registration_url=given.address("PUBLIC_URL_REGISTRATION"),
            files_dir=given.folder("FILES_DIR") / "release",
        )
