"""Signing in and out through the browser: doors, step-up, safe ways back, and log-out told by the provider."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.auth.logout import LOGOUT_EVENT
from shared.auth.revocation import Revocation, revoke
from shared.testing.web import a_user, csrf_token, make_client, sign_in
from shared.web.redirects import safe_return
from tests.shared.web.kit import IDENTITY, IDPORTEN

USER = {"sub": "7", "role": "SC", "registry": "smertereg", "organisation": 700001, "name": "Kari Prøve", "sid": "s1"}


def follow(client, path, **kwargs):
    """Go to a page that asks for a log-in, and return the provider's address."""
    asked = client.get(path, **kwargs)
    assert asked.status_code == 302
    return client.get(asked.headers["Location"]).headers["Location"]


def come_back(client, fields):
    return client.get("/callback", query_string=fields)


@pytest.mark.req("IDN-09")
def test_a_page_asked_for_is_the_page_shown_after_the_log_in(lite, client):
    address = follow(client, "/work-list?ward=3&part=TO")
    assert address.startswith(f"{IDENTITY}/authorize?")

    answer = come_back(client, lite.identity.log_in(address, USER))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/work-list?ward=3&part=TO")
    assert "user:7" in client.get(answer.headers["Location"]).text


@pytest.mark.req("IDN-10")
def test_citizens_are_sent_to_their_own_provider(lite, client):
    address = follow(client, "/mine")
    assert address.startswith(f"{IDPORTEN}/authorize?")

    come_back(client, lite.idporten.log_in(address, {"sub": "pairwise", "acr": "idporten-loa-high"}))

    assert "citizen:pairwise" in client.get("/mine").text
    assert client.get("/work-list").status_code == 403


@pytest.mark.req("IDN-10")
def test_an_id_token_that_may_carry_a_national_number_is_not_kept(lite, client):
    address = follow(client, "/mine")
    come_back(client, lite.idporten.log_in(address, {"sub": "p", "acr": "idporten-loa-high", "pid": "01810012345"}))

    stored = lite.app.extensions["kit"].sessions.find(client.get_cookie("small_session").value)
    assert "id_token" not in stored.content
    assert "01810012345" not in str(stored)


def test_under_a_prefix_everything_stays_under_the_prefix(lite, client):
    at = {"base_url": "http://localhost/small"}
    asked = client.get("/work-list", **at)
    assert asked.headers["Location"].startswith("/small/login?")
    address = client.get("/login?return_to=/work-list", **at).headers["Location"]

    answer = client.get("/callback", query_string=lite.identity.log_in(address, USER), **at)

    assert answer.headers["Location"] == "/small/work-list"


@pytest.mark.req("IDN-13")
def test_a_sensitive_page_asks_for_a_fresh_log_in_and_then_opens(lite, client):
    sign_in(client, a_user("SC", user_id=7))
    assert client.get("/withdraw").status_code == 200
    lite.clock.move(timedelta(minutes=5, seconds=1))
    assert client.get("/work-list").status_code == 200

    address = follow(client, "/withdraw")
    assert parse_qs(urlsplit(address).query)["max_age"] == ["0"]
    come_back(client, lite.identity.log_in(address, USER))

    assert client.get("/withdraw").status_code == 200


@pytest.mark.req("IDN-13")
def test_a_form_sent_too_late_keeps_its_page_behind_a_new_log_in(lite, client):
    sign_in(client, a_user("SC"))
    lite.clock.move(timedelta(minutes=6))

    answer = client.send_form("/withdraw", headers={"Referer": "http://localhost/withdraw?course=7"})

    assert answer.status_code == 403
    assert "Bekreft at det er deg" in answer.text
    assert "/login?door=user&amp;return_to=/withdraw?course%3D7&amp;step_up=1" in answer.text


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("http://localhost/courses/7", "return_to=/courses/7"),
        ("http://evil.test/courses/7", "return_to=/"),
        ("http://localhost//evil.test", "return_to=/"),
        ("http://localhost", "return_to=/"),
        ("", "return_to=/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, referrer, expected):
    answer = client.post("/courses", headers={"Referer": referrer})

    assert answer.status_code == 401
    assert f'{expected}"' in answer.text


def test_a_page_of_another_service_on_the_host_is_not_the_forms_page(client):
    at = {"base_url": "http://localhost/small"}

    astray = client.post("/courses", headers={"Referer": "http://localhost/other/courses"}, **at)
    home = client.post("/courses", headers={"Referer": "http://localhost/small/courses/7"}, **at)

    assert 'return_to=/"' in astray.text
    assert 'return_to=/courses/7"' in home.text


def test_log_ins_and_refusals_are_logged_without_names(lite, client, capsys):
    fields = lite.identity.log_in(follow(client, "/work-list"), USER)
    come_back(client, fields)
    come_back(client, fields)

    logged = capsys.readouterr().out
    assert "signed in" in logged
    assert "user:7" in logged
    assert "signed_in_already" in logged
    assert "Kari" not in logged


def test_htmx_is_told_within_the_page_instead_of_sent_away(client):
    answer = client.get("/work-list", headers={"HX-Request": "true", "Referer": "http://localhost/work-list"})

    assert answer.status_code == 401
    assert "return_to=/work-list" in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "\n//evil.test",
        "javascript:alert(1)",
        "evil",
        "",
        None,
        "/" + "x" * 2_001,
        "https:evil.test",
        "/ok\r\nSet-Cookie: a=b",
        "///evil.test",
        "/@evil.test:80//\\",
        "//[",
    ],
)
@pytest.mark.req("IDN-09")
def test_nobody_is_sent_off_the_site_after_the_log_in(target):
    assert safe_return(target) == "/"


