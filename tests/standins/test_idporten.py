"""A citizen logs in; the client gets what ID-porten gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.standins.visitor import ISSUER, Visitor, told
from tests.standins.world import URL, World, strict_html


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
def number(world: World) -> str:
    return world.person("Tunheim").number


def claims_of(world, answer):
    assert answer.status_code == 200, answer.text
    key = RSAKey.import_key(world.http.get("/idporten/jwks.json").json["keys"][0])
    return jwt.decode(answer.json["id_token"], key, algorithms=["RS256"]).claims


def test_discovery_offers_the_code_flow_with_pkce_only(world):
    found = world.http.get("/idporten/.well-known/openid-configuration").json
    assert found["issuer"] == ISSUER
    assert found["response_types_supported"] == ["code"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["authorization_response_iss_parameter_supported"] is True


@pytest.mark.parametrize("auth", ["secret", "key"])
def test_a_citizen_logs_in_and_the_client_learns_who_it_is(world, visitor, number, auth):
    answer = visitor.log_in(number)
    assert (answer["state"], answer["iss"]) == (visitor.state, ISSUER)

    claims = claims_of(world, visitor.redeem(answer["code"], auth=auth))
    assert (claims["iss"], claims["aud"], claims["pid"]) == (ISSUER, "reservation", number)
    assert (claims["acr"], claims["amr"], claims["nonce"]) == ("idporten-loa-high", ["TestID"], visitor.nonce)
    assert claims["exp"] - claims["iat"] == 120
    assert claims["auth_time"] == world.seconds()
    assert claims["sid"]
    assert "at_hash" not in claims


def test_the_subject_is_the_same_next_time_and_another_for_another_client(world, number):
    def subject(client):
        visitor = Visitor(world, client)
        return claims_of(world, visitor.redeem(visitor.log_in(number, prompt="login")["code"]))["sub"]

    assert subject("reservation") == subject("reservation") != subject("release")
    assert number not in subject("eprom")


def test_userinfo_tells_the_same_person_while_the_token_lives(world, visitor, number):
    token = visitor.redeem(visitor.log_in(number)["code"]).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert world.http.get("/idporten/userinfo", headers=headers).json["pid"] == number
    world.clock.move(timedelta(seconds=121))
    assert world.http.get("/idporten/userinfo", headers=headers).status_code == 401


def test_a_second_client_needs_no_second_log_in(world, number):
    Visitor(world).log_in(number)
    straight = told(Visitor(world, "release").ask())
    assert "code" in straight


def test_login_and_max_age_ask_again_and_none_never_asks(world, visitor, number):
    assert told(visitor.ask(prompt="none"))["error"] == "login_required"
    visitor.log_in(number)
    assert "code" in told(visitor.ask(prompt="none"))
    assert "/login/" in visitor.ask(prompt="login").headers["Location"]
    assert "/login/" in visitor.ask(max_age="0").headers["Location"]
    world.clock.move(timedelta(seconds=61))
    assert "/login/" in visitor.ask(max_age="60").headers["Location"]
    assert "code" in told(visitor.ask(max_age="3600"))


def test_a_weaker_log_in_is_not_enough_for_a_higher_level(world, visitor, number):
    answer = visitor.log_in(number, acr_values="idporten-loa-substantial")
    assert claims_of(world, visitor.redeem(answer["code"]))["acr"] == "idporten-loa-substantial"
    assert "/login/" in visitor.ask(acr_values="idporten-loa-high").headers["Location"]


def test_a_session_grows_old(world, visitor, number):
    visitor.log_in(number)
    world.clock.move(timedelta(minutes=31))
    assert "/login/" in visitor.ask().headers["Location"]


def test_a_pushed_request_is_good_once(world, visitor, number):
    form = visitor.fields(client_id=None)
    pushed = world.http.post("/idporten/par", data=form, auth=world.basic("reservation"))
    assert pushed.status_code == 201
    given = {"client_id": "reservation", "request_uri": pushed.json["request_uri"]}
    assert world.http.get("/idporten/authorize", query_string=given).status_code == 303
    assert world.http.get("/idporten/authorize", query_string=given).status_code == 400


def test_the_log_in_page_shows_the_demo_persons_and_is_sound(world, visitor):
    tree = strict_html(world.http.get(visitor.begin()).text)
    buttons = [node.get("value") for node in tree.iter("button") if node.get("name") == "pid"]
    assert world.person("Granlid").number in buttons
    assert world.person("Selje").number not in buttons
    assert all(form.get("method") == "post" for form in tree.iter("form"))


def test_the_citizen_may_stop(world, visitor):
    page = visitor.begin()
    answer = told(world.http.post(page, data={"cancel": "1"}))
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", visitor.state, ISSUER)


def test_wrong_codes_end_the_log_in_after_five_tries(world, visitor, number):
    page = visitor.begin()
    world.http.post(page, data={"pid": number})
    statuses = [world.http.post(page, data={"code": "nei"}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 303]
    assert world.http.get(page).status_code == 400


@pytest.mark.parametrize("pid", ["", "12345678901", "30908299902", "08813849969"])
def test_only_living_persons_of_the_population_log_in(world, visitor, pid):
    page = visitor.begin()
    assert world.http.post(page, data={"pid": pid}).status_code == 422
    assert world.http.post(page, data={"code": "123456"}).status_code == 422


def test_another_browser_cannot_finish_a_log_in(world, visitor, number):
    page = visitor.begin()
    stranger = world.app.test_client()
    assert stranger.get(page).status_code == 400
    assert stranger.post(page, data={"pid": number}).status_code == 400


def test_a_log_in_that_takes_too_long_begins_anew(world, visitor):
    page = visitor.begin()
    world.clock.move(timedelta(minutes=11))
    assert world.http.get(page).status_code == 400


def test_log_out_ends_the_session_and_tells_the_clients_in_frames(world, visitor, number):
    token = visitor.redeem(visitor.log_in(number)["code"]).json["id_token"]
    given = {"id_token_hint": token, "post_logout_redirect_uri": f"{URL}/reservation/"}
    page = world.http.get("/idporten/logout", query_string=given)

    frames = [node.get("src") for node in strict_html(page.text).iter("iframe")]
    assert len(frames) == 1
    assert frames[0].startswith(f"{URL}/reservation/frontchannel-logout?iss=")
    assert f"frame-src {URL}" in page.headers["Content-Security-Policy"]
    assert "/login/" in visitor.ask().headers["Location"]
    assert world.http.get("/idporten/logout", query_string=given).headers["Location"] == f"{URL}/reservation/"


@pytest.mark.parametrize(
    "given",
    [
        {"client_id": "reservation", "post_logout_redirect_uri": "https://evil.example/"},
        {"post_logout_redirect_uri": f"{URL}/reservation/"},
        {"client_id": "stranger"},
        {"id_token_hint": "a.b.c"},
    ],
)
def test_log_out_goes_to_registered_addresses_only(world, given):
    assert world.http.get("/idporten/logout", query_string=given).status_code == 400
