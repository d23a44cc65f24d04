"""Input that no field can mean is refused before any code of a service reads it."""

from __future__ import annotations

import pytest

from shared.testing.web import a_user, csrf_token, sign_in


@pytest.fixture
def bearer(lite):
    return {"Authorization": f"Bearer {lite.identity.service_token('small', 'eprom')}"}


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 15_000,
        b'{"a":' * 3_000,
        b'{"text": ' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"text": "a\\u0000b"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b'{"text": NaN}',
        b"{",
    ],
)
def test_json_that_is_not_sound_is_a_problem_and_no_crash(client, bearer, body):
    answer = client.post("/api/notes", data=body, content_type="application/json", headers=bearer)

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_json_as_deep_as_people_write_it_is_taken(client, bearer):
    answer = client.post("/api/notes", json={"text": "x", "more": [[[[[{"a": [1]}]]]]]}, headers=bearer)

    assert answer.status_code == 422


@pytest.mark.parametrize(("path", "status"), [("/%00", 404), ("/fail/a%00b", 404), ("/?a=%00", 400), ("/?a=b", 200)])
def test_a_nul_sign_in_the_address_is_refused(client, path, status):
    assert client.get(path).status_code == status


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_nul_sign_in_a_form_is_refused(client, content_type):
    sign_in(client, a_user())
    fields = {"csrf_token": csrf_token(client), "text": "a\0b"}

    assert client.post("/courses", data=fields, content_type=content_type).status_code == 400
