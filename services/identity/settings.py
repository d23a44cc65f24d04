"""Identity's settings: read once from the environment, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.environment import Environment, ServiceSettings, SettingsError

CLIENTS = ("registration", "eprom", "reservation", "release")
UPSTREAMS = ("helseid", "idporten")
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
class Upstreams:
    """The log-in providers that stand behind identity, by issuer, and our name there; none unless switched on."""

    issuers: Mapping[str, str]
    client_id: str


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """Everything identity is told from outside."""

    issuer: str
    public_urls: Mapping[str, str]
    hash_cost: HashCost
    outside: Outside
    upstreams: Upstreams

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
        """Read the environment; raises SettingsError."""
        wanted = _wanted_upstreams(env)
        given = Environment(env, (*REQUIRED, *wanted.values()))
        settings = cls(
            **given.common("identity"),
            issuer=given.address("IDENTITY_ISSUER"),
            public_urls={name: given.address(f"PUBLIC_URL_{name.upper()}") for name in ("identity", *CLIENTS)},
            hash_cost=HashCost.read(cost) if (cost := given.text("IDENTITY_HASH_COST")) else HashCost(),
            outside=_outside(given),
            upstreams=Upstreams(
                issuers={upstream: given.address(name) for upstream, name in wanted.items()},
                client_id=given.text("IDENTITY_UPSTREAM_CLIENT_ID", "identity"),
            ),
        )
        if settings.issuer != settings.public_url:
            raise SettingsError("IDENTITY_ISSUER and PUBLIC_URL_IDENTITY are the same address")
        return settings


def _wanted_upstreams(env: Mapping[str, str]) -> dict[str, str]:
    """The variable of the issuer of each provider that is switched on."""
    names = env.get("IDENTITY_UPSTREAMS", "").split()
    unknown = sorted(set(names) - set(UPSTREAMS))
    if unknown:
        raise SettingsError(f"IDENTITY_UPSTREAMS knows {' and '.join(UPSTREAMS)}, not {', '.join(unknown)}")
    return {name: f"{name.upper()}_ISSUER" for name in UPSTREAMS if name in names}


def _outside(given: Environment) -> Outside:
    return Outside(
        sms_url=given.text("SMS_URL"),
        sms_sender=given.text("IDENTITY_SMS_SENDER", "Helsereg"),
        smtp_host=given.text("SMTP_HOST"),
        smtp_port=given.number("SMTP_PORT"),
        mail_sender=given.text("IDENTITY_MAIL_SENDER", "ikke-svar@helseregister.example.no"),
        smtp_starttls=given.is_on("SMTP_STARTTLS"),
    )
