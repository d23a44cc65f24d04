"""Migrations of one database: numbered files, one runner at a time, no lock longer than four seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, MetaData, text

from shared.db.engine import make_engine

_LOCK = 7_351_002
_COMMON = Path(__file__).parent / "alembic"
_PLAIN = {
    "UtcDateTime": "sa.DateTime(timezone=True)",
    "JSON": "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')",
}


class MigrationDrift(Exception):  # noqa: N818 - says what is
    """The tables in the code and those that the migrations make are not the same."""


class Migrations:
    """The migrations of one database, in `folder`; `metadata` is what the code expects."""

    def __init__(self, folder: Path, metadata: MetaData, url: str) -> None:
        self._folder, self._url = folder, url
        self._config = Config()
        self._config.set_main_option("script_location", str(_COMMON))
        self._config.set_main_option("version_locations", str(folder))
        self._config.set_main_option("path_separator", "newline")
        self._config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        self._config.attributes["metadata"] = metadata
        self._config.attributes["options"] = {
            "compare_type": True,
            "render_as_batch": True,
            "transaction_per_migration": True,
            "render_item": _rendered,
            "include_name": _is_ours,
            "include_object": lambda _item, name, kind, _is_there, _other: _is_ours(name, kind, None),
        }

    def head(self) -> str | None:
        """The newest revision there is."""
        return ScriptDirectory.from_config(self._config).get_current_head()

    def current(self) -> str | None:
        """The revision of the database."""
        with self._connection() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def upgrade(self, to: str = "head") -> None:
        """Bring the database up to a revision; two at once wait for each other."""
        with self._connection():
            command.upgrade(self._config, to)

    def downgrade(self, to: str) -> None:
        """Take the database back to a revision, or to "base"."""
        with self._connection():
            command.downgrade(self._config, to)

    def check(self) -> None:
        """Raise MigrationDrift when the code expects other tables than the migrations have made."""
        with self._connection():
            try:
                command.check(self._config)
            except CommandError as error:
                raise MigrationDrift(str(error)) from None

    def new(self, sentence: str) -> Path:
        """Write the next numbered migration from the difference between code and database."""
        number = f"{len(list(self._folder.glob('[0-9]*.py'))) + 1:04d}"
        with self._connection():
            command.revision(self._config, sentence, autogenerate=True, rev_id=number)
        return next(self._folder.glob(f"{number}_*.py"))

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        engine = make_engine(self._url)
        try:
            with engine.connect() as connection:
                is_postgresql = connection.dialect.name == "postgresql"
                if is_postgresql:
                    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
                    connection.execute(text("SET lock_timeout = '4s'"))
                    connection.commit()
                else:
                    # SQLite changes a table by putting another in its place; rows that refer to it must not go along.
                    connection.connection.cursor().execute("PRAGMA foreign_keys=OFF").close()
                self._config.attributes["connection"] = connection
                yield connection
                connection.rollback()
                if is_postgresql:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
                    connection.commit()
        finally:
            engine.dispose()


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Tables made from form definitions have no migrations."""
    return not (kind == "table" and (name or "").startswith("x_"))


def _rendered(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations never import the suite's own types: they must still run when those have changed."""
    return _PLAIN.get(type(item).__name__, False) if kind == "type" else False
