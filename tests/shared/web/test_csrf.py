"""Forms from elsewhere: every route that changes anything refuses a request without the session's token."""

from __future__ import annotations

import pytest

from shared.auth.principal import Role
from shared.testing.web import a_citizen, a_user, csrf_token, make_client, sign_in
from tests.shared.web.kit import World

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
TOLD_BY_TOKEN = {"sign_in.backchannel_logout"}


def changing_routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(CHANGING & rule.methods):
            if not rule.rule.startswith("/api/") and rule.endpoint not in TOLD_BY_TOKEN:
                yield method, rule.rule


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize("role", [*Role, None])
def test_no_changing_route_acts_without_the_token(lite, role):
    routes = list(changing_routes(lite.app))
    assert len(routes) >= 5
    for method, path in routes:
        client = make_client(lite.app)
        if role is not None:
            sign_in(client, a_user(role))

        assert client.open(path, method=method).status_code in {400, 401, 403}, (method, path)


def test_the_sessions_own_token_opens(client):
    sign_in(client, a_user())

    assert client.post("/courses").status_code == 400
    assert client.send_form("/courses").status_code == 200
    assert client.htmx("POST", "/courses").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "eyJ.a.b", None])
def test_a_made_up_token_does_not(client, token):
    sign_in(client, a_user())

    response = client.post("/courses", data={"csrf_token": token} if token is not None else {})

    assert response.status_code == 400
    assert "Skjemaet er for gammelt" in response.text


def test_a_token_of_another_session_does_not(lite):
    mine, theirs = make_client(lite.app), make_client(lite.app)
    sign_in(mine, a_user())
    sign_in(theirs, a_user(user_id=2))

    assert mine.post("/courses", data={"csrf_token": csrf_token(theirs)}).status_code == 400


def test_a_token_from_before_the_log_in_does_not(client):
    token = csrf_token(client)
    sign_in(client, a_user())

    assert client.post("/courses", data={"csrf_token": token}).status_code == 400


def test_a_cookie_does_not_count_on_the_json_side(client):
    sign_in(client, a_user("LC"))

    assert client.get("/api/notes").status_code == 401
    assert client.post("/api/notes", json={"text": "x"}).status_code == 401


@pytest.mark.parametrize(
    ("referrer", "status"),
    [("https://localhost/work-list", 200), ("https://evil.test/", 400), ("http://localhost/", 400), (None, 400)],
)
def test_over_https_the_form_must_come_from_our_own_pages(lite_database, referrer, status):
    world = World(lite_database, cookie_secure=True)
    client = make_client(world.app)
    sign_in(client, a_user())
    headers = {"Referer": referrer} if referrer else {}

    answer = client.post(
        "/courses", base_url="https://localhost", data={"csrf_token": csrf_token(client)}, headers=headers
    )

    assert answer.status_code == status


def test_reading_changes_nothing(lite, client):
    sign_in(client, a_citizen())
    before = lite.app.extensions["kit"].sessions.list_of("citizen:citizen-1")

    for rule in lite.app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.endpoint not in {"sign_in.login", "sign_in.callback"}:
            client.get(rule.rule)

    assert lite.app.extensions["kit"].sessions.list_of("citizen:citizen-1") == before
    assert lite.effects == []
