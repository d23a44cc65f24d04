"""Encrypted delivery files in a folder of this service; the names are ids and tell nothing."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

_ID = re.compile(r"[0-9a-f]{32}")


class FolderOfFiles:
    """Keeps files for their owner only; a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, extract_id: str, content: bytes) -> None:
        """Keep a file, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(extract_id)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def read(self, extract_id: str) -> bytes | None:
        """Return a file, or None if it is not here."""
        try:
            return self._path(extract_id).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, extract_id: str) -> None:
        """Delete a file; one that is not here is no fault."""
        self._path(extract_id).unlink(missing_ok=True)

    def _path(self, extract_id: str) -> Path:
        if not _ID.fullmatch(extract_id):
            raise ValueError("not the id of an extract")
        return self._folder / f"{extract_id}.age"
