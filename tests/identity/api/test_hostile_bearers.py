"""Tokens that were forged, swapped or bent, shown to the provider's own doors: none tells who anybody is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from services.identity.usecases.claims import ACCESS_TYPE, ID_TYPE, LOGOUT_TYPE
from tests.identity.api.asking import half, kept

pytestmark = pytest.mark.req("IDN-09")
OTHER, OTHER_RSA = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)


def claims_of(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def published(client):
    return client.program.get("/api/oauth/jwks").json["keys"][0]


def unsigned(header, claims, signature=""):
    return ".".join([half(json.dumps(header).encode()), half(json.dumps(claims).encode()), signature])


def by_hmac(client, claims, secret):
    header = {"alg": "HS256", "kid": published(client)["kid"], "typ": ACCESS_TYPE}
    signed = unsigned(header, claims).rstrip(".")
    return f"{signed}.{half(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def foreign(client, claims, key=OTHER, alg="ES256", **header):
    header = {"alg": alg, "kid": published(client)["kid"], "typ": ACCESS_TYPE, **header}
    kept_header = {name: value for name, value in header.items() if value is not None}
    return jwt.encode(kept_header, claims, key, algorithms=[alg])


def own_key(client):
    return ECKey.import_key(published(client))


FORGED = {
    "alg none": lambda c, b: unsigned({"alg": "none", "typ": ACCESS_TYPE, "kid": published(c)["kid"]}, b),
    "alg None": lambda c, b: unsigned({"alg": "None", "typ": ACCESS_TYPE, "kid": published(c)["kid"]}, b),
    "alg missing": lambda c, b: unsigned({"typ": ACCESS_TYPE, "kid": published(c)["kid"]}, b, "x"),
    "signature cut off": lambda c, b: unsigned({"alg": "ES256", "typ": ACCESS_TYPE, "kid": published(c)["kid"]}, b),
    "signature of zeros": lambda c, b: unsigned(
        {"alg": "ES256", "typ": ACCESS_TYPE, "kid": published(c)["kid"]}, b, half(b"\0" * 64)
    ),
    "public key as shared secret, PEM": lambda c, b: by_hmac(c, b, own_key(c).as_pem(private=False)),
    "public key as shared secret, DER": lambda c, b: by_hmac(c, b, own_key(c).as_der(private=False)),
    "public key as shared secret, JWK": lambda c, b: by_hmac(c, b, json.dumps(published(c)).encode()),
    "public key as shared secret, x": lambda c, b: by_hmac(c, b, published(c)["x"].encode()),
    "client secret as shared secret": lambda c, b: by_hmac(c, b, c.secret.encode()),
    "another key under our id": foreign,
    "another RSA key under our id": lambda c, b: foreign(c, b, OTHER_RSA, "RS256"),
    "jku": lambda c, b: foreign(c, b, jku="http://evil.example/keys"),
    "x5u": lambda c, b: foreign(c, b, x5u="http://evil.example/chain"),
    "x5c": lambda c, b: foreign(c, b, x5c=["MIIB"]),
    "jwk": lambda c, b: foreign(c, b, jwk=OTHER.as_dict(private=False)),
    "jwk under another id": lambda c, b: foreign(c, b, jwk=OTHER.as_dict(private=False), kid="mine"),
    "no kid": lambda c, b: foreign(c, b, kid=None),
    "unknown kid": lambda c, b: foreign(c, b, kid="unknown"),
    "kid as path": lambda c, b: foreign(c, b, kid="../../../dev/null"),
    "kid as statement": lambda c, b: foreign(c, b, kid="x' UNION SELECT 'y"),
    "kid as list": lambda c, b: unsigned({"alg": "ES256", "typ": ACCESS_TYPE, "kid": ["x"]}, b, "x"),
    "crit": lambda c, b: unsigned(
        {"alg": "ES256", "typ": ACCESS_TYPE, "kid": published(c)["kid"], "crit": ["exp"]}, b, "x"
    ),
    "no JSON": lambda c, b: "x.y.z",
    "two parts": lambda c, b: "x.y",
    "five parts": lambda c, b: "a.b.c.d.e",
    "long": lambda c, b: "x" * 1999,
    "empty": lambda c, b: "",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_token_opens_nothing(lasting, forge):
    token, before = forge(lasting, claims_of(lasting.tokens()["access_token"])), kept(lasting.site)
    told = lasting.userinfo(token)

    assert told.status_code == 401
    assert told.headers["WWW-Authenticate"].startswith("Bearer")
    assert "sub" not in told.json
    answer = lasting.program.get("/api/organisations", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {401, 403}
    assert lasting.post("/api/oauth/revoke", token=token or "x").status_code == 200
    assert kept(lasting.site) == before


CLAIMS = {
    "another issuer": {"iss": "http://evil.example"},
    "an issuer with a slash more": {"iss": "http://localhost:8001/"},
    "no issuer": {"iss": None},
    "for another audience": {"aud": ["registration"]},
    "for no audience": {"aud": None},
    "for an audience that only begins so": {"aud": "identity.evil.example"},
    "over": {"exp": -11},
    "without end": {"exp": None},
    "with an end that is no number": {"exp": "2099-01-01"},
    "from the future": {"iat": 60},
    "without beginning": {"iat": None},
    "not yet good": {"nbf": 60},
    "of no log-in": {"sid": None},
    "of an unknown log-in": {"sid": "x" * 43},
    "with a subject that is a number": {"sub": 1},
    "without scope": {"scope": None},
    "for another scope": {"scope": "profile"},
}


@pytest.mark.parametrize("change", CLAIMS.values(), ids=CLAIMS)
def test_a_token_of_ours_with_bent_claims_opens_nothing(lasting, change):
    now = int(lasting.site.clock.now().timestamp())
    bent = {
        name: now + value if name in {"exp", "iat", "nbf"} and isinstance(value, int) else value
        for name, value in change.items()
    }
    claims = {**claims_of(lasting.tokens()["access_token"]), **bent}
    token = lasting.site.parts.keys.sign({n: v for n, v in claims.items() if v is not None}, token_type=ACCESS_TYPE)
    told = lasting.userinfo(token)

    assert told.status_code == (403 if "scope" in change else 401)
    assert "sub" not in told.json


@pytest.mark.parametrize("token_type", [ID_TYPE, LOGOUT_TYPE, "dpop+jwt", "", "client-authentication+jwt"])
def test_a_token_of_another_kind_is_no_access_token(lasting, token_type):
    claims = claims_of(lasting.tokens()["access_token"])

    assert lasting.userinfo(lasting.site.parts.keys.sign(claims, token_type=token_type)).status_code == 401


def test_neither_id_token_nor_refresh_token_nor_a_services_token_tells_who_somebody_is(lasting):
    tokens = lasting.tokens()
    service = lasting.post(grant_type="client_credentials", audience="identity").json["access_token"]

    for token in (tokens["id_token"], tokens["refresh_token"], service):
        assert lasting.userinfo(token).status_code == 401


@pytest.mark.parametrize(
    "path", ["/api/revocations?since=2026-11-01T00:00:00Z", "/api/users?user_id=1", "/api/organisations"]
)
def test_a_users_token_opens_nothing_that_is_for_services(lasting, path):
    headers = {"Authorization": f"Bearer {lasting.tokens()['access_token']}"}

    assert lasting.program.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize("place", ["address", "form", "basic"])
def test_a_token_counts_in_the_header_only(lasting, place):
    token = lasting.tokens()["access_token"]
    sent = {
        "address": {"query_string": {"access_token": token}},
        "form": {"method": "POST", "data": {"access_token": token}},
        "basic": {"headers": {"Authorization": f"Basic {token}"}},
    }

    assert lasting.program.open("/api/oauth/userinfo", **sent[place]).status_code == 401
