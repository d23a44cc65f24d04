"""Makes what a suite needs before it runs: folder, keys, tables, demo data. A start cut off leaves no trace."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from deploy import migrate
from deploy.embedded.environment import Place, environment
from deploy.processes import CannotStart, for_modules, python, run
from services.registration.store.definitions_sum import definitions_sum
from shared.garbage import spare_what_stays

ADDRESSES = {name: f"{name.upper()}_DATABASE_URL" for name in migrate.DATABASES if name != "persons"}
ADDRESSES["persons"] = "REGISTRATION_PERSONS_DATABASE_URL"
_MADE = "identity.sqlite"


def prepare(place: Place) -> None:
    """Make the folder if there is none, else bring its tables up to date."""
    if (place.folder / _MADE).exists():
        place.prepare()
        upgrade(environment(place))
        return
    # Everything is made in a folder beside it, which takes its name when it is complete; in a process of its own,
    # so that nobody has a file open by its old name.
    new = place.folder.with_name(f"{place.folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    command = python(__name__, str(new), str(place.port), str(place.smtp_port))
    if run(command, for_modules(os.environ)) != 0:
        raise CannotStart("The first start failed; nothing is left of it.")
    new.rename(place.folder)


def upgrade(env: Mapping[str, str]) -> None:
    """Bring all databases up to their newest revision."""
    for name, variable in ADDRESSES.items():
        if not _is_newest(name, env[variable]):
            migrate.upgrade(name, env[variable])


def _is_newest(name: str, url: str) -> bool:
    """Tell by one look into an SQLite file, without the tools for migrations, that there is nothing to do."""
    path = Path(url.removeprefix("sqlite:///"))
    if not path.is_file():
        return False
    newest = max(file.name for file in migrate.folder_of(name).glob("[0-9]*.py"))
    wanted = {"SELECT version_num FROM alembic_version": newest.split("_", 1)[0]}
    if name == "registration":
        wanted["SELECT definitions FROM x_made"] = definitions_sum()
    with closing(sqlite3.connect(path)) as connection:
        try:
            return all(connection.execute(query).fetchall() == [(one,)] for query, one in wanted.items())
        except sqlite3.OperationalError:
            return False


def _make(place: Place) -> None:
    from deploy.demo.load import load_demo
    from deploy.standins.client_keys import ensure_client_keys

    spare_what_stays()
    env = environment(place)
    place.prepare()
    ensure_client_keys(place.folder / "keys")
    upgrade(env)
    load_demo(env)


if __name__ == "__main__":
    _make(Place(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
