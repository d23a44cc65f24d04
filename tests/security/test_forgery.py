"""Nothing changes on another site's behalf: no form without the session's own token, and no change by looking."""

from __future__ import annotations

import pytest
from itsdangerous import URLSafeTimedSerializer

from shared.testing.web import CSRF_FIELD, CSRF_SALT
from tests.security.table import read_table

pytestmark = pytest.mark.req("OPS-06")
HEADER = "X-CSRFToken"
# Programs prove themselves by other means and have no session that a browser would bring along.
PROVEN = ("/api/", "/backchannel-logout")


def forms(scene):
    """Every route by which a browser changes something, with somebody who may."""
    for line in read_table(scene.kit.name).values():
        if line.method == "POST" and not line.path.startswith(PROVEN):
            yield from ((line, *cell) for cell in filter(None, [scene.let_in(line)]))


def token(scene, raw, salt=CSRF_SALT):
    return URLSafeTimedSerializer(scene.app.secret_key, salt=salt).dumps(raw)


def test_no_form_is_taken_without_the_token_of_the_session(scene):
    stranger, spoilt = token(scene, "6b" * 20), token(scene, "5a" * 20)[:-1]
    tokens = {
        "none": "",
        "another session's": stranger,
        "spoilt": spoilt,
        "for something else": token(scene, "5a" * 20, "x"),
    }
    before, taken = scene.content(), []
    for line, party, thing in forms(scene):
        for name, given in tokens.items():
            answer = scene.ask(party, "POST", line.path, thing, headers={HEADER: given})
            taken += [] if answer.status_code == 400 and "Location" not in answer.headers else [(line.path, name)]

    assert taken == []
    assert scene.content() == before


def test_no_form_is_taken_from_another_site(scene):
    before, taken = scene.content(), []
    for line, party, thing in forms(scene):
        for referer in ("https://evil.example/", "http://localhost/", ""):
            answer = scene.ask(party, "POST", line.path, thing, headers={"Referer": referer})
            taken += [] if answer.status_code == 400 else [(line.path, referer)]

    assert taken == []
    assert scene.content() == before


def test_with_its_token_the_form_is_taken(scene):
    for line, party, thing in forms(scene):
        assert scene.ask(party, "POST", line.path, thing).status_code != 400, line.path
        scene.restore()


def test_looking_changes_nothing(scene):
    before, changing = scene.content(), []
    for line in read_table(scene.kit.name).values():
        for party, thing in filter(None, [scene.let_in(line)]):
            for method in ("GET", "HEAD", "OPTIONS"):
                scene.ask(party, method, line.path, thing)
            changing += [line.path] if scene.content() != before else []

    assert changing == []


def test_no_address_takes_the_token(scene):
    """A token in an address would be in logs; only the body and the header are looked at."""
    line, party, thing = next(forms(scene))
    answer = scene.ask(
        party, "POST", line.path, thing, headers={HEADER: ""}, query_string={CSRF_FIELD: token(scene, "5a" * 20)}
    )

    assert answer.status_code == 400
