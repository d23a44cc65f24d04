"""The tables of some metadata in a new database, copied from one where they were made before."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, MetaData, inspect

from shared.db.engine import make_engine

_files: dict[MetaData, bytes] = {}


def lay_tables(engine: Engine, metadata: MetaData) -> None:
    """Make the tables in an empty database; one that has them already is left as it is."""
    file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
    if file and not file.exists():
        file.write_bytes(_file(metadata))
    elif not inspect(engine).has_table(next(iter(metadata.tables))):
        metadata.create_all(engine)


def _file(metadata: MetaData) -> bytes:
    """An SQLite file with the tables and nothing else."""
    if metadata not in _files:
        with TemporaryDirectory(prefix="laid-") as folder:
            engine = make_engine(f"sqlite:///{folder}/laid.sqlite")
            metadata.create_all(engine)
            engine.dispose()
            _files[metadata] = Path(folder, "laid.sqlite").read_bytes()
    return _files[metadata]
