"""Master keys: a file of named keys, the newest in use, older ones for reading."""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_KEY_BYTES = 32


class KeyMissing(Exception):  # noqa: N818 - says what is
    """The key that sealed a value is not in the ring."""


@dataclass(frozen=True, repr=False)
class KeyRing:
    """Keys of 256 bits by id; `current_id` seals, all of them open. A key added later is looked for in `file`."""

    current_id: str
    keys: dict[str, bytes]
    file: Path | None = None

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read `{"current": id, "keys": {id: hex}}`."""
        body = json.loads(path.read_text(encoding="utf-8"))
        keys = {name: bytes.fromhex(text) for name, text in body["keys"].items()}
        if body["current"] not in keys or any(len(key) != _KEY_BYTES for key in keys.values()):
            raise KeyMissing(path.name)
        return cls(body["current"], keys, path)

    def key(self, key_id: str) -> bytes:
        """The key with this id; raises KeyMissing."""
        if key_id not in self.keys and self.file is not None:
            self.keys.update(KeyRing.from_file(self.file).keys)
        try:
            return self.keys[key_id]
        except KeyError:
            raise KeyMissing(key_id) from None


def create_key_file(path: Path) -> None:
    """Write a ring with one fresh key, readable by its owner only; an existing file is left alone."""
    _write_new(path, {"current": "k1", "keys": {"k1": secrets.token_hex(_KEY_BYTES)}})


def prepare_key_files(folder: Path, names: Iterable[str]) -> None:
    """Make the rings that are missing; for a machine of one's own, elsewhere somebody must have put them there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        create_key_file(folder / name)


def add_key(path: Path) -> str:
    """Add a fresh key, make it the current one and return its id."""
    body = json.loads(path.read_text(encoding="utf-8"))
    name = f"k{len(body['keys']) + 1}"
    body["keys"][name], body["current"] = secrets.token_hex(_KEY_BYTES), name
    fresh = path.with_suffix(".new")
    _write_new(fresh, body)
    fresh.replace(path)
    return name


def _write_new(path: Path, body: object) -> None:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(body, file)
