"""A registered client: where it may be answered, what it may ask for, whom it may call."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

SCOPES = ("openid", "profile", "offline_access")
GRANTS = ("authorization_code", "refresh_token", "client_credentials")
AUDIENCES = ("identity", "registration", "eprom", "reservation", "release")


@dataclass(frozen=True, kw_only=True)
class Client:
    """One registered client. Its secret is known here as a hash only."""

    client_id: str
    secret_hash: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    after_logout_uris: tuple[str, ...]
    backchannel_logout_uri: str

    def has_secret(self, given: str) -> bool:
        """Tell whether the secret is right, in a time that tells nothing."""
        return hmac.compare_digest(secret_hash(given), self.secret_hash)

    def may_call(self, audience: str) -> bool:
        """Tell whether the client may have a token for a service: any but itself."""
        return audience in AUDIENCES and audience != self.client_id


def secret_hash(secret: str) -> str:
    """What is kept of a client's secret; a fast hash is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
