"""What the provider says of itself is true, and keys change without a log-in that fails."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from services.identity.gateways.client_channel import HttpClientChannel
from services.identity.usecases.clean_up import rotate_keys
from services.identity.usecases.tell_client import tell_client
from shared.auth.logout import read_logout
from shared.auth.oidc_client import OidcClient
from shared.auth.provider import Provider, ProviderSettings
from shared.testing.wsgi_http import wsgi_http
from tests.identity.api.asking import Client
from tests.identity.site import ISSUER, fields, query

pytestmark = pytest.mark.req("IDN-09")
HOUR = timedelta(hours=1)


class Service:
    """A client of the suite itself, which keeps the provider's keys for ten minutes."""

    def __init__(self, client):
        self.client, self.state, self.seconds = client, {}, 0.0
        http = wsgi_http({ISSUER: client.site.app})
        self.provider = Provider(ISSUER, http=http, monotonic=lambda: self.seconds)
        self.settings = ProviderSettings(
            issuer=ISSUER,
            client_id=client.name,
            client_secret=client.secret,
            redirect_uri=client.callback,
            after_logout_uri="http://localhost:8002/",
        )
        self.oidc = OidcClient(self.settings, self.provider, clock=client.site.clock, state=lambda: self.state)

    def move(self, span):
        self.seconds += span.total_seconds()
        self.client.site.clock.move(span)

    def log_in(self, browser):
        address = self.oidc.begin("/").removeprefix(ISSUER)
        return self.oidc.complete(query(browser.get(address).location))


@pytest.fixture
def service(client):
    return Service(client)


def test_discovery_names_doors_that_are_there_and_nothing_else(client):
    told = client.program.get("/.well-known/openid-configuration").json
    doors = {name: address for name, address in told.items() if name.endswith(("_endpoint", "_uri"))}

    assert told["issuer"] == ISSUER
    assert set(doors) == {
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "revocation_endpoint",
        "jwks_uri",
        "end_session_endpoint",
    }
    for address in doors.values():
        assert client.program.get(address.removeprefix(ISSUER)).status_code not in {404, 500}


def test_every_way_of_proof_that_discovery_names_works(client):
    told = client.program.get("/.well-known/openid-configuration").json
    asked = {"grant_type": "client_credentials", "audience": "eprom"}
    proofs = {
        "client_secret_basic": {},
        "client_secret_post": {"headers": {}, "client_id": client.name, "client_secret": client.secret},
        "private_key_jwt": {"headers": {}, **client.assertion(client.key())},
    }

    assert set(told["token_endpoint_auth_methods_supported"]) == set(proofs)
    assert set(told["revocation_endpoint_auth_methods_supported"]) == set(proofs)
    assert [client.post(**asked, **proof).status_code for proof in proofs.values()] == [200, 200, 200]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]


def test_the_id_token_says_what_discovery_promises(client, service):
    told = client.program.get("/.well-known/openid-configuration").json
    body = service.log_in(client.browser).body

    assert set(told["claims_supported"]) <= set(body)
    assert body["acr"] in told["acr_values_supported"]


def test_the_published_keys_are_public(client):
    shown = client.program.get("/api/oauth/jwks").json["keys"]

    assert [set(key) for key in shown] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}] * len(shown)
    assert shown


def test_keys_change_every_month_and_no_log_in_fails(client, service):
    """Over a month and hour by hour around the change: tokens from before a change count after it, and those after it at once."""
    site, kids = client.site, set()
    for hours in (1, 700, 17, 1, 1, 1, 1, 22, 1, 1):
        service.move(hours * HOUR)
        rotate_keys(keys=site.parts.keys)
        browser = site.logged_in("kari")
        bearer = Client(site, browser=browser)
        token = bearer.tokens()["access_token"]
        service.move(timedelta(minutes=9))
        rotate_keys(keys=site.parts.keys)
        assert bearer.userinfo(token).status_code == 200
        assert service.log_in(browser).body["sub"] == str(site.user_id)
        kids |= {key["kid"] for key in client.program.get("/api/oauth/jwks").json["keys"]}

    assert len(kids) == 2
    assert len(client.program.get("/api/oauth/jwks").json["keys"]) == 1


@pytest.mark.req("IDN-08")
def test_a_client_is_told_of_a_log_out_in_words_it_can_check(client, service):
    site, told = client.site, []
    sid = service.log_in(client.browser).sid
    page = client.browser.get("/my-page")
    client.browser.post("/log-out", data=fields(page, "/log-out"))
    doors = wsgi_http({"http://localhost:8002": lambda environ, start: _hear(environ, start, told)})
    channel = HttpClientChannel(site.parts.clients, doors)
    notices = [
        dict(arguments if isinstance(arguments, dict) else json.loads(arguments))
        for arguments in site.jobs("tell_client")
    ]
    means = site.parts.means
    tell_client(notices[0]["notice_id"], issuer=ISSUER, signer=means.signer, channel=channel, uow=site.uow)

    path, token = told[0]
    notice = read_logout(service.settings, service.provider, token, site.clock)
    assert (path, notice.sid, notice.subject) == ("/backchannel-logout", sid, str(site.user_id))


def _hear(environ, start, told):
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    told.append((environ["PATH_INFO"], query(f"?{body}")["logout_token"]))
    start("200 OK", [])
    return [b""]
