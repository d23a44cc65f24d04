"""What the stand-ins are told by the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

REQUIRED = ("STANDINS_DB", "PUBLIC_URL_STANDINS", "KEYS_DIR")
LOG_IN_CLIENTS = ("eprom", "reservation", "release", "identity")


class StandinSettingsError(Exception):
    """Something the stand-ins need is not set."""


@dataclass(frozen=True, kw_only=True)
class StandinSettings:
    """Settings of one run; `url` is the own public address and `services` those of the clients at ID-porten."""

    database: Path
    url: str
    keys: Path
    clock_file: Path | None = None
    services: Mapping[str, str]
    port: int = 8090
    smtp_port: int = 2525
    is_dpop_required: bool = False
    seed: int = 1
    persons: int = 360

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the environment; raises StandinSettingsError naming what is missing."""
        missing = [name for name in REQUIRED if not env.get(name)]
        if missing:
            raise StandinSettingsError(f"set these first: {', '.join(missing)}")
        return cls(
            database=Path(env["STANDINS_DB"]),
            url=env["PUBLIC_URL_STANDINS"].rstrip("/"),
            keys=Path(env["KEYS_DIR"]),
            clock_file=Path(env["CLOCK_FILE"]) if env.get("CLOCK_FILE") else None,
            services=_services(env),
            port=int(env.get("STANDINS_PORT", "8090")),
            smtp_port=int(env.get("SMTP_PORT", "2525")),
            is_dpop_required=env.get("STANDINS_DPOP", "optional") == "required",
            seed=int(env.get("STANDINS_SEED", "1")),
            persons=int(env.get("STANDINS_PERSONS", "360")),
        )

    def issuer(self, name: str) -> str:
        """Return the issuer identifier of a token service; Maskinporten's ends with a slash, as the real one."""
        return f"{self.url}/{name}/" if name == "maskinporten" else f"{self.url}/{name}"


def _services(env: Mapping[str, str]) -> dict[str, str]:
    addresses = {name: env.get(f"PUBLIC_URL_{name.upper()}", "") for name in LOG_IN_CLIENTS}
    return {name: address.rstrip("/") for name, address in addresses.items() if address}
