"""A token that a client shows or hands back, looked at with our own keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.identity.usecases.claims import ACCESS_TYPE
from services.identity.usecases.means import Means
from shared.auth.errors import TokenRefused
from shared.auth.keys import KeySource
from shared.auth.signed import Expected, moment_of, read_signed

OWN_AUDIENCE = "identity"


@dataclass(frozen=True, kw_only=True)
class HandedBack:
    """A token as revocation sees it; without `token_id` it is taken for a refresh token."""

    text: str = field(repr=False)
    client_id: str | None
    token_id: str | None
    expires_at: datetime | None

    def check_client(self, client: Any) -> bool:
        """Tell whether the token is the client's; whose a refresh token is, the store knows."""
        return self.client_id is None or bool(client.get_client_id() == self.client_id)


def find_handed_back(token: str, *, means: Means, keys: KeySource) -> HandedBack | None:
    """The token as something to revoke."""
    if token.count(".") != 2:  # noqa: PLR2004 - header, claims, signature
        return HandedBack(text=token, client_id=None, token_id=None, expires_at=None)
    try:
        claims = read_access_token(token, means=means, keys=keys)
    except TokenRefused:
        return None
    return HandedBack(
        text=token,
        client_id=claims.get("client_id"),
        token_id=claims.get("jti"),
        expires_at=moment_of(claims, "exp"),
    )


def read_access_token(token: str, *, means: Means, keys: KeySource) -> dict[str, Any]:
    """The claims of a user's access token that is good here; raises TokenRefused."""
    expected = Expected(issuer=means.issuer, audience=OWN_AUDIENCE, types=frozenset({ACCESS_TYPE}))
    return read_signed(token, expected, keys, means.clock.now())
