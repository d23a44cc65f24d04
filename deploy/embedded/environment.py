"""The settings of the embedded profile, as environment variables, all under one folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SERVICES = ("identity", "registration", "eprom", "reservation", "release")

_HOST = "localhost"


@dataclass(frozen=True)
class Place:
    """Where an embedded suite keeps its files and listens."""

    folder: Path
    port: int
    smtp_port: int

    @property
    def url(self) -> str:
        """The address of the landing page."""
        return f"http://{_HOST}:{self.port}"

    def prepare(self) -> None:
        """Make the folders that are missing; keys only for the owner."""
        for name in ("", "files", "metrics", "log"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "keys").mkdir(mode=0o700, exist_ok=True)


def environment(place: Place) -> dict[str, str]:
    """Every variable the services and stand-ins read, on top of what this process has."""
    folder, url = place.folder, place.url
    own = {
        "PROFILE": "embedded",
        "BUS_URL": f"sqlitebus:///{folder}/bus.sqlite",
        "KEYS_DIR": str(folder / "keys"),
        "FILES_DIR": str(folder / "files"),
        "CLOCK_FILE": str(folder / "clock"),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "COOKIE_SECURE": "0",
        "ACCEPT_SYNTHETIC": "1",
        "STANDINS_DB": str(folder / "standins.sqlite"),
        "REGISTRATION_PERSONS_DATABASE_URL": f"sqlite:///{folder}/persons.sqlite",
    }
    for service in SERVICES:
        own[f"PUBLIC_URL_{service.upper()}"] = f"{url}/{service}"
        own[f"{service.upper()}_DATABASE_URL"] = f"sqlite:///{folder}/{service}.sqlite"
    own["IDENTITY_ISSUER"] = own["PUBLIC_URL_IDENTITY"]
    return {**os.environ, **own, **outside(f"{url}/standins", place.smtp_port)}


def outside(standins: str, smtp_port: int) -> dict[str, str]:
    """Where the services find the outside world when stand-ins play it."""
    return {
        "PUBLIC_URL_STANDINS": standins,
        "IDPORTEN_ISSUER": f"{standins}/idporten",
        "HELSEID_ISSUER": f"{standins}/helseid",
        "MASKINPORTEN_ISSUER": f"{standins}/maskinporten",
        "POPULATION_URL": f"{standins}/population",
        "KRR_URL": f"{standins}/krr",
        "HELSENORGE_URL": f"{standins}/helsenorge",
        "DIGIPOST_URL": f"{standins}/digipost",
        "SMS_URL": f"{standins}/sms",
        "ARCHIVE_URL": f"{standins}/archive",
        "NATIONAL_EPROM_URL": f"{standins}/national",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
    }
