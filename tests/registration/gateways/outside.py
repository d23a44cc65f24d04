"""The stand-ins of the outside world, reached as the gateways reach them."""

from __future__ import annotations

from deploy.standins.parts import EXTENSION
from services.registration.gateways.population import SCOPE, PersonService
from shared.auth.credentials import client_key
from shared.auth.helseid import HelseId
from shared.testing.wsgi_http import wsgi_http
from tests.outside import STANDINS, lay_keys, standins_at


class Outside:
    """The stand-ins, and an HTTP session that knows nothing else."""

    def __init__(self, folder, clock, *, is_dpop_required=True):
        self.keys, self.clock = folder / "keys", clock
        lay_keys(self.keys)
        self.app = standins_at(folder, self.keys, clock, is_dpop_required=is_dpop_required)
        self.http = wsgi_http({STANDINS: self.app})
        self.browser = self.app.test_client()

    @property
    def line(self):
        """The line to the stand-ins, to be cut or listened to."""
        return self.http.get_adapter(STANDINS)

    def person(self, family_name):
        return next(one for one in self.app.extensions[EXTENSION].people.all() if one.family_name == family_name)

    def fail(self, standin, kind, times=1):
        """Let a stand-in misbehave."""
        self.browser.post("/faults", json={"standin": standin, "kind": kind, "times": times})

    def asked(self, standin):
        """What a stand-in was asked."""
        return self.browser.get("/requests.json", query_string={"standin": standin}).json["requests"]

    def population(self, service="registration", scope=SCOPE):
        """The gateway to the population register."""
        key = client_key(self.keys, service)
        issuer = f"{STANDINS}/helseid"
        helseid = HelseId(issuer, service, private_key=key, scope=scope, clock=self.clock, http=self.http)
        return PersonService(f"{STANDINS}/population", helseid)
