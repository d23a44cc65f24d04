"""Identity's settings: read once from the environment, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

CLIENTS = ("registration", "eprom", "reservation", "release")
REQUIRED = (
    "IDENTITY_DATABASE_URL",
    "BUS_URL",
    "IDENTITY_ISSUER",
    "PUBLIC_URL_IDENTITY",
    *(f"PUBLIC_URL_{name.upper()}" for name in CLIENTS),
    "KEYS_DIR",
    "SMS_URL",
    "SMTP_HOST",
    "SMTP_PORT",
)
_YES = frozenset({"1", "true", "yes"})


class SettingsError(Exception):
    """Settings are missing or unsafe; says which."""


@dataclass(frozen=True, kw_only=True)
class HashCost:
    """Cost of Argon2id: rounds, KiB of memory, lanes. The default is RFC 9106's for servers short of memory."""

    time_cost: int = 3
    memory_kib: int = 65_536
    parallelism: int = 4

    @classmethod
    def read(cls, text: str) -> Self:
        """Read "3,65536,4"."""
        parts = text.split(",")
        if len(parts) != 3 or not all(part.isdecimal() for part in parts):  # noqa: PLR2004 - the three of the docstring
            raise SettingsError("IDENTITY_HASH_COST is three numbers: rounds, KiB, lanes")
        return cls(time_cost=int(parts[0]), memory_kib=int(parts[1]), parallelism=int(parts[2]))


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Where messages go out."""

    sms_url: str
    sms_sender: str
    smtp_host: str
    smtp_port: int
    mail_sender: str
    smtp_starttls: bool


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything identity is told from outside."""

    database_url: str
    bus_url: str
    issuer: str
    public_urls: Mapping[str, str]
    keys_dir: Path
    clock_file: Path | None
    profile: str
    cookie_secure: bool
    trusted_proxies: int
    hash_cost: HashCost
    outside: Outside

    @property
    def public_url(self) -> str:
        """Identity's own address."""
        return self.public_urls["identity"]

    @property
    def client_urls(self) -> dict[str, str]:
        """The addresses of the clients."""
        return {name: self.public_urls[name] for name in CLIENTS}

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the environment; raises SettingsError that names what is missing."""
        missing = [name for name in REQUIRED if not env.get(name)]
        if missing:
            raise SettingsError(f"set these first: {', '.join(missing)}")
        settings = cls(
            database_url=env["IDENTITY_DATABASE_URL"],
            bus_url=env["BUS_URL"],
            issuer=env["IDENTITY_ISSUER"].rstrip("/"),
            public_urls={name: env[f"PUBLIC_URL_{name.upper()}"].rstrip("/") for name in ("identity", *CLIENTS)},
            keys_dir=Path(env["KEYS_DIR"]),
            clock_file=Path(env["CLOCK_FILE"]) if env.get("CLOCK_FILE") else None,
            profile=env.get("PROFILE", "production"),
            cookie_secure=_is_yes(env.get("COOKIE_SECURE", "1")),
            trusted_proxies=int(env.get("TRUSTED_PROXIES", "0")),
            hash_cost=HashCost.read(env["IDENTITY_HASH_COST"]) if env.get("IDENTITY_HASH_COST") else HashCost(),
            outside=_outside(env),
        )
        settings._check()
        return settings

    def _check(self) -> None:
        if self.issuer != self.public_url:
            raise SettingsError("IDENTITY_ISSUER and PUBLIC_URL_IDENTITY are the same address")
        away = sorted(name for name, url in self.public_urls.items() if not _is_on_this_machine(url))
        if not away:
            return
        if not self.cookie_secure or self.clock_file is not None:
            raise SettingsError("COOKIE_SECURE=0 and CLOCK_FILE are for a suite on one machine only")
        plain = sorted(name for name in away if not self.public_urls[name].startswith("https://"))
        if plain:
            raise SettingsError(f"without https: {', '.join(plain)}")


def _outside(env: Mapping[str, str]) -> Outside:
    return Outside(
        sms_url=env["SMS_URL"],
        sms_sender=env.get("IDENTITY_SMS_SENDER", "Helsereg"),
        smtp_host=env["SMTP_HOST"],
        smtp_port=int(env["SMTP_PORT"]),
        mail_sender=env.get("IDENTITY_MAIL_SENDER", "ikke-svar@helseregister.example.no"),
        smtp_starttls=_is_yes(env.get("SMTP_STARTTLS", "0")),
    )


def _is_on_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


def _is_yes(text: str) -> bool:
    return text.lower() in _YES
