"""A client proves itself with its key: each assertion for this provider, once, and for a minute."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from services.identity.usecases.clean_up import remove_what_is_over
from shared.auth.assertion import ClientProof
from shared.auth.provider import Provider
from shared.auth.service_client import ClientCredentials
from shared.testing.wsgi_http import wsgi_http
from tests.identity.api.asking import REVOKE, Client, basic, kept
from tests.identity.site import ISSUER

pytestmark = pytest.mark.req("IDN-09")


def asked(client, proof, **more):
    return client.post(headers={}, grant_type="client_credentials", audience="eprom", **{**proof, **more})


def test_a_service_of_the_suite_has_its_token_by_key(client):
    key = client.key()
    provider = Provider(ISSUER, http=wsgi_http({ISSUER: client.site.app}))
    source = ClientCredentials(
        provider, client.name, "eprom", clock=client.site.clock, private_key=key.as_pem(private=True).decode()
    )

    assert source.token().count(".") == 2


@pytest.mark.parametrize("grant", ["code", "refresh", "revocation"])
def test_a_key_proves_the_client_at_every_door(client, grant):
    key = client.key()
    tokens = client.tokens()
    answers = {
        "code": lambda proof: client.exchange(client.code(), headers={}, **proof),
        "refresh": lambda proof: client.refresh(tokens["refresh_token"], headers={}, **proof),
        "revocation": lambda proof: client.post(REVOKE, headers={}, token=tokens["access_token"], **proof),
    }

    assert answers[grant](client.assertion(key)).status_code == 200


def test_the_assertion_alone_may_say_who_the_client_is(client):
    assert asked(client, {**client.assertion(client.key()), "client_id": None}).status_code == 200


@pytest.mark.parametrize("form", ["RSA", "private file"])
def test_keys_of_both_kinds_count_and_so_does_the_public_half_of_a_private_file(client, form):
    key = RSAKey.generate_key(2048, auto_kid=True)
    name = "registration_client.pem" if form == "private file" else "registration_client.pub.pem"
    (client.site.settings.keys_dir / name).write_bytes(key.as_pem(private=form == "private file"))
    proof = ClientProof("registration", secret=None, private_key=key.as_pem(private=True).decode())

    assert asked(client, proof.fields(ISSUER, client.site.clock.now())).status_code == 200


BENT = {
    "another issuer": {"iss": "eprom"},
    "another subject": {"sub": "eprom"},
    "no subject": {"sub": None},
    "made for the token endpoint": {"aud": f"{ISSUER}/api/oauth/token"},
    "made for another provider": {"aud": "http://evil.example"},
    "made for two": {"aud": [ISSUER, "http://evil.example"]},
    "made for one in a list": {"aud": [ISSUER]},
    "made for nobody": {"aud": None},
    "no id": {"jti": None},
    "an empty id": {"jti": ""},
    "an id that is a number": {"jti": 7},
    "an endless id": {"jti": "x" * 201},
    "over": {"exp": 0},
    "made over a minute ago": {"iat": -61, "exp": -1},
    "good for over a minute": {"exp": 61},
    "good for ever": {"exp": None},
    "made in the future": {"iat": 30, "exp": 60},
    "of an unknown time": {"iat": None},
    "not yet good": {"nbf": 30},
}


@pytest.mark.parametrize("change", BENT.values(), ids=BENT)
def test_a_bent_assertion_proves_nothing(client, change):
    now, before = int(client.site.clock.now().timestamp()), kept(client.site)
    times = {name: now + value for name, value in change.items() if name in {"exp", "iat", "nbf"} and value is not None}
    answer = asked(client, client.assertion(client.key(), **{**change, **times}))

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert kept(client.site) == before


STRANGE = {
    "another key": lambda client, key: client.assertion(ECKey.generate_key("P-256", auto_kid=True)),
    "another key under its id": lambda client, key: client.assertion(ECKey.generate_key("P-256"), {"kid": key.kid}),
    "its key in the header": lambda client, key: client.assertion(key, {"jwk": key.as_dict(private=False)}),
    "a key elsewhere": lambda client, key: client.assertion(key, {"jku": "http://evil.example"}),
    "no key id": lambda client, key: client.assertion(key, {"kid": "unknown"}),
    "of another kind": lambda client, key: client.assertion(key, {"typ": "at+jwt"}),
    "the secret instead of the key": lambda client, key: client.assertion(
        OctKey.import_key(client.secret), {"alg": "HS256", "kid": key.kid}
    ),
    "the public key as secret": lambda client, key: client.assertion(
        OctKey.import_key(key.as_dict(private=False)["x"]), {"alg": "HS256", "kid": key.kid}
    ),
    "rubbish": lambda client, key: {**client.assertion(key), "client_assertion": "x.y.z"},
    "nothing": lambda client, key: {**client.assertion(key), "client_assertion": ""},
    "another kind of assertion": lambda client, key: {**client.assertion(key), "client_assertion_type": "saml"},
    "another client named": lambda client, key: {**client.assertion(key), "client_id": "eprom"},
    "an unknown client named": lambda client, key: {**client.assertion(key), "client_id": "unknown"},
    "an empty name": lambda client, key: {**client.assertion(key), "client_id": ""},
}


@pytest.mark.parametrize("proof", STRANGE.values(), ids=STRANGE)
def test_a_strange_assertion_proves_nothing(client, proof):
    made, before = proof(client, client.key()), kept(client.site)
    answer = asked(client, made)

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert kept(client.site) == before


@pytest.mark.parametrize("more", [{"client_secret": "x"}, {"headers": "basic"}], ids=["a secret", "a password"])
def test_two_proofs_at_once_are_refused(client, more):
    headers = basic(client.name, client.secret) if "headers" in more else {}
    fields = {} if "headers" in more else more
    answer = client.post(
        headers=headers, grant_type="client_credentials", audience="eprom", **client.assertion(client.key()), **fields
    )

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_a_client_without_a_key_proves_nothing_by_one(client):
    answer = asked(client, client.assertion(ECKey.generate_key("P-256", auto_kid=True)))

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


def test_an_assertion_counts_once_however_many_come_at_once(both):
    client = Client(both, browser=both.browser())
    proof = client.assertion(client.key())
    programs = [both.browser() for _ in range(8)]

    def once(program):
        return program.post("/api/oauth/token", data={**proof, "grant_type": "client_credentials", "audience": "eprom"})

    with ThreadPoolExecutor(8) as pool:
        found = sorted(answer.status_code for answer in pool.map(once, programs))
    assert found == [200] + [401] * 7


def test_a_used_assertion_is_kept_as_long_as_it_could_count(client):
    proof = client.assertion(client.key())
    assert asked(client, proof).status_code == 200
    client.site.clock.move(timedelta(seconds=59))
    remove_what_is_over(uow=client.site.uow)

    assert asked(client, proof).status_code == 401
    client.site.clock.move(timedelta(seconds=12))
    remove_what_is_over(uow=client.site.uow)
    assert kept(client.site)[2] == []
    assert asked(client, proof).status_code == 401
