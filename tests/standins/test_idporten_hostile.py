"""What the profile forbids is refused: at the log-in page, at the token endpoint and when requests are pushed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.standins.visitor import ISSUER, Visitor, told
from tests.standins.world import ASSERTION_TYPE, URL, sha256_url


@pytest.fixture
def visitor(world):
    return Visitor(world)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "stranger"},
        {"client_id": "identity"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": f"{URL}/reservation/callback/"},
        {"redirect_uri": f"{URL}/reservation/callback?x=1"},
        {"redirect_uri": f"{URL}/release/callback"},
        {"redirect_uri": None},
    ],
)
def test_unknown_clients_and_addresses_never_send_the_browser_anywhere(visitor, changes):
    answer = visitor.ask(**changes)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid krr:global/digitalpost.read"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"state": "1"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"acr_values": "Level4"}, "invalid_request"),
        ({"acr_values": "idporten-loa-low"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "select_account"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"request": "a.b.c"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"nonce": ["one-12345", "two-12345"]}, "invalid_request"),
    ],
)
def test_requests_against_the_profile_are_sent_back_with_an_error(visitor, changes, error):
    answer = told(visitor.ask(**changes))
    assert (answer["error"], answer["iss"]) == (error, ISSUER)
    assert "code" not in answer


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"redirect_uri": f"{URL}/release/callback"},
        {"redirect_uri": None},
        {"code": "guess"},
        {"code": None},
    ],
)
def test_a_code_is_worth_nothing_without_all_that_belongs_to_it(world, visitor, changes):
    code = visitor.log_in(world.person("Tunheim").number)["code"]
    answer = visitor.redeem(**{"code": code, **changes})
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")
    if changes.get("code", code) == code:
        assert visitor.redeem(code).status_code == 400, "one wrong try uses the code up"


def test_a_code_is_good_once_and_a_second_use_takes_the_first_tokens_back(world, visitor):
    code = visitor.log_in(world.person("Tunheim").number)["code"]
    token = visitor.redeem(code).json["access_token"]
    assert visitor.redeem(code).json["error"] == "invalid_grant"
    answer = world.http.get("/idporten/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_a_code_lives_a_minute(world, visitor):
    code = visitor.log_in(world.person("Tunheim").number)["code"]
    world.clock.move(timedelta(seconds=61))
    assert visitor.redeem(code).json["error"] == "invalid_grant"


def test_a_code_of_one_client_is_nothing_to_another(world, visitor):
    code = visitor.log_in(world.person("Tunheim").number)["code"]
    thief = Visitor(world, "release", verifier=visitor.verifier)
    assert thief.redeem(code, redirect_uri=visitor.redirect_uri).json["error"] == "invalid_grant"


def test_a_verifier_is_checked_against_the_hash_not_the_challenge(world, visitor):
    code = visitor.log_in(world.person("Tunheim").number)["code"]
    assert visitor.redeem(code, code_verifier=sha256_url(visitor.verifier)).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "auth", [None, ("reservation", "wrong"), ("release", "wrong"), ("stranger", "x"), ("", ""), ("identity", "x")]
)
def test_clients_must_prove_themselves(world, visitor, auth):
    answer = visitor.redeem("code", auth=auth)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


def test_two_proofs_at_once_are_refused(world, visitor):
    name, secret = world.basic("reservation")
    assert visitor.redeem("code", client_id=name, client_secret=secret).json["error"] == "invalid_client"
    assert visitor.redeem("code", auth=None, client_id=name, client_secret=secret).json["error"] == "invalid_grant"


def test_a_service_known_elsewhere_is_no_client_here(world, visitor):
    assert visitor.redeem("code", auth=world.basic("identity")).json["error"] == "invalid_client"
    assert visitor.redeem("code", client_id="release").json["error"] == "invalid_client"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://idporten.no"},
        {"sub": "release"},
        {"sub": None},
        {"exp": 0},
        {"exp": 9_999_999_999},
        {"iat": 1},
        {"jti": None},
        {"iss": "release"},
    ],
)
def test_assertions_that_do_not_fit_are_refused(world, visitor, changes):
    claims = {"sub": "reservation", **changes}
    assertion = world.assertion("reservation", claims.pop("aud", ISSUER), **claims)
    more = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
    answer = visitor.redeem("code", auth=None, **more)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


def test_an_assertion_is_good_once(world, visitor):
    assertion = world.assertion("reservation", ISSUER, sub="reservation")
    more = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
    errors = [visitor.redeem("code", auth=None, **more).json["error"] for _ in range(2)]
    assert errors == ["invalid_grant", "invalid_client"]


def test_other_grants_are_refused(visitor):
    for grant in ("password", "client_credentials", "refresh_token", "implicit", None):
        assert visitor.redeem("code", grant_type=grant).json["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"request_uri": "urn:x"}, "invalid_request"),
        ({"client_id": "release"}, "invalid_client"),
        ({"scope": "openid admin"}, "invalid_scope"),
    ],
)
def test_pushed_requests_are_checked_as_others_are(world, visitor, changes, error):
    answer = world.http.post("/idporten/par", data=visitor.fields(**changes), auth=world.basic("reservation"))
    assert answer.json["error"] == error


def test_pushing_needs_a_proof_and_what_was_pushed_belongs_to_one_client(world, visitor):
    assert world.http.post("/idporten/par", data=visitor.fields()).status_code == 401
    pushed = world.http.post("/idporten/par", data=visitor.fields(), auth=world.basic("reservation")).json
    for given in ({"client_id": "release"}, {}):
        query = urlencode({"request_uri": pushed["request_uri"], **given})
        assert world.http.get(f"/idporten/authorize?{query}").status_code == 400


def test_what_was_pushed_lives_a_minute(world, visitor):
    pushed = world.http.post("/idporten/par", data=visitor.fields(), auth=world.basic("reservation")).json
    world.clock.move(timedelta(seconds=61))
    given = {"client_id": "reservation", "request_uri": pushed["request_uri"]}
    assert world.http.get("/idporten/authorize", query_string=given).status_code == 400


def test_a_session_known_from_before_the_log_in_is_worth_nothing_after_it(world, visitor):
    page = visitor.begin()
    before = world.http.get_cookie("idporten_browser", path="/idporten").value
    world.http.post(page, data={"pid": world.person("Tunheim").number})
    stranger = world.app.test_client()
    stranger.set_cookie("idporten_browser", before, path="/idporten")
    visitor.log_in(world.person("Tunheim").number)
    assert "/login/" in stranger.get("/idporten/authorize", query_string=visitor.fields()).headers["Location"]
