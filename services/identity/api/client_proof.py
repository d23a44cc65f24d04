"""How a client proves itself: its secret or an assertion signed with its key (RFC 7523), never two ways at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import extract_compact
from werkzeug.datastructures import Headers, MultiDict

from services.identity.domain.errors import RuleBroken
from services.identity.usecases.means import Means
from services.identity.usecases.ports import PublishedClientKeys
from services.identity.usecases.use_assertion import use_assertion
from shared.auth.assertion import ASSERTION_TYPE
from shared.auth.errors import TokenRefused
from shared.auth.keys import PublicKey
from shared.auth.signed import LEEWAY, Expected, moment_of, read_signed

BY_KEY = "private_key_jwt"
AUTH_METHODS = ("client_secret_basic", "client_secret_post", BY_KEY)
ALGORITHMS = ("ES256", "PS256", "RS256")
TYPES = frozenset({"", "jwt", "client-authentication+jwt"})
LONGEST_LIFE = timedelta(seconds=60)
LONGEST_ID = 200


@dataclass(frozen=True)
class _OneKey:
    key: PublicKey | None

    def find(self, kid: str) -> PublicKey | None:
        """The client's key, if it has this id."""
        return self.key if self.key is not None and self.key.kid == kid else None


def ways(headers: Headers, form: MultiDict[str, str]) -> int:
    """How many ways of proof a request brings along."""
    by_key = "client_assertion" in form or "client_assertion_type" in form
    return sum(["Authorization" in headers, "client_secret" in form, by_key])


def by_assertion(means: Means, keys: PublishedClientKeys) -> Callable[[Callable[[str], Any], Any], Any]:
    """A function for the protocol library: the client whose good and unused assertion a request brings, or None."""

    def client_of(find: Callable[[str], Any], request: Any) -> Any:
        form = request.form
        client = find(form.get("client_id", _subject(form.get("client_assertion", ""))))
        if client is None or form.get("client_assertion_type") != ASSERTION_TYPE:
            return None
        try:
            _check(form.get("client_assertion", ""), client.client_id, means, keys)
        except (TokenRefused, RuleBroken):
            return None
        return client

    return client_of


def _subject(text: str) -> str:
    """Whom an assertion speaks of, before anything of it is known to be true; only to find the key by."""
    try:
        return str(json.loads(extract_compact(text.encode()).payload)["sub"])
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _check(text: str, client_id: str, means: Means, keys: PublishedClientKeys) -> None:
    # The issuer alone as audience: an assertion made for somebody else's token endpoint is worth nothing here.
    expected = Expected(issuer=client_id, audience=means.issuer, types=TYPES, algorithms=frozenset(ALGORITHMS))
    claims = read_signed(text, expected, _OneKey(keys.of(client_id)), means.clock.now())
    issued, expires, name = moment_of(claims, "iat"), moment_of(claims, "exp"), claims.get("jti")
    if claims["aud"] != means.issuer or claims.get("sub") != client_id:
        raise TokenRefused("audience")
    if issued is None or expires is None or expires - issued > LONGEST_LIFE or means.clock.now() >= expires:
        raise TokenRefused("life")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
        raise TokenRefused("jti")
    use_assertion(client_id, name, expires + LEEWAY, uow=means.uow)
