"""Codes, refresh tokens and client proofs that were bent: the right error, and nothing given out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.identity.api.asking import REVOKE, TOKEN, VERIFIER, Client, basic, challenge_of, kept

pytestmark = pytest.mark.req("IDN-09")
BENT = {
    "no code": ({"code": None}, "invalid_request"),
    "an empty code": ({"code": ""}, "invalid_grant"),
    "an unknown code": ({"code": "x" * 43}, "invalid_grant"),
    "no address": ({"redirect_uri": None}, "invalid_grant"),
    "an empty address": ({"redirect_uri": ""}, "invalid_grant"),
    "another address": ({"redirect_uri": "http://localhost:8003/callback"}, "invalid_grant"),
    "an address with a slash more": ({"redirect_uri": "http://localhost:8002/callback/"}, "invalid_grant"),
    "no verifier": ({"code_verifier": None}, "invalid_request"),
    "an empty verifier": ({"code_verifier": ""}, "invalid_request"),
    "a wrong verifier": ({"code_verifier": "w" * 43}, "invalid_grant"),
    "the challenge as verifier": ({"code_verifier": challenge_of(VERIFIER)}, "invalid_grant"),
    "a verifier too short": ({"code_verifier": "v" * 42}, "invalid_request"),
    "a verifier too long": ({"code_verifier": "v" * 129}, "invalid_request"),
    "a verifier with a strange sign": ({"code_verifier": "v" * 42 + "="}, "invalid_request"),
    "a method turned back to plain": (
        {"code_verifier": challenge_of(VERIFIER), "code_challenge_method": "plain"},
        "invalid_grant",
    ),
    "no grant type": ({"grant_type": None}, "invalid_request"),
    "an unknown grant type": (
        {"grant_type": "password", "username": "kari", "password": "x"},
        "unsupported_grant_type",
    ),
    "a signed grant": ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}, "unsupported_grant_type"),
    "another client named beside the proof": ({"client_id": "eprom"}, "invalid_client"),
    "a second proof beside the first": ({"client_id": "registration", "client_secret": "x"}, "invalid_request"),
    "an endless field": ({"code_verifier": "v" * 2001}, "invalid_request"),
    "a sign no client sends": ({"scope": 'a"b'}, "invalid_request"),
}


@pytest.mark.parametrize(("change", "error"), BENT.values(), ids=BENT)
def test_a_bent_exchange_gives_nothing(lasting, change, error):
    before = kept(lasting.site)[1:]
    answer = lasting.exchange(lasting.code(), **change)

    assert answer.status_code == (401 if error == "invalid_client" else 400)
    assert answer.json["error"] == error
    assert "access_token" not in answer.json
    assert kept(lasting.site)[1:] == before


STRANGE_PROOFS = {
    "none": {},
    "no secret": basic("registration", ""),
    "a wrong secret": basic("registration", "x" * 43),
    "an unknown client": basic("unknown", "x" * 43),
    "identity itself": basic("identity", "x"),
    "no base64": {"Authorization": "Basic %%%"},
    "no text": {"Authorization": "Basic /////w=="},
    "another scheme": {"Authorization": "Bearer registration"},
    "digest": {"Authorization": 'Digest username="registration"'},
}


@pytest.mark.parametrize("path", [TOKEN, REVOKE])
@pytest.mark.parametrize("headers", STRANGE_PROOFS.values(), ids=STRANGE_PROOFS)
def test_without_proof_there_is_no_grant_and_no_revocation(lasting, headers, path):
    code, token, before = lasting.code(), lasting.tokens()["refresh_token"], kept(lasting.site)
    fields = {"grant_type": "authorization_code", "code": code, "token": token, "client_id": "registration"}
    answer = lasting.post(path, headers=headers, redirect_uri=lasting.callback, code_verifier=VERIFIER, **fields)

    assert (answer.status_code, answer.json["error"]) in {(401, "invalid_client"), (400, "invalid_client")}
    assert kept(lasting.site) == before
    assert lasting.exchange(code).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain"])
def test_a_request_that_is_no_form_is_refused(lasting, kind):
    headers = basic(lasting.name, lasting.secret)
    answer = lasting.program.post(TOKEN, data={} if "form" in kind else b"{}", content_type=kind, headers=headers)

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_tokens_are_not_had_by_other_methods(lasting, method):
    assert lasting.program.open(TOKEN, method=method).status_code == 405


@pytest.mark.parametrize("name", ["grant_type", "code", "redirect_uri", "code_verifier"])
def test_a_field_that_stands_twice_is_refused_and_the_code_stays_good(lasting, name):
    code = lasting.code()
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": lasting.callback}
    fields = {**fields, "code_verifier": VERIFIER}
    twice = {**{key: [value] for key, value in fields.items()}, name: [fields[name]] * 2}
    answer = lasting.program.post(TOKEN, data=twice, headers=basic(lasting.name, lasting.secret))

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert lasting.exchange(code).status_code == 200


@pytest.mark.parametrize("field", ["client_secret", "code", "x"])
def test_nothing_is_taken_from_the_address(lasting, field):
    answer = lasting.program.post(f"{TOKEN}?{field}=x", headers=basic(lasting.name, lasting.secret))

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("spoilt", [{"code_verifier": "w" * 43}, {"redirect_uri": "http://localhost:8003/callback"}])
def test_a_code_shown_with_something_wrong_is_used_up(lasting, spoilt):
    code = lasting.code()
    lasting.exchange(code, **spoilt)

    assert lasting.exchange(code).json == {"error": "invalid_grant", "error_description": "Invalid 'code' in request."}


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400), (61, 400)])
def test_a_code_is_good_for_less_than_a_minute(client, seconds, status):
    code = client.code()
    client.site.clock.move(timedelta(seconds=seconds))

    assert client.exchange(code).status_code == status


def test_a_code_of_another_client_gives_nothing_and_stays_good(lasting):
    stranger = Client(lasting.site, "eprom", lasting.browser)
    code = lasting.code()
    for address in (stranger.callback, lasting.callback):
        answer = stranger.exchange(code, redirect_uri=address)
        assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")

    assert lasting.exchange(code).status_code == 200


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"refresh_token": None}, "invalid_request"),
        ({"refresh_token": ""}, "invalid_grant"),
        ({"refresh_token": "x" * 43}, "invalid_grant"),
        ({"scope": "openid profile offline_access admin"}, "invalid_scope"),
    ],
    ids=["none", "empty", "unknown", "for more than was granted"],
)
def test_a_bent_refresh_gives_nothing(lasting, change, error):
    fields = {"grant_type": "refresh_token", "refresh_token": lasting.tokens()["refresh_token"]}
    answer = lasting.post(**{**fields, **change})

    assert (answer.status_code, answer.json["error"]) == (400, error)
    assert "access_token" not in answer.json


@pytest.mark.parametrize("kind", ["access_token", "id_token", "code"])
def test_a_refresh_is_had_for_a_refresh_token_only(lasting, kind):
    token = lasting.code() if kind == "code" else lasting.tokens()[kind]

    assert lasting.refresh(token).json["error"] == "invalid_grant"


def test_a_refresh_token_of_another_client_gives_nothing_and_stays_good(lasting):
    token = lasting.tokens()["refresh_token"]
    answer = Client(lasting.site, "eprom", lasting.browser).refresh(token)

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")
    assert lasting.refresh(token).status_code == 200


@pytest.mark.parametrize("audience", ["", None, "registration", "unknown", "http://localhost:8003", "eprom identity"])
def test_a_service_has_tokens_for_other_services_of_the_suite_only(lasting, audience):
    answer = lasting.post(grant_type="client_credentials", audience=audience)

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
