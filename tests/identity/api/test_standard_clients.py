"""Two clients that are not ours sign in at the running provider, over HTTP, by what its discovery says."""

from __future__ import annotations

import time
from urllib.parse import urljoin

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import InvalidGrantError
from requests_oauthlib import OAuth2Session

from services.identity.domain.roles import RoleCode
from shared.scheduling.clock import SystemClock
from shared.testing.browser import served
from tests.identity.api.asking import VERIFIER, Client
from tests.identity.site import URLS, Site, fields, query
from tests.identity.world import HERE, PASSWORD

pytestmark = pytest.mark.req("IDN-09")
SCOPES = ["openid", "profile", "offline_access"]
CALLBACK, TIMEOUT, NONCE = f"{URLS['registration']}/callback", 20, "n" * 32


class Running:
    """The provider behind a socket, what its discovery says, and a person with a browser."""

    def __init__(self, site, address):
        self.site, self.address = site, address
        self.metadata = requests.get(f"{address}/.well-known/openid-configuration", timeout=TIMEOUT).json()
        self.secret = Client(site, browser=site.browser()).secret

    def sign_in(self, address):
        """A person who has not logged in goes where the client says; returns the address the browser ends at."""
        with requests.Session() as visitor:
            page = visitor.get(address, timeout=TIMEOUT)
            page = self.send(visitor, page, "/log-in", user_name="kari", password=PASSWORD)
            page = self.send(visitor, page, "/log-in/code", code=self.site.code())
            chosen = self.send(visitor, page, "/projects", allow_redirects=False)
            onward = urljoin(self.address, chosen.headers["Location"])
            return visitor.get(onward, timeout=TIMEOUT, allow_redirects=False).headers["Location"]

    def send(self, visitor, page, form, *, allow_redirects=True, **typed):
        sent = {**fields(page, form), **typed}
        return visitor.post(self.address + form, data=sent, timeout=TIMEOUT, allow_redirects=allow_redirects)

    def claims(self, token):
        """The id token as a standard client checks it, with the published keys."""
        keys = KeySet.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=TIMEOUT).json())
        algorithms = self.metadata["id_token_signing_alg_values_supported"]
        read = jwt.decode(token["id_token"], keys, algorithms=algorithms)
        known = {"nonce": NONCE, "client_id": "registration", "access_token": token["access_token"]}
        options = {"iss": {"value": self.metadata["issuer"]}, "aud": {"value": "registration"}}
        claims = CodeIDToken(read.claims, read.header, options, known)
        claims.validate(now=int(time.time()), leeway=10)
        return claims


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    folder, apps = tmp_path_factory.mktemp("running"), []
    with served(lambda *given: apps[0](*given)) as found:  # noqa: PLW0108  the app is made when its address is known
        address = found.replace("127.0.0.1", "localhost")
        site = Site(folder, f"sqlite:///{folder}/site.sqlite", issuer=address, clock=SystemClock())
        site.user_id = site.add("kari", (HERE, RoleCode.LC))
        apps.append(site.app)
        yield Running(site, address)
    site.database.engine.dispose()


@pytest.fixture(autouse=True)
def without_tls(monkeypatch):
    for library in ("AUTHLIB", "OAUTHLIB"):
        monkeypatch.setenv(f"{library}_INSECURE_TRANSPORT", "1")


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_authlib_signs_in_asks_who_it_is_refreshes_and_hands_back(running, method):
    told = running.metadata
    client = AuthlibSession(
        "registration",
        running.secret,
        scope=" ".join(SCOPES),
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
    )
    address, state = client.create_authorization_url(
        told["authorization_endpoint"], code_verifier=VERIFIER, nonce=NONCE
    )
    back = running.sign_in(address)
    assert (query(back)["state"], query(back)["iss"]) == (state, told["issuer"])
    token = client.fetch_token(told["token_endpoint"], authorization_response=back, state=state, code_verifier=VERIFIER)
    check_who(running, client, token)

    newer = client.refresh_token(told["token_endpoint"], refresh_token=token["refresh_token"])
    assert newer["refresh_token"] != token["refresh_token"]
    assert client.revoke_token(told["revocation_endpoint"], token=newer["refresh_token"]).status_code == 200
    with pytest.raises(OAuthError, match="invalid_grant"):
        client.refresh_token(told["token_endpoint"], refresh_token=newer["refresh_token"])
    assert client.get(told["userinfo_endpoint"], timeout=TIMEOUT).status_code == 401


def test_requests_oauthlib_signs_in_asks_who_it_is_refreshes_and_hands_back(running):
    told, proof = running.metadata, ("registration", running.secret)
    client = OAuth2Session("registration", redirect_uri=CALLBACK, scope=SCOPES, pkce="S256")
    address, state = client.authorization_url(told["authorization_endpoint"], nonce=NONCE)
    back = running.sign_in(address)
    assert (query(back)["state"], query(back)["iss"]) == (state, told["issuer"])
    token = client.fetch_token(told["token_endpoint"], authorization_response=back, client_secret=running.secret)
    check_who(running, client, token)

    newer = client.refresh_token(told["token_endpoint"], refresh_token=token["refresh_token"], auth=proof)
    assert newer["refresh_token"] != token["refresh_token"]
    sent = {"token": newer["refresh_token"], "token_type_hint": "refresh_token"}
    assert requests.post(told["revocation_endpoint"], data=sent, auth=proof, timeout=TIMEOUT).status_code == 200
    with pytest.raises(InvalidGrantError):
        client.refresh_token(told["token_endpoint"], refresh_token=newer["refresh_token"], auth=proof)
    assert client.get(told["userinfo_endpoint"], timeout=TIMEOUT).status_code == 401


def test_authlib_proves_itself_by_key(running):
    key = Client(running.site, browser=running.site.browser()).key()
    told = running.metadata
    client = AuthlibSession("registration", key, token_endpoint_auth_method="private_key_jwt")
    life = {"exp": int(time.time()) + 50}
    client.register_client_auth_method(PrivateKeyJWT(told["issuer"], life, {"kid": key.kid}, "ES256"))

    token = client.fetch_token(told["token_endpoint"], grant_type="client_credentials", audience="eprom")
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 600)


def check_who(running, client, token):
    claims = running.claims(token)
    known = client.get(running.metadata["userinfo_endpoint"], timeout=TIMEOUT).json()

    assert (claims["sub"], claims["role"], claims["organisation"]) == (str(running.site.user_id), "LC", 10)
    assert (claims["amr"], claims["acr"]) == (["pwd", "sms", "mfa"], "mfa")
    assert {name: claims[name] for name in known} == known
    assert (set(token["scope"].split()) if isinstance(token["scope"], str) else set(token["scope"])) == set(SCOPES)
