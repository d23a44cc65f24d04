"""What we know of a log-in provider: our registration there, and its published metadata and keys."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from shared.auth.assertion import PrivateKey
from shared.auth.errors import ProviderUnavailable
from shared.auth.keys import RemoteKeys

TIMEOUT_SECONDS = (3.05, 10)
METADATA_LIVES_SECONDS = 86_400.0
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """Our registration at one provider.

    Give `client_secret` (sent by HTTP Basic) or `private_key` (a JSON Web Key or PEM; signed assertions). `acr` lists
    the levels that are good enough, the first is asked for unless `asked_level` says otherwise; empty accepts any;
    `level_claim` is where the provider tells the level. `keep_id_token` stores the id token in the session for log-out;
    never for a provider whose tokens carry national numbers. `bound_tokens` proves a key with each request for tokens.
    """

    issuer: str
    client_id: str
    redirect_uri: str
    after_logout_uri: str
    client_secret: str | None = field(default=None, repr=False)
    private_key: PrivateKey | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ("openid", "profile")
    acr: tuple[str, ...] = ()
    algorithms: frozenset[str] = frozenset({"ES256"})
    asked_level: str = ""
    level_claim: str = "acr"
    pushed_requests: bool = False
    bound_tokens: bool = False
    keep_id_token: bool = False

    def __post_init__(self) -> None:
        if (self.client_secret is None) == (self.private_key is None):
            raise ValueError("a client has a secret or a private key, one of them")


def inside_http() -> requests.Session:
    """Return an HTTP session that ignores proxies and password files of the machine: for calls inside the suite."""
    session = requests.Session()
    session.trust_env = False
    return session


class Provider:
    """Metadata and keys of one issuer, fetched when first needed and kept for a day."""

    def __init__(
        self,
        issuer: str,
        *,
        http: requests.Session | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self.http = http or inside_http()
        self.keys = RemoteKeys(self._fetch_keys, monotonic=monotonic)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] | None = None
        self._read_at = 0.0

    @property
    def origin(self) -> str:
        """Scheme, host and port of the issuer."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def metadata(self) -> Mapping[str, Any]:
        """Return the discovery document; raises ProviderUnavailable if it cannot be had or speaks of another issuer."""
        with self._lock:
            if self._metadata is None or self._monotonic() - self._read_at > METADATA_LIVES_SECONDS:
                self._metadata = self._discover()
                self._read_at = self._monotonic()
            return self._metadata

    def _discover(self) -> dict[str, Any]:
        found = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer or not all(isinstance(found.get(name), str) for name in NEEDED):
            raise ProviderUnavailable("metadata")
        return found

    def _fetch_keys(self) -> Mapping[str, Any]:
        return self._get(self.metadata()["jwks_uri"])

    def _get(self, address: str) -> dict[str, Any]:
        try:
            response = self.http.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            response.raise_for_status()
            found = response.json()
        except (requests.RequestException, ValueError) as error:
            raise ProviderUnavailable("no answer") from error
        if response.status_code != requests.codes.ok or not isinstance(found, dict):
            raise ProviderUnavailable("answer")
        return found
