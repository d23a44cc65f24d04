"""Log-in at HelseID: what its security profile forbids is refused, at each of the three steps."""

from __future__ import annotations

import secrets
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.standins.world import ASSERTION_TYPE, URL, World, settings_for, sha256_url

pytestmark = pytest.mark.req("IDN-09")
ISSUER = f"{URL}/helseid"
PAR, AUTHORIZE, TOKEN = (f"/helseid/connect/{name}" for name in ("par", "authorize", "token"))
VERIFIER, CALLBACK = "v" * 43, f"{URL}/identity/callback"
OTHER_KEY = ECKey.generate_key("P-256")


class Client:
    """Identity at HelseID: pushes, lets somebody log in, and exchanges the code with a key of its own."""

    def __init__(self, world):
        self.world, self.key, self.nonce = world, ECKey.generate_key("P-256"), None

    def proven(self, **changes):
        claims, header = changes.pop("claims", {}), changes.pop("header", None)
        signed = self.world.assertion("identity", ISSUER, header, **{"sub": "identity", **claims})
        return {"client_id": "identity", "client_assertion_type": ASSERTION_TYPE, "client_assertion": signed, **changes}

    def push(self, proof=None, **changes):
        fields = {
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid profile",
            "state": "s" * 32,
            "nonce": "n" * 32,
            "code_challenge": sha256_url(VERIFIER),
            "code_challenge_method": "S256",
            "acr_values": "Level4",
            **(proof or self.proven()),
            **changes,
        }
        return self.world.http.post(PAR, data={name: value for name, value in fields.items() if value is not None})

    def authorize(self, pushed, **changes):
        asked = {"client_id": "identity", "request_uri": pushed.json["request_uri"], **changes}
        return self.world.http.get(AUTHORIZE, query_string={n: v for n, v in asked.items() if v is not None})

    def code(self):
        page = urlsplit(self.authorize(self.push()).headers["Location"]).path
        answer = self.world.http.post(page, data={"pid": self.world.person("Granlid").number})
        assert answer.headers["Location"].startswith(f"{CALLBACK}?")
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def proof(self, key=None, header=None, **changes):
        key = key or self.key
        shown = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False), **(header or {})}
        claims = {"htm": "POST", "htu": f"{URL}{TOKEN}", "iat": self.world.seconds(), "jti": secrets.token_hex(8)}
        claims = {**claims, "nonce": self.nonce, **changes}
        return jwt.encode(shown, {n: v for n, v in claims.items() if v is not None}, self.key, algorithms=["ES256"])

    def exchange(self, shown, /, *, proof=None, auth=None, **changes):
        fields = {
            "grant_type": "authorization_code",
            "code": shown,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        headers = {"DPoP": self.proof() if proof is None else proof}
        fields = {**fields, **(auth or self.proven()), **changes}
        fields = {name: value for name, value in fields.items() if value is not None}
        return self.world.http.post(TOKEN, data=fields, headers={n: v for n, v in headers.items() if v})

    def with_nonce(self):
        self.nonce = self.exchange("x").headers["DPoP-Nonce"]
        return self


@pytest.fixture
def client(tmp_path, client_keys):
    return Client(World(settings_for(tmp_path, client_keys, services={"identity": f"{URL}/identity"})))


def test_somebody_logs_in_at_a_level_and_no_national_number_is_told(client):
    client.with_nonce()
    answer = client.exchange(client.code())
    claims = client.world.parts.signing.read(answer.json["id_token"])
    number = client.world.person("Granlid").number

    assert answer.json["token_type"] == "DPoP"
    assert (claims["aud"], claims["nonce"]) == ("identity", "n" * 32)
    assert claims["helseid://claims/identity/security_level"] == "4"
    assert number not in str(claims)


PUSHES = {
    "another address": {"redirect_uri": "http://evil.example/callback"},
    "no address": {"redirect_uri": None},
    "tokens in the address": {"response_type": "token"},
    "a scope that tells the number": {"scope": "openid helseid://scopes/identity/pid"},
    "no openid": {"scope": "profile"},
    "no PKCE": {"code_challenge": None, "code_challenge_method": None},
    "plain PKCE": {"code_challenge_method": "plain"},
    "a short challenge": {"code_challenge": "x" * 42},
    "no state": {"state": None},
    "no nonce": {"nonce": None},
    "an unknown level": {"acr_values": "Level5"},
    "a request object": {"request": "a.b.c"},
    "a request elsewhere": {"request_uri": "http://evil.example"},
}


@pytest.mark.parametrize("change", PUSHES.values(), ids=PUSHES)
def test_what_the_profile_forbids_cannot_be_pushed(client, change):
    answer = client.push(**change)

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


PROOFS = {
    "no assertion": lambda c: {"client_id": "identity"},
    "a secret": lambda c: {"client_id": "identity", "client_secret": "x"},
    "a secret beside the assertion": lambda c: c.proven(client_secret="x"),
    "another client": lambda c: c.proven(client_id="eprom"),
    "another kind of assertion": lambda c: c.proven(client_assertion_type="saml"),
    "another audience": lambda c: c.proven(claims={"aud": "http://evil.example"}),
    "good for over a minute": lambda c: c.proven(claims={"exp": c.world.seconds() + 61}),
    "over": lambda c: c.proven(claims={"iat": c.world.seconds() - 61, "exp": c.world.seconds() - 1}),
    "without an id": lambda c: c.proven(claims={"jti": None}),
    "another subject": lambda c: c.proven(claims={"sub": "eprom"}),
}


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
@pytest.mark.parametrize("step", ["push", "exchange"])
def test_a_client_that_does_not_prove_itself_is_refused(client, proof, step):
    client.with_nonce()
    made = proof(client)
    answer = client.push(made) if step == "push" else client.exchange(client.code(), auth=made)

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


def test_an_assertion_is_good_once(client):
    proof = client.proven()

    assert [client.push(proof).status_code for _ in range(2)] == [201, 401]


def test_a_request_that_was_not_pushed_is_refused(client):
    fields = {"client_id": "identity", "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid"}

    assert client.world.http.get(AUTHORIZE, query_string=fields).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"request_uri": "urn:ietf:params:oauth:request_uri:x"},
        {"client_id": "eprom"},
        {"client_id": None},
        {"scope": "openid"},
    ],
    ids=["unknown", "another client", "no client", "with something added"],
)
def test_a_pushed_request_is_taken_as_it_was_pushed(client, change):
    assert client.authorize(client.push(), **change).status_code == 400


