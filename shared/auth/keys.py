"""Public keys of a token issuer: fetched once, fetched again when a token names a key not seen before."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from shared.auth.errors import ProviderUnavailable

REFRESH_PAUSE_SECONDS = 10.0
KEYS_LIVE_SECONDS = 600.0

PublicKey = ECKey | RSAKey


class KeySource(Protocol):
    """Where a token's signing key is looked up."""

    def find(self, kid: str) -> PublicKey | None:
        """Return the public key with this id, or None."""


class FixedKeys:
    """Keys given once, as a JSON Web Key Set."""

    def __init__(self, key_set: Mapping[str, Any]) -> None:
        self._keys = read_keys(key_set)

    def find(self, kid: str) -> PublicKey | None:
        """Return the public key with this id, or None."""
        return self._keys.get(kid)


class RemoteKeys:
    """Keys fetched from the issuer and kept; an unknown id fetches anew, at most once in ten seconds."""

    def __init__(
        self, fetch: Callable[[], Mapping[str, Any]], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._keys: dict[str, PublicKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None

    def find(self, kid: str) -> PublicKey | None:
        """Return the public key with this id, or None; raises ProviderUnavailable only if no keys are known at all."""
        known = self._keys.get(kid)
        # A known key is never kept waiting for a fetch that somebody else has begun.
        if (known is None or self._is_old()) and self._lock.acquire(blocking=known is None):
            try:
                self._refresh()
            finally:
                self._lock.release()
        if self._fetched_at is None:
            raise ProviderUnavailable("keys")
        return self._keys.get(kid)

    def _is_old(self) -> bool:
        return self._fetched_at is None or self._monotonic() - self._fetched_at > KEYS_LIVE_SECONDS

    def _refresh(self) -> None:
        now = self._monotonic()
        if self._tried_at is not None and now - self._tried_at < REFRESH_PAUSE_SECONDS:
            return
        self._tried_at = now
        try:
            self._keys = read_keys(self._fetch())
        except ProviderUnavailable:
            return  # known keys stay good while the issuer is away
        self._fetched_at = now


def read_keys(key_set: Mapping[str, Any]) -> dict[str, PublicKey]:
    """Return the signing keys of a key set by id; symmetric, unnamed and encryption keys are left out."""
    found: dict[str, PublicKey] = {}
    for entry in key_set.get("keys", ()):
        if entry.get("kty") not in {"EC", "RSA"} or entry.get("use", "sig") != "sig" or not entry.get("kid"):
            continue
        try:
            key = JWKRegistry.import_key(entry)
        except (JoseError, ValueError):
            continue
        if isinstance(key, ECKey | RSAKey):
            found[entry["kid"]] = key
    return found
