"""Where a stack keeps its files, on which ports it listens, and by which passwords its parts know each other."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.environment import SERVICES
from deploy.processes import free_port

DATABASES = (*SERVICES, "persons")
HOST = "localhost"


@dataclass(frozen=True)
class StackPlace:
    """One stack. Pages are on `port` and the next ones; the other ports are chosen at each start."""

    folder: Path
    port: int
    database_port: int = field(default_factory=free_port)
    broker_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"http://{HOST}:{self.port}"

    @property
    def keys(self) -> Path:
        """The folder of keys."""
        return self.folder / "keys"

    def port_of(self, service: str) -> int:
        """The port of a service."""
        return self.port + 1 + SERVICES.index(service)

    def worker_port_of(self, service: str) -> int:
        """The port where a service's worker tells machines how it is doing."""
        return self.port_of(service) + len(SERVICES)

    def url_of(self, service: str) -> str:
        """The address of a service."""
        return f"http://{HOST}:{self.port_of(service)}"

    def prepare(self) -> None:
        """Make the folders that are missing; keys only for the owner."""
        for name in ("files", "log", *(f"metrics/{service}" for service in SERVICES)):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)

    def passwords(self) -> Mapping[str, str]:
        """The passwords of the databases' and the broker's users, made at the first call."""
        path = self.keys / "stack_passwords.json"
        if not path.exists():
            made = {name: secrets.token_urlsafe(24) for name in (*DATABASES, *map(broker_user, SERVICES))}
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(made, file)
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return known


def broker_user(service: str) -> str:
    """The name by which a service knows its password at the broker."""
    return f"{service}_broker"
