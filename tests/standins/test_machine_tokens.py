"""Maskinporten and HelseID grant tokens for good assertions and for nothing else."""

from __future__ import annotations

import hmac
import json
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from deploy.standins.clients import CONTACT, MAILBOX, POPULATION, TASKS
from tests.standins.world import JWT_GRANT, URL, World, base64url, settings_for, sha256_url

ISSUER = f"{URL}/maskinporten/"
GET_PERSON = "/population/api/legal-basis/person/get-by-nin?informationParts=Name"
FORM = {"api-version": "2", "Content-Type": "application/x-www-form-urlencoded"}


def ask(world: World, assertion: str, grant: str = JWT_GRANT):
    return world.http.post("/maskinporten/token", data={"grant_type": grant, "assertion": assertion})


def test_a_signed_assertion_becomes_a_token_anybody_can_check(world):
    answer = ask(world, world.assertion("eprom", ISSUER, scope=f"{CONTACT} {MAILBOX}"))

    assert answer.status_code == 200
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 120)
    key = RSAKey.import_key(world.http.get("/maskinporten/jwk").json["keys"][0])
    claims = jwt.decode(answer.json["access_token"], key, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["client_id"], claims["scope"]) == (ISSUER, "eprom", f"{CONTACT} {MAILBOX}")
    assert claims["exp"] - claims["iat"] == 120


def test_metadata_names_the_issuer_with_its_slash(world):
    assert world.http.get("/maskinporten/.well-known/oauth-authorization-server").json["issuer"] == ISSUER


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": ISSUER.rstrip("/")}, "aud"),
        ({"aud": [ISSUER, "https://maskinporten.no/"]}, "aud"),
        ({"iss": "stranger"}, "issuer"),
        ({"iss": "identity"}, "kid"),
        ({"iss": "registration"}, "kid"),
        ({"iat": 0}, "iat"),
        ({"exp": None}, "exp"),
        ({"jti": None}, "jti"),
        ({"jti": 7}, "jti"),
        ({"scope": "folkeregister:deling/offentligmedhjemmel"}, "scope"),
        ({"scope": ""}, "scope"),
    ],
)
def test_assertions_that_do_not_fit_are_refused(world, changes, reason):
    claims = {"scope": CONTACT, **changes}
    audience = claims.pop("aud", ISSUER)
    answer = ask(world, world.assertion("eprom", audience, **claims))
    assert answer.status_code == 400
    assert reason in answer.json["error_description"]


@pytest.mark.parametrize("off", [(-11, 40), (11, 60), (0, 121), (-9, -10)])
def test_times_are_held_strictly(world, off):
    now = world.seconds()
    assertion = world.assertion("eprom", ISSUER, scope=CONTACT, iat=now + off[0], exp=now + off[1])
    assert ask(world, assertion).json["error"] == "invalid_grant"


def test_an_assertion_is_good_once(world):
    assertion = world.assertion("eprom", ISSUER, scope=CONTACT)
    assert ask(world, assertion).status_code == 200
    assert "used" in ask(world, assertion).json["error_description"]


def test_algorithms_that_need_no_private_key_are_refused(world):
    claims = {"iss": "eprom", "aud": ISSUER, "scope": CONTACT, "jti": "1"}
    claims |= {"iat": world.seconds(), "exp": world.seconds() + 60}
    key = world.key("eprom")
    header, body = (base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": key.kid}, claims))
    signed = hmac.digest(key.as_pem(private=False), f"{header}.{body}".encode(), "sha256")
    forged = f"{header}.{body}.{base64url(signed)}"
    nothing = base64url(json.dumps({"alg": "none"}).encode())
    unsigned = f"{nothing}.{body}."
    for text in (forged, unsigned, "", "a.b.c", "x" * 9000):
        assert ask(world, text).status_code == 400


def test_an_assertion_signed_with_another_key_is_refused(world):
    assertion = world.assertion("registration", ISSUER, {"kid": world.key("eprom").kid}, iss="eprom", scope=CONTACT)
    assert "signature" in ask(world, assertion).json["error_description"]


def test_other_grants_are_refused(world):
    assert ask(world, "x", "client_credentials").json["error"] == "unsupported_grant_type"


def test_helseid_gives_a_short_token_for_its_own_scopes(world):
    answer = world.helseid("registration")
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 60)
    assert world.helseid("registration", TASKS).json["error"] == "invalid_scope"
    assert world.helseid("eprom", POPULATION).json["error"] == "invalid_scope"


def test_a_token_is_good_for_its_minute_only(world):
    headers = world.bearer("registration", POPULATION) | FORM
    number = world.person("Granlid").number
    assert world.http.post(GET_PERSON, data={"nin": number}, headers=headers).status_code == 200
    world.clock.move(timedelta(seconds=61))
    assert world.http.post(GET_PERSON, data={"nin": number}, headers=headers).status_code == 401


class Holder:
    """A client that proves it holds a key."""

    def __init__(self, world: World) -> None:
        self.world, self.key = world, ECKey.generate_key("P-256")

    def proof(self, address: str, **claims: object) -> str:
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.as_dict(private=False)}
        body = {"htm": "POST", "htu": address, "iat": self.world.seconds(), "jti": str(id(object())), **claims}
        return jwt.encode(header, body, self.key, algorithms=["ES256"])

    def token(self) -> str:
        endpoint = f"{URL}/helseid/connect/token"
        first = self.world.helseid("registration", headers={"DPoP": self.proof(endpoint, jti="a")})
        assert first.json["error"] == "use_dpop_nonce"
        proof = self.proof(endpoint, jti="b", nonce=first.headers["DPoP-Nonce"])
        answer = self.world.helseid("registration", headers={"DPoP": proof})
        assert answer.json["token_type"] == "DPoP"
        return answer.json["access_token"]


def test_a_bound_token_works_for_the_holder_of_its_key_only(world):
    holder = Holder(world)
    token, number = holder.token(), world.person("Granlid").number
    address = GET_PERSON.split("?", maxsplit=1)[0]

    def call(scheme: str, proof: str | None):
        headers = {"Authorization": f"{scheme} {token}", **FORM, **({"DPoP": proof} if proof else {})}
        return world.http.post(GET_PERSON, data={"nin": number}, headers=headers).status_code

    good = {"ath": sha256_url(token), "jti": "c"}
    assert call("DPoP", holder.proof(URL + address, **good)) == 200
    assert call("DPoP", holder.proof(URL + address, **good)) == 401
    assert call("DPoP", holder.proof(URL + address, ath="other", jti="d")) == 401
    assert call("DPoP", holder.proof(URL + "/elsewhere", ath=good["ath"], jti="e")) == 401
    assert call("DPoP", Holder(world).proof(URL + address, ath=good["ath"], jti="f")) == 401
    assert call("DPoP", None) == 401
    assert call("Bearer", None) == 401


def test_proof_of_possession_can_be_made_compulsory(tmp_path, client_keys):
    world = World(settings_for(tmp_path, client_keys, is_dpop_required=True))
    assert world.helseid("registration").json["error"] == "invalid_dpop_proof"
    assert Holder(world).token()
