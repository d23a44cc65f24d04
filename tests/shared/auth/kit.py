"""A provider, a client and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.auth.oidc_client import OidcClient
from shared.auth.provider import Provider, ProviderSettings
from shared.scheduling.clock import FixedClock
from shared.testing.oidc import LocalProvider, Registered

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ISSUER = "http://identity.test"
CALLBACK = "http://registration.test/callback"
AFTER_LOGOUT = "http://registration.test/"
SECRET = "a secret with signs: %&+/="


class World:
    """One provider that knows one client, and the session of one visitor."""

    def __init__(self, **settings):
        self.clock = FixedClock(NOW)
        self.idp = LocalProvider(ISSUER, self.clock, algorithm=settings.pop("algorithm", "ES256"))
        self.idp.register(Registered(client_id="registration", redirect_uri=CALLBACK, secret=SECRET))
        self.seconds = 0.0
        self.provider = Provider(ISSUER, http=self.idp.http, monotonic=lambda: self.seconds)
        self.session = {}
        self.client = self.make_client(**settings)

    def make_client(self, **more):
        known = {"issuer": ISSUER, "client_id": "registration", "redirect_uri": CALLBACK}
        if "private_key" not in more:
            known["client_secret"] = SECRET
        settings = ProviderSettings(**{**known, "after_logout_uri": AFTER_LOGOUT, **more})
        return OidcClient(settings, self.provider, clock=self.clock, state=lambda: self.session)

    def log_in(self, return_to="/work-list", max_age=None, **claims):
        address = self.client.begin(return_to, max_age=max_age)
        return self.idp.log_in(address, {"sub": "7", "name": "Kari Prøve", **claims})
