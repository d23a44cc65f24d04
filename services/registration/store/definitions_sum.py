"""Tells without reading them whether the definitions of forms, or how tables are made of them, have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]


def definitions_sum() -> str:
    """The SHA-256, in hex, of everything that the tables made from definitions depend on."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(f"{path.relative_to(_ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield Path(__file__).with_name("typed_tables.py")
    for folder, patterns in (("shared/forms", ("*.py",)), ("shared/registries", ("*/forms/*/*.yaml", "*/*/*.csv"))):
        yield from sorted(path for pattern in patterns for path in (_ROOT / folder).glob(pattern))
