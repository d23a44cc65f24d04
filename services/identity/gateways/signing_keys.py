"""Signing keys as files that only the service's own user may read; several processes and machines share the folder."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from services.identity.domain.signing_keys import ALGORITHM, KeyAge, is_next_due, next_signs_from, shown, signing
from shared.scheduling.clock import Clock


class KeyFolderUnsafe(Exception):  # noqa: N818 - says what is
    """A key file may be read by others than its owner; the service must not start."""


@dataclass(frozen=True)
class _Kept:
    age: KeyAge
    key: ECKey
    path: Path


class SigningKeys:
    """The keys of one folder; read again when the folder changes."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._lock = threading.Lock()
        self._stamp = -1
        self._kept: dict[str, _Kept] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.make_next_if_due()

    def sign(self, claims: Mapping[str, Any], *, token_type: str) -> str:
        """The signed token; `token_type` is the header's `typ`."""
        kept = self._read()
        key_id = signing([one.age for one in kept.values()], self._clock.now()).key_id
        header = {"alg": ALGORITHM, "kid": key_id, "typ": token_type}
        return jwt.encode(header, dict(claims), kept[key_id].key, algorithms=[ALGORITHM])

    def public(self) -> dict[str, Any]:
        """The JSON Web Key Set that clients are shown."""
        kept = self._read()
        ages = shown([one.age for one in kept.values()], self._clock.now())
        return {"keys": [_public(kept[age.key_id].key) for age in ages]}

    def find(self, kid: str) -> ECKey | None:
        """The key with this id, for checking what was signed here."""
        kept = self._read().get(kid)
        return kept.key if kept is not None else None

    def make_next_if_due(self) -> bool:
        """Make the next key if it is time; two processes at once may make two, which does no harm."""
        ages = [one.age for one in self._read().values()]
        now = self._clock.now()
        if not is_next_due(ages, now):
            return False
        key = ECKey.generate_key("P-256", auto_kid=True)
        self._write(key, next_signs_from(ages, now))
        return True

    def remove_over(self) -> int:
        """Delete keys that no client needs any more; returns how many."""
        kept = self._read()
        needed = {age.key_id for age in shown([one.age for one in kept.values()], self._clock.now())}
        over = [one for key_id, one in kept.items() if key_id not in needed]
        for one in over:
            one.path.unlink(missing_ok=True)
        return len(over)

    def _read(self) -> dict[str, _Kept]:
        stamp = self._folder.stat().st_mtime_ns
        with self._lock:
            if stamp != self._stamp:
                found = [_load(path) for path in sorted(self._folder.glob("*.json"))]
                self._kept = {one.age.key_id: one for one in found}
                self._stamp = stamp
            return self._kept

    def _write(self, key: ECKey, signs_from: datetime) -> None:
        body = {"signs_from": signs_from.isoformat(), "key": key.as_dict(private=True)}
        fresh = self._folder / f".{key.kid}.{os.getpid()}"
        handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / f"{key.kid}.json")


def _load(path: Path) -> _Kept:
    if path.stat().st_mode & 0o077:
        raise KeyFolderUnsafe(path.name)
    body = json.loads(path.read_text(encoding="utf-8"))
    key = ECKey.import_key(body["key"])
    age = KeyAge(key_id=str(body["key"]["kid"]), signs_from=datetime.fromisoformat(body["signs_from"]))
    return _Kept(age, key, path)


def _public(key: ECKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}
