"""Encrypted extracts in a folder of this service; the names are ids and tell nothing."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from services.registration.domain.errors import NotFound

_ID = re.compile(r"[0-9a-f]{32}")


class FolderOfExtracts:
    """Keeps files for their owner only; a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, extract_id: str, content: bytes) -> str:
        """Keep the encrypted file and return its SHA-256 in hex."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(extract_id)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        return hashlib.sha256(content).hexdigest()

    def read(self, extract_id: str) -> bytes:
        """The encrypted file; raises NotFound."""
        try:
            return self._path(extract_id).read_bytes()
        except FileNotFoundError:
            raise NotFound from None

    def remove(self, extract_id: str) -> None:
        """Delete the file, if it is there, and what a crash has left of its writing."""
        path = self._path(extract_id)
        for found in (path, *self._folder.glob(f".{path.name}.*")):
            found.unlink(missing_ok=True)

    def _path(self, extract_id: str) -> Path:
        if not _ID.fullmatch(extract_id):
            raise NotFound
        return self._folder / f"{extract_id}.age"
