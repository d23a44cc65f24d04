"""Log-in answers that were forged, swapped, replayed or weakened: each is refused with a reason, none crashes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.auth.errors import SignInFailed
from shared.testing.oidc import Registered, new_key
from tests.shared.auth.kit import CALLBACK, NOW, World

STAMP = int(NOW.timestamp())


@pytest.fixture
def world():
    return World()


def refused(world, fields, code):
    with pytest.raises(SignInFailed, match=f"^{code}$"):
        world.client.complete(fields)


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": ""}, "unknown_state"),
        ({"state": "x" * 43}, "unknown_state"),
        ({"state": None}, "unknown_state"),
        ({"iss": "http://evil.test"}, "issuer"),
        ({"iss": ""}, "issuer"),
        ({"code": ""}, "provider"),
        ({"code": "x" * 43}, "provider"),
        ({"code": "' OR 1=1 --"}, "provider"),
        ({"error": "access_denied"}, "declined"),
        ({"error": "server_error"}, "provider"),
    ],
)
def test_a_changed_answer_is_refused(world, change, code):
    fields = {name: value for name, value in {**world.log_in(), **change}.items() if value is not None}

    refused(world, fields, code)


@pytest.mark.req("IDN-09")
def test_an_answer_without_the_promised_issuer_is_refused(world):
    fields = world.log_in()
    del fields["iss"]

    refused(world, fields, "issuer")


def test_a_provider_that_does_not_promise_the_issuer_may_leave_it_out(world):
    world.idp.metadata_more = {"authorization_response_iss_parameter_supported": False}
    fields = world.log_in()
    del fields["iss"]

    assert world.client.complete(fields)


@pytest.mark.req("IDN-09")
def test_an_answer_counts_once(world):
    fields = world.log_in()
    world.client.complete(fields)

    refused(world, fields, "unknown_state")


@pytest.mark.req("IDN-09")
def test_a_refused_answer_cannot_be_tried_again(world):
    fields = world.log_in()
    refused(world, {**fields, "code": "wrong"}, "provider")

    refused(world, fields, "unknown_state")


@pytest.mark.req("IDN-09")
def test_an_answer_in_another_visitors_session_is_refused(world):
    fields = world.log_in()
    world.session = {}

    refused(world, fields, "unknown_state")


@pytest.mark.req("IDN-09")
def test_a_code_from_another_log_in_of_the_same_visitor_is_refused(world):
    first, second = world.log_in(), world.log_in()

    refused(world, {**first, "code": second["code"]}, "provider")


@pytest.mark.req("IDN-09")
def test_a_code_given_to_another_client_is_refused(world):
    world.idp.register(Registered(client_id="eprom", redirect_uri=CALLBACK, secret="other"))
    theirs = world.idp.log_in(world.make_client(client_id="eprom", client_secret="other").begin("/"), {"sub": "666"})

    refused(world, {**world.log_in(), "code": theirs["code"]}, "provider")


@pytest.mark.req("IDN-09")
def test_a_code_older_than_a_minute_is_refused(world):
    fields = world.log_in()
    world.clock.move(timedelta(seconds=61))

    refused(world, fields, "provider")


@pytest.mark.req("IDN-09")
def test_a_log_in_of_more_than_ten_minutes_is_refused(world):
    address = world.client.begin("/")
    world.clock.move(timedelta(minutes=10, seconds=1))

    refused(world, world.idp.log_in(address, {"sub": "7"}), "too_slow")


@pytest.mark.req("IDN-09")
def test_a_wrong_secret_is_refused(world):
    fields = world.log_in()
    world.idp.clients["registration"].secret = "changed"

    refused(world, fields, "provider")


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"nonce": "other"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["n"]}, "nonce"),
        ({"nonce": "é"}, "nonce"),
        ({"iss": "http://evil.test"}, "token"),
        ({"aud": "eprom"}, "token"),
        ({"aud": ["registration", "eprom"]}, "token"),
        ({"aud": ["registration", "eprom"], "azp": "eprom"}, "token"),
        ({"azp": "eprom"}, "token"),
        ({"exp": STAMP - 11}, "token"),
        ({"exp": None}, "token"),
        ({"iat": STAMP + 60}, "token"),
        ({"nbf": STAMP + 60}, "token"),
        ({"at_hash": "x"}, "token"),
        ({"sub": 7}, "token"),
        ({"sub": ""}, "token"),
        ({"sub": None}, "token"),
    ],
)
def test_a_token_that_does_not_fit_the_log_in_is_refused(world, claims, code):
    fields = world.log_in()
    world.idp.bend_claims = lambda body: {**body, **claims}

    refused(world, fields, code)


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("header", [{"typ": "at+jwt"}, {"typ": "logout+jwt"}, {"kid": "unknown"}, {"cty": "JWT"}])
def test_a_token_of_another_kind_is_refused(world, header):
    fields = world.log_in()
    world.idp.bend_header = lambda known: {**known, **header}

    refused(world, fields, "token")


@pytest.mark.req("IDN-09")
def test_a_token_signed_with_an_unpublished_key_is_refused(world):
    fields = world.log_in()
    world.idp.key = new_key()

    refused(world, fields, "token")


@pytest.mark.req("IDN-09")
def test_another_algorithm_than_agreed_is_refused():
    world = World(algorithm="RS256")

    refused(world, world.log_in(), "token")


@pytest.mark.req("IDN-10")
@pytest.mark.parametrize("acr", ["idporten-loa-substantial", "idporten-loa-low", "", None, ["idporten-loa-high"], 4])
def test_a_log_in_at_too_low_a_level_is_refused(acr):
    world = World(acr=("idporten-loa-high",))

    refused(world, world.log_in(acr=acr), "too_weak")


@pytest.mark.req("IDN-13")
@pytest.mark.parametrize("auth_time", [STAMP - 11, STAMP - 86_400, None])
def test_an_old_log_in_does_not_pass_for_a_fresh_one(world, auth_time):
    refused(world, world.log_in(max_age=0, auth_time=auth_time), "too_old")


@pytest.mark.req("IDN-13")
def test_a_log_in_time_that_is_no_number_is_refused(world):
    refused(world, world.log_in(max_age=0, auth_time="now"), "token")


@pytest.mark.req("IDN-13")
def test_the_provider_cannot_drop_the_demand_for_a_fresh_log_in(world):
    address = world.client.begin("/", max_age=0).replace("&max_age=0", "")

    refused(world, world.idp.log_in(address, {"sub": "7", "auth_time": STAMP - 600}), "too_old")
