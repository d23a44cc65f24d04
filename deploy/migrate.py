"""`python -m deploy.migrate upgrade|check|new SERVICE ["sentence"]`: migrations of one service or of all."""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from shared.db.migrate import Migrations

ROOT = Path(__file__).resolve().parents[1]
# Each database: where its tables stand, and where its migrations lie.
DATABASES = {
    "registration": ("services.registration.store.tables", "Base", "services/registration/migrations"),
    "persons": ("services.registration.store.person_tables", "PersonBase", "services/registration/migrations/persons"),
    "reservation": ("services.reservation.store.tables", "Base", "services/reservation/migrations"),
    "release": ("services.release.store.tables", "Base", "services/release/migrations"),
    "eprom": ("services.eprom.store.tables", "Base", "services/eprom/migrations"),
}


def metadata_of(name: str) -> MetaData:
    """The tables the code expects in a database."""
    module, base, _folder = DATABASES[name]
    metadata: MetaData = getattr(import_module(module), base).metadata
    return metadata


def migrations(name: str, url: str) -> Migrations:
    """The migrations of one database at an address."""
    return Migrations(ROOT / DATABASES[name][2], metadata_of(name), url)


def new(name: str, sentence: str) -> Path:
    """Write a migration: bring an empty database up to the newest revision, then compare it with the code."""
    with tempfile.TemporaryDirectory() as folder:
        work = migrations(name, f"sqlite:///{folder}/new.sqlite")
        work.upgrade()
        return work.new(sentence)


def main(arguments: list[str]) -> int:
    """Run one command of this tool."""
    match arguments:
        case ["new", name, sentence] if name in DATABASES:
            sys.stdout.write(f"{new(name, sentence)}\n")
        case ["upgrade", name, url] if name in DATABASES:
            migrations(name, url).upgrade()
        case ["check", name, url] if name in DATABASES:
            migrations(name, url).check()
        case _:
            sys.stderr.write(f"{__doc__}\nDatabases: {', '.join(DATABASES)}\n")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