@pytest.mark.parametrize("target", ["/", "/a/b?c=d&e=/f#g", "/søk?q=%2F%2Fx", "/a//b", "/@x"])
def test_paths_of_our_own_are_kept(target):
    assert safe_return(target) == target


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"state": "x"}, "Innloggingen er allerede brukt"),
        ({"iss": "http://evil.test"}, "Svaret kom ikke fra innloggingstjenesten"),
        ({"code": "x"}, "godtok ikke"),
        ({"error": "access_denied"}, "avbrutt"),
        ({"iss": IDPORTEN}, "Svaret kom ikke fra innloggingstjenesten"),
    ],
)
def test_a_spoilt_answer_gives_a_clear_page_and_no_session(lite, client, spoil, words):
    fields = {**lite.identity.log_in(follow(client, "/work-list"), USER), **spoil}

    answer = come_back(client, fields)

    assert answer.status_code == 403
    assert words in answer.text
    assert "/login" in answer.text
    assert client.get("/work-list").status_code == 302


@pytest.mark.req("IDN-09")
def test_an_answer_played_again_is_a_page_and_no_crash(lite, client):
    fields = lite.identity.log_in(follow(client, "/work-list"), USER)
    come_back(client, fields)

    assert "allerede logget inn" in come_back(client, fields).text
    assert "allerede brukt" in come_back(make_client(lite.app), fields).text


def test_claims_that_make_no_sense_are_refused(lite, client):
    answer = come_back(client, lite.identity.log_in(follow(client, "/work-list"), {**USER, "role": "ROOT"}))

    assert answer.status_code == 403
    assert client.get("/work-list").status_code == 302


@pytest.mark.req("IDN-08")
def test_a_log_in_from_before_the_user_was_signed_out_is_refused(lite, client):
    fields = lite.identity.log_in(follow(client, "/work-list"), USER)
    with lite.database.transaction() as session:
        revoke(session, Revocation(7, lite.clock.now()))

    assert "Tilgangen er endret" in come_back(client, fields).text


def test_a_provider_that_is_away_is_an_outage(lite, client):
    lite.identity.adapter.is_down = True

    answer = client.get("/login")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("door", ["applicant", "service", "x", ""])
def test_a_door_we_do_not_have_is_not_found(client, door):
    assert client.get("/login", query_string={"door": door}).status_code == 404


def logged_in(lite, client):
    come_back(client, lite.identity.log_in(follow(client, "/work-list"), USER))


@pytest.mark.req("IDN-09")
def test_log_out_ends_the_session_here_and_at_the_provider(lite, client):
    logged_in(lite, client)
    cookie = client.get_cookie("small_session").value

    answer = client.send_form("/logout")

    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert answer.headers["Location"].startswith(f"{IDENTITY}/logout?")
    assert told["id_token_hint"][0].count(".") == 2
    client.set_cookie("small_session", cookie)
    assert client.get("/work-list").status_code == 302


def test_log_out_works_with_the_provider_away_and_without_a_session(lite, client):
    logged_in(lite, client)
    lite.identity.adapter.is_down = True
    lite.seconds += 100_000

    assert client.send_form("/logout").headers["Location"] == "/"
    assert client.post("/logout", data={"csrf_token": csrf_token(client)}).headers["Location"] == "/"


def a_notice(lite, **claims):
    told = {"aud": "small", "sub": "7", "events": {LOGOUT_EVENT: {}}, **claims}
    return lite.identity.sign({name: value for name, value in told.items() if value}, typ="logout+jwt")


@pytest.mark.req("IDN-08", "IDN-09")
@pytest.mark.parametrize(
    ("claims", "status"), [({"sid": "s1"}, 302), ({"sub": None, "sid": "s1"}, 302), ({}, 302), ({"sid": "s2"}, 200)]
)
def test_the_provider_ends_the_sessions_it_names(lite, client, claims, status):
    logged_in(lite, client)

    answer = make_client(lite.app).post("/backchannel-logout", data={"logout_token": a_notice(lite, **claims)})

    assert answer.status_code == 200
    assert client.get("/work-list").status_code == status


def test_a_false_notice_ends_nothing(lite, client):
    logged_in(lite, client)
    for token in ("", "x", a_notice(lite, aud="other"), lite.idporten.sign({"aud": "small", "sub": "7"})):
        answer = make_client(lite.app).post("/backchannel-logout", data={"logout_token": token})
        assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})

    assert client.get("/work-list").status_code == 200


@pytest.mark.req("IDN-10")
@pytest.mark.parametrize(
    ("iss", "sid", "status"), [(IDENTITY, "s1", 302), ("http://evil.test", "s1", 200), (IDENTITY, "", 200)]
)
def test_a_providers_page_may_end_one_log_in(lite, client, iss, sid, status):
    logged_in(lite, client)

    assert make_client(lite.app).get("/frontchannel-logout", query_string={"iss": iss, "sid": sid}).status_code == 204
    assert client.get("/work-list").status_code == status
