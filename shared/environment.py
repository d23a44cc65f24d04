"""What a service is told by its environment: complete and safe, or the service does not start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_YES = frozenset({"1", "true", "yes"})
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_WEB_ADDRESS = ("DATABASE_URL", "BUS_URL")


class SettingsError(Exception):
    """Settings are missing or unsafe; says which."""


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """What every service is told."""

    database_url: str
    bus_url: str
    keys_dir: Path
    clock_file: Path | None
    profile: str
    cookie_secure: bool
    trusted_proxies: int

    @property
    def is_own_machine(self) -> bool:
        """Whether all services share one machine, with nobody to prepare it for them."""
        return self.profile == "embedded"


class Environment:
    """Variables by their kind. Raises SettingsError that names what is missing, or what is for one machine only."""

    def __init__(self, given: Mapping[str, str], required: Sequence[str]) -> None:
        self._given = given
        missing = [name for name in required if not given.get(name)]
        if missing:
            raise SettingsError(f"set these first: {', '.join(missing)}")
        self._check([name for name in required if _is_web_address(name)])

    def common(self, service: str) -> dict[str, Any]:
        """The fields of ServiceSettings for a service, whose own database is named after it."""
        return {
            "database_url": self.text(f"{service.upper()}_DATABASE_URL"),
            "bus_url": self.text("BUS_URL"),
            "keys_dir": self.folder("KEYS_DIR"),
            "clock_file": self.folder("CLOCK_FILE") if self.text("CLOCK_FILE") else None,
            "profile": self.text("PROFILE", "production"),
            "cookie_secure": self.is_on("COOKIE_SECURE", default="1"),
            "trusted_proxies": self.number("TRUSTED_PROXIES", "0"),
        }

    def text(self, name: str, default: str = "") -> str:
        """A text as it is."""
        return self._given.get(name, default)

    def address(self, name: str) -> str:
        """A web address without a slash at its end."""
        return self.text(name).rstrip("/")

    def folder(self, name: str) -> Path:
        """A path."""
        return Path(self.text(name))

    def number(self, name: str, default: str = "") -> int:
        """A whole number."""
        return int(self.text(name, default))

    def is_on(self, name: str, default: str = "0") -> bool:
        """Whether something is switched on."""
        return self.text(name, default).lower() in _YES

    def _check(self, addresses: Sequence[str]) -> None:
        away = sorted(name for name in addresses if urlsplit(self.text(name)).hostname not in _HERE)
        if not away:
            return
        if not self.is_on("COOKIE_SECURE", default="1") or self.text("CLOCK_FILE"):
            raise SettingsError("COOKIE_SECURE=0 and CLOCK_FILE are for a suite on one machine only")
        plain = [name for name in away if not self.text(name).startswith("https://")]
        if plain:
            raise SettingsError(f"without https: {', '.join(plain)}")


def _is_web_address(name: str) -> bool:
    named_so = name.endswith(("_URL", "_ISSUER")) or name.startswith("PUBLIC_URL_")
    return named_so and not name.endswith(_NO_WEB_ADDRESS)
