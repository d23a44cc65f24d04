"""What goes wrong becomes a page for people and a problem for programs, in words, with nothing leaked."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.db.errors import DatabaseUnavailable
from shared.testing.web import a_user, make_client, sign_in


@pytest.fixture
def bearer(lite):
    return {"Authorization": f"Bearer {lite.identity.service_token('small', 'eprom')}"}


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/nothing", 404, "about:blank"),
        ("PATCH", "/api/notes", 405, "about:blank"),
        ("GET", "/api/notes/fail", 500, "about:blank"),
        ("POST", "/api/notes", 422, "about:blank"),
    ],
)
def test_programs_get_problem_details(client, bearer, method, path, status, kind):
    response = client.open(path, method=method, headers=bearer, json={} if method == "POST" else None)

    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert (response.json["type"], response.json["status"]) == (kind, status)
    assert response.json["title"]
    assert response.json["detail"]
    assert response.json["correlation_id"] == response.headers["X-Correlation-Id"]


@pytest.mark.req("OPS-06")
def test_a_problem_names_the_fields_that_are_wrong(client, bearer):
    response = client.post("/api/notes", headers=bearer, json={"text": "x" * 101, "more": 1})

    assert response.json["errors"]["json"].keys() == {"text", "more"}


def test_a_body_that_is_no_json_is_a_problem_too(client, bearer):
    response = client.post("/api/notes", headers=bearer, data="{", content_type="application/json")

    assert (response.status_code, response.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/"), ("DELETE", "/api/notes")])
def test_a_wrong_method_is_told_which_are_right(client, bearer, method, path):
    allowed = client.open(path, method=method, headers=bearer).headers["Allow"]

    assert {"GET", "HEAD", "OPTIONS"} <= set(allowed.split(", "))


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, 'Bearer realm="api"'),
        ({"Authorization": "Bearer x"}, 'Bearer realm="api", error="invalid_token"'),
        ({"Authorization": "Basic eDp5"}, 'Bearer realm="api", error="invalid_request"'),
        ({"Authorization": "Bearer "}, 'Bearer realm="api", error="invalid_token"'),
    ],
)
def test_a_program_without_a_good_token_is_told_what_is_missing(client, headers, challenge):
    response = client.get("/api/notes", headers=headers)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == challenge


def test_people_get_pages_even_where_an_api_is_near(client):
    response = client.get("/nothing-here")

    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "Siden finnes ikke" in response.text
    assert response.headers["X-Correlation-Id"] in response.text


def test_htmx_gets_a_fragment_it_can_swap_in(client):
    response = client.get("/nothing-here", headers={"HX-Request": "true"})

    assert response.status_code == 404
    assert 'role="alert"' in response.text
    assert "<html" not in response.text


def test_a_rule_that_says_no_is_told_in_its_own_words(client):
    response = client.get("/fail/rule")

    assert response.status_code == 422
    assert "Fristen gikk ut for 3 dager siden." in response.text


@pytest.mark.req("IDN-07")
def test_a_foreign_object_and_a_missing_page_look_the_same(client):
    foreign, missing = client.get("/fail/foreign"), client.get("/nothing-here")

    def without_id(answer):
        return answer.text.replace(answer.headers["X-Correlation-Id"], "")

    assert foreign.status_code == missing.status_code == 404
    assert without_id(foreign) == without_id(missing)
    assert set(foreign.headers.keys()) == set(missing.headers.keys())


@pytest.mark.req("GEN-04")
@pytest.mark.parametrize("path", ["/fail/bug", "/api/notes/fail"])
def test_a_fault_of_ours_shows_and_logs_no_message(client, bearer, capsys, path):
    response = client.get(path, headers=bearer)
    logged = capsys.readouterr().out

    assert response.status_code == 500
    assert "01810012345" not in response.text + logged
    assert "ZeroDivisionError" not in response.text
    assert "ZeroDivisionError" in logged


@pytest.mark.parametrize("path", ["/fail/database", "/api/notes"])
def test_a_database_that_is_away_is_said_so_with_the_time_to_wait(lite, client, bearer, monkeypatch, path):
    def away(*_):
        raise DatabaseUnavailable("OperationalError")

    sign_in(client, a_user("LC"))
    monkeypatch.setitem(lite.app.view_functions, "notes.list_notes", away)

    response = client.get(path, headers=bearer)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"


def lose(database):
    """Take the disk away under a database."""
    database.engine.dispose()
    folder = Path(database.engine.url.database).parent
    folder.rename(folder.with_name("away"))


def test_a_session_that_cannot_be_read_is_an_outage_and_not_a_log_out(lite, client):
    sign_in(client, a_user())
    lose(lite.database)

    response = client.get("/work-list")

    assert response.status_code == 503
    assert "Tjenesten er ikke tilgjengelig" in response.text
    assert "Set-Cookie" not in response.headers


def test_a_session_that_cannot_be_stored_is_an_outage(lite, client):
    @lite.app.before_request
    def lose_the_file():
        lose(lite.database)

    response = client.send_form("/remember")

    assert response.status_code == 503
    assert "Tjenesten er ikke tilgjengelig" in response.text


def test_every_error_page_speaks_the_language_of_the_visitor(lite):
    client = make_client(lite.app)

    assert "Sida finst ikkje" in client.get("/x", headers={"Accept-Language": "nn"}).text
    assert "does not exist" in client.get("/x", headers={"Accept-Language": "en-GB"}).text
