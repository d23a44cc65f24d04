"""A client of the provider in tests: what a good one sends, to be spoilt by the test, and what the provider keeps."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets

from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import select

from services.identity.domain.roles import RoleCode
from services.identity.store.log_in_tables import ClientSessionRow, CodeRow, RefreshRow, RevokedTokenRow
from shared.auth.assertion import ASSERTION_TYPE
from tests.identity.site import ISSUER, URLS, query
from tests.identity.world import HERE

TOKEN, REVOKE, USERINFO = "/api/oauth/token", "/api/oauth/revoke", "/api/oauth/userinfo"
VERIFIER = "v" * 20 + "-._~" + "0" * 24
KEPT = (CodeRow, RefreshRow, RevokedTokenRow, ClientSessionRow)


def challenge_of(verifier):
    return half(hashlib.sha256(verifier.encode()).digest())


def half(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def basic(name, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


class Client:
    """One registered client and a user who has logged in."""

    def __init__(self, site, name="registration", browser=None):
        self.site, self.name = site, name
        self.secret = json.loads((site.settings.keys_dir / "client_secrets.json").read_text())[name]
        self.callback = f"{URLS[name]}/callback"
        self.browser = browser or _logged_in(site)
        self.program = site.browser()

    def asked(self, **changes):
        """The fields of a good authorization request, changed; None leaves a field out."""
        fields = {
            "response_type": "code",
            "client_id": self.name,
            "redirect_uri": self.callback,
            "scope": "openid profile offline_access",
            "state": "s" * 32,
            "nonce": "n" * 32,
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def ask(self, **changes):
        return self.browser.get("/authorize", query_string=self.asked(**changes))

    def code(self, **changes):
        return query(self.ask(**changes).location)["code"]

    def exchange(self, code, /, **changes):
        fields = {"grant_type": "authorization_code", "redirect_uri": self.callback, "code_verifier": VERIFIER}
        return self.post(**{**fields, "code": code, **changes})

    def tokens(self):
        answer = self.exchange(self.code())
        assert answer.status_code == 200, answer.text
        return answer.json

    def refresh(self, token, **changes):
        return self.post(grant_type="refresh_token", refresh_token=token, **changes)

    def post(self, path=TOKEN, headers=None, **fields):
        headers = basic(self.name, self.secret) if headers is None else headers
        form = {name: value for name, value in fields.items() if value is not None}
        return self.program.post(path, data=form, headers=headers)

    def userinfo(self, bearer):
        return self.program.get(USERINFO, headers={"Authorization": f"Bearer {bearer}"})

    def key(self):
        """The client's key, its public half laid down where the provider finds it."""
        key = ECKey.generate_key("P-256", auto_kid=True)
        (self.site.settings.keys_dir / f"{self.name}_client.pub.pem").write_bytes(key.as_pem(private=False))
        return key

    def assertion(self, key, header=None, **changes):
        """The fields of a good proof by key, its claims and header changed."""
        now = int(self.site.clock.now().timestamp())
        claims = {"iss": self.name, "sub": self.name, "aud": ISSUER, "jti": secrets.token_hex(8)}
        claims = {**claims, "iat": now, "exp": now + 60, **changes}
        header = {"alg": "ES256", "kid": key.kid, **(header or {})}
        kept = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode(header, kept, key, algorithms=[header["alg"]])
        return {"client_id": self.name, "client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def _logged_in(site):
    site.user_id = site.add("kari", (HERE, RoleCode.LC))
    return site.logged_in("kari")


def kept(site):
    """Everything the provider keeps of codes and tokens."""
    with site.database.reading() as session:
        rows = [session.execute(select(table.__table__)).all() for table in KEPT]
    return [sorted(map(str, found)) for found in rows]