@pytest.mark.parametrize(("seconds", "status"), [(599, 303), (600, 400), (601, 400)])
def test_a_pushed_request_is_good_once_and_for_ten_minutes(client, seconds, status):
    pushed = client.push()
    client.world.clock.move(timedelta(seconds=seconds))

    assert [client.authorize(pushed).status_code for _ in range(2)] == [status, 400]


POSSESSION = {
    "no proof": lambda c: "",
    "another method": lambda c: c.proof(htm="GET"),
    "another address": lambda c: c.proof(htu=f"{URL}/helseid/connect/par"),
    "an old one": lambda c: c.proof(iat=c.world.seconds() - 61),
    "one from the future": lambda c: c.proof(iat=c.world.seconds() + 61),
    "without an id": lambda c: c.proof(jti=None),
    "signed with another key": lambda c: c.proof(OTHER_KEY),
    "another kind": lambda c: c.proof(header={"typ": "JWT"}),
    "with the private key in it": lambda c: c.proof(header={"jwk": c.key.as_dict(private=True)}),
    "rubbish": lambda c: "x.y.z",
}


@pytest.mark.parametrize("proof", POSSESSION.values(), ids=POSSESSION)
def test_a_code_is_exchanged_for_who_proves_a_key_only(client, proof):
    client.with_nonce()
    code = client.code()
    answer = client.exchange(code, proof=proof(client))

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_dpop_proof")
    assert client.exchange(code).status_code == 200


def test_a_proof_is_good_once_and_with_a_nonce_of_the_provider_only(client):
    code, proof = client.code(), client.with_nonce().proof()
    assert client.exchange("x", proof=proof).json["error"] == "invalid_grant"

    assert client.exchange(code, proof=proof).json["error"] == "invalid_dpop_proof"
    assert client.exchange(code, proof=client.proof(nonce="made up")).json["error"] == "use_dpop_nonce"


@pytest.mark.parametrize(
    "change",
    [{"code_verifier": "w" * 43}, {"code_verifier": None}, {"redirect_uri": f"{URL}/eprom/callback"}, {"code": "x"}],
    ids=["another verifier", "no verifier", "another address", "another code"],
)
def test_a_code_that_does_not_fit_gives_nothing(client, change):
    client.with_nonce()

    assert client.exchange(client.code(), **change).json["error"] == "invalid_grant"


def test_a_code_is_good_once_and_for_a_minute(client):
    client.with_nonce()
    code, late = client.code(), client.code()
    assert [client.exchange(code).status_code for _ in range(2)] == [200, 400]
    client.world.clock.move(timedelta(seconds=60))

    assert client.exchange(late).json["error"] == "invalid_grant"
