"""The policy at the door: the whole rights matrix over every route, and apps that must not start."""

from __future__ import annotations

import pytest
from flask import Blueprint
from flask_smorest import Blueprint as ApiBlueprint

from shared.auth.policy import Answer, Policy, PolicyError, PolicyLine
from shared.auth.principal import Role
from shared.testing.web import a_citizen, a_user, an_applicant, make_client, sign_in
from shared.web.api import ApiError
from shared.web.app import make_app
from shared.web.doors import OwnLogIn
from shared.web.settings import WebSettings, WebSettingsError
from tests.shared.web.kit import SETTINGS

KINDS = {"user": a_user(None), "citizen": a_citizen(), "applicant": an_applicant()}
REFUSED = {Answer.FORBIDDEN: {403}, Answer.SIGN_IN: {302, 401}}


def rule_of(app, endpoint):
    return next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)


def ask(lite, endpoint, who):
    """Ask for a route as one party of the matrix; returns the status of each method."""
    client, rule, headers = make_client(lite.app), rule_of(lite.app, endpoint), {}
    if who.startswith("service:"):
        headers["Authorization"] = f"Bearer {lite.identity.service_token('small', who.removeprefix('service:'))}"
    elif who in set(Role) and rule.rule.startswith("/api/"):
        headers["Authorization"] = f"Bearer {lite.identity.access_token('small', role=who)}"
    elif who != "anonymous":
        sign_in(client, KINDS.get(who) or a_user(who))
    path = rule.rule.replace("<path:filename>", "x").replace("<how>", "gone")
    return {
        method: client.open(path, method=method, headers=headers).status_code
        for method in sorted(rule.methods - {"OPTIONS"})
    }


@pytest.mark.req("IDN-07")
def test_every_route_answers_every_party_as_the_policy_says(lite):
    rows = lite.app.extensions["kit"].policy.rows()
    assert len(rows) > 300
    for row in rows:
        for method, status in ask(lite, row.endpoint, row.who).items():
            is_refused = status in {302, 401, 403} and not row.endpoint.startswith("sign_in.")
            expected = row.answer is not Answer.ALLOW
            if row.who in {"user", "citizen", "applicant"} and row.endpoint.startswith("notes."):
                expected = True  # the JSON side knows no cookies
            assert is_refused is expected, (row, method, status)


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize("endpoint", ["pages.work_list", "notes.list_notes"])
def test_a_wrong_role_is_told_so(lite, endpoint):
    assert set(ask(lite, endpoint, "STATISTICIAN").values()) == {403}


def an_app(lite_database, lite, blueprints=(), api_blueprints=(), lines=(), **more):
    policy = Policy([PolicyLine(endpoint=endpoint, is_open=True) for endpoint in lines])
    return make_app(
        "bare",
        settings=WebSettings(**SETTINGS),
        policy=policy,
        database=lite_database,
        clock=lite.clock,
        blueprints=blueprints,
        api_blueprints=api_blueprints,
        **more,
    )


def a_page(name="pages", rule="/x"):
    pages = Blueprint(name, __name__)
    pages.add_url_rule(rule, "show", lambda: "x", methods=["GET", "POST"])
    return pages


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize("lines", [[], ["pages.show", "pages.gone"], ["kit.health", "pages.show"]])
def test_an_app_whose_policy_does_not_fit_does_not_start(lite_database, lite, lines):
    with pytest.raises(PolicyError):
        an_app(lite_database, lite, [a_page()], lines=lines)


def test_an_api_outside_its_place_does_not_start(lite_database, lite):
    api = ApiBlueprint("things", __name__, url_prefix="/things")
    api.add_url_rule("", "show", lambda: "x")

    with pytest.raises(ApiError):
        an_app(lite_database, lite, api_blueprints=[api], lines=["things.show"])


def test_an_app_without_a_door_says_that_a_log_in_is_needed(lite_database, lite):
    policy = [PolicyLine(endpoint="pages.show", allow=frozenset({"LU"}))]
    app = make_app(
        "bare",
        settings=WebSettings(**SETTINGS),
        policy=Policy(policy),
        database=lite_database,
        clock=lite.clock,
        blueprints=[a_page()],
    )
    assert make_client(app).get("/x").status_code == 401


def test_the_provider_itself_sends_to_its_own_page(lite_database, lite):
    log_in = Blueprint("log_in", __name__)
    log_in.add_url_rule("/log-in", "ask", lambda: "x")
    policy = [
        PolicyLine(endpoint="pages.show", allow=frozenset({"SC"}), step_up=True),
        PolicyLine(endpoint="log_in.ask", is_open=True),
    ]
    app = make_app(
        "bare",
        settings=WebSettings(**SETTINGS),
        policy=Policy(policy),
        database=lite_database,
        clock=lite.clock,
        blueprints=[a_page(), log_in],
        sign_in=OwnLogIn("log_in.ask"),
    )
    assert make_client(app).get("/x").headers["Location"] == "/log-in?return_to=/x"


@pytest.mark.parametrize("change", [{"secret_key": "short"}, {"trusted_proxies": -1}, {"max_body_bytes": 0}])
def test_unsafe_settings_are_refused(change):
    with pytest.raises(WebSettingsError):
        WebSettings(**{**SETTINGS, **change})


def test_the_secret_is_not_shown_when_settings_are_printed():
    assert SETTINGS["secret_key"] not in repr(WebSettings(**SETTINGS))
