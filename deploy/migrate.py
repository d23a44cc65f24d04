"""`python -m deploy.migrate upgrade|check NAME URL`, `new NAME "sentence"`: migrations of one database.

`rebuild URL` reads every document of registration again into the tables that are made from definitions.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for whoever asks only where migrations lie
    from sqlalchemy import MetaData

    from shared.db.migrate import Migrations

ROOT = Path(__file__).resolve().parents[1]
# Each database: where its tables stand, and where its migrations lie.
DATABASES = {
    "identity": ("services.identity.store.tables", "Base", "services/identity/migrations"),
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


def folder_of(name: str) -> Path:
    """Where the migrations of a database lie."""
    return ROOT / DATABASES[name][2]


def migrations(name: str, url: str) -> Migrations:
    """The migrations of one database at an address."""
    from shared.db.migrate import Migrations

    return Migrations(folder_of(name), metadata_of(name), url)


def upgrade(name: str, url: str) -> None:
    """Bring a database up to the newest revision, and its tables made from definitions up to the definitions."""
    migrations(name, url).upgrade()
    if name == "registration":
        make_typed_tables(url)


def make_typed_tables(url: str, *, anew: bool = False) -> int:
    """Bring registration's typed tables up to date, or fill all of them anew; returns how many courses were read."""
    from services.registration.store.store import Store
    from services.registration.store.tables import KIT
    from services.registration.usecases.make_typed_tables import make_typed_tables as make
    from shared.db.database import Database
    from shared.db.engine import make_engine
    from shared.outbox.unit_of_work import UnitOfWork
    from shared.scheduling.clock import SystemClock

    engine = make_engine(url)
    try:
        return make(UnitOfWork(Database(engine), Store, KIT, clock=SystemClock()), anew=anew)
    finally:
        engine.dispose()


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
            upgrade(name, url)
        case ["rebuild", url]:
            sys.stdout.write(f"{make_typed_tables(url, anew=True)}\n")
        case ["check", name, url] if name in DATABASES:
            migrations(name, url).check()
        case _:
            sys.stderr.write(f"{__doc__}\nDatabases: {', '.join(DATABASES)}\n")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
