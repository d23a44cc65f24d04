"""Access tokens checked here, without asking anybody: signature, issuer, audience, times and type."""

from shared.auth.claims import token_principal
from shared.auth.keys import KeySource
from shared.auth.principal import Principal
from shared.auth.signed import Expected, read_signed
from shared.scheduling.clock import Clock

ACCESS_TOKEN_TYPES = frozenset({"at+jwt", "application/at+jwt"})


class TokenChecker:
    """Checks identity's access tokens for one audience (the name of the service that is called)."""

    def __init__(self, issuer: str, audience: str, keys: KeySource, clock: Clock) -> None:
        self._expected = Expected(issuer=issuer, audience=audience, types=ACCESS_TOKEN_TYPES)
        self._keys = keys
        self._clock = clock

    def check(self, bearer: str) -> Principal:
        """Return who the token speaks of, or raise TokenRefused (ProviderUnavailable if no key was ever fetched)."""
        return token_principal(read_signed(bearer, self._expected, self._keys, self._clock.now()))
