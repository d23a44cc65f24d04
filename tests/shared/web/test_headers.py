"""Security headers: on every kind of answer, whatever made it, and never wider than needed."""

from __future__ import annotations

import re

import pytest

from shared.testing.web import a_user, check_headers, make_client, sign_in
from tests.shared.web.kit import IDENTITY, IDPORTEN, World

ANSWERS = [
    ("GET", "/", 200),
    ("HEAD", "/", 200),
    ("OPTIONS", "/", 200),
    ("GET", "/health", 200),
    ("GET", "/ready", 200),
    ("GET", "/metrics", 200),
    ("GET", "/work-list", 302),
    ("GET", "/login", 302),
    ("GET", "/callback", 403),
    ("POST", "/logout", 400),
    ("POST", "/courses", 401),
    ("POST", "/remember", 400),
    ("GET", "/nothing-here", 404),
    ("GET", "/static/nothing.css", 404),
    ("GET", "/static/../settings.py", 404),
    ("DELETE", "/", 405),
    ("TRACE", "/", 405),
    ("BREW", "/", 405),
    ("GET", "/fail/gone", 410),
    ("GET", "/fail/rule", 422),
    ("GET", "/fail/bug", 500),
    ("GET", "/fail/database", 503),
    ("GET", "/api/docs", 200),
    ("GET", "/api/openapi.json", 200),
    ("GET", "/api/notes", 401),
    ("GET", "/api/nothing", 404),
    ("PATCH", "/api/notes", 405),
    ("GET", "/api/docs/files/swagger-ui.css", 200),
    ("GET", "/api/docs/files/../__init__.py", 404),
    ("POST", "/backchannel-logout", 400),
    ("GET", "/frontchannel-logout", 204),
]


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(client, method, path, status):
    response = client.open(path, method=method)

    assert response.status_code == status
    check_headers(response)


def test_a_body_over_the_limit_is_refused_with_the_headers(client):
    sign_in(client, a_user())

    response = client.send_form("/courses", {"text": "x" * 30_000})

    assert response.status_code == 413


def test_a_route_may_have_a_larger_limit_and_no_other(client):
    sign_in(client, a_user())

    assert client.send_form("/upload", {"text": "x" * 140_000}).status_code == 200
    assert client.send_form("/upload", {"text": "x" * 160_000}).status_code == 413


def test_two_thousand_parts_are_refused_though_they_are_small(client):
    sign_in(client, a_user())
    body = '--cut\r\nContent-Disposition: form-data; name="f"\r\n\r\n\r\n' * 2_000 + "--cut--\r\n"

    response = client.post("/upload", data=body, content_type="multipart/form-data; boundary=cut")

    assert len(body) < 150_000
    assert response.status_code == 413


@pytest.mark.req("OPS-06")
def test_scripts_need_a_nonce_that_is_new_each_time_and_only_there_where_used(client):
    def nonces():
        answer = client.get("/api/docs")
        told = re.search(r"'nonce-([^']{16,})'", answer.headers["Content-Security-Policy"]).group(1)
        assert f'<script nonce="{told}">' in answer.text
        return told

    assert nonces() != nonces()
    assert "nonce" not in client.get("/").headers["Content-Security-Policy"]


def test_forms_may_end_at_the_providers_and_nowhere_else(client):
    policy = client.get("/").headers["Content-Security-Policy"]

    assert f"form-action 'self' {IDENTITY} {IDPORTEN};" in policy


def test_pages_are_never_kept_and_files_are(client):
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert "max-age" in client.get("/api/docs/files/swagger-ui.css").headers["Cache-Control"]
    assert client.get("/static/nothing.css").headers["Cache-Control"] == "no-store"


def test_over_https_browsers_are_told_to_stay_there(lite_database):
    secure = World(lite_database, cookie_secure=True)

    answer = make_client(secure.app).get("/", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in make_client(World(lite_database).app).get("/").headers


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_forwarded_addresses_count_only_behind_our_own_proxy(lite_database, proxies, address):
    world = World(lite_database, trusted_proxies=proxies)
    seen = []
    world.app.before_request_funcs[None].insert(0, lambda: seen.append(request_address()))

    make_client(world.app).get("/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert seen == [address]


def request_address():
    from flask import request

    return request.remote_addr
