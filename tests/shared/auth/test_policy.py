"""The policy file: strict reading, complete over the routes, and one answer a route and party."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from shared.auth.policy import FRESH_LOG_IN, Answer, Policy, PolicyError, PolicyLine, Scope
from shared.auth.principal import ANONYMOUS, Kind, Principal, Role
from shared.testing.web import a_citizen, a_user, an_applicant

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
EPROM = Principal(kind=Kind.SERVICE, subject="eprom", client_id="eprom")


def load(tmp_path, text):
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return Policy.load(path)


GOOD = """
- endpoint: pages.work_list
  allow: [LU, LC, SC]
  scope: own_organisation
- endpoint: pages.withdraw
  allow: [SC]
  scope: own_registry
  step_up: true
- endpoint: pages.projects
  allow: [user]
- endpoint: pages.answers
  allow: [citizen]
  scope: own
- endpoint: forms.answers
  allow: ["service:eprom"]
- endpoint: pages.upload
  allow: [applicant]
  body_limit: 20000000
- endpoint: pages.about
  allow: open
"""


@pytest.fixture
def policy(tmp_path):
    return load(tmp_path, GOOD)


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize(
    ("endpoint", "principal", "answer"),
    [
        ("pages.work_list", a_user("LU"), Answer.ALLOW),
        ("pages.work_list", a_user("STATISTICIAN"), Answer.FORBIDDEN),
        ("pages.work_list", a_user(None), Answer.FORBIDDEN),
        ("pages.work_list", a_citizen(), Answer.FORBIDDEN),
        ("pages.work_list", EPROM, Answer.FORBIDDEN),
        ("pages.work_list", ANONYMOUS, Answer.SIGN_IN),
        ("pages.projects", a_user(None), Answer.ALLOW),
        ("pages.projects", a_user("PVO"), Answer.ALLOW),
        ("pages.projects", an_applicant(), Answer.FORBIDDEN),
        ("pages.answers", a_citizen(), Answer.ALLOW),
        ("pages.answers", a_user("SC"), Answer.FORBIDDEN),
        ("pages.upload", an_applicant(), Answer.ALLOW),
        ("forms.answers", EPROM, Answer.ALLOW),
        ("forms.answers", Principal(kind=Kind.SERVICE, subject="release"), Answer.FORBIDDEN),
        ("forms.answers", a_user("SC"), Answer.FORBIDDEN),
        ("pages.about", ANONYMOUS, Answer.ALLOW),
        ("pages.unheard_of", a_user("SC"), Answer.FORBIDDEN),
    ],
)
def test_the_policy_answers(policy, endpoint, principal, answer):
    assert policy.decide(endpoint, principal, NOW) is answer


@pytest.mark.req("IDN-07")
def test_nobody_can_pass_for_a_role_by_another_kind(policy):
    pretender = Principal(kind=Kind.CITIZEN, subject="1", role="LU")
    named = Principal(kind=Kind.CITIZEN, subject="service:eprom")

    assert policy.decide("pages.work_list", pretender, NOW) is Answer.FORBIDDEN
    assert policy.decide("forms.answers", named, NOW) is Answer.FORBIDDEN


@pytest.mark.req("IDN-13")
@pytest.mark.parametrize(
    ("age", "answer"),
    [
        (timedelta(0), Answer.ALLOW),
        (FRESH_LOG_IN, Answer.ALLOW),
        (FRESH_LOG_IN + timedelta(seconds=1), Answer.STEP_UP),
    ],
)
def test_a_sensitive_act_needs_a_log_in_of_the_last_five_minutes(policy, age, answer):
    assert policy.decide("pages.withdraw", a_user("SC", authenticated_at=NOW - age), NOW) is answer


@pytest.mark.req("IDN-13")
def test_an_unknown_log_in_time_is_not_fresh_and_a_wrong_role_is_not_asked_to_step_up(policy):
    assert policy.decide("pages.withdraw", a_user("SC"), NOW) is Answer.STEP_UP
    assert policy.decide("pages.withdraw", a_user("LU"), NOW) is Answer.FORBIDDEN


@pytest.mark.req("IDN-07")
def test_the_rights_matrix_names_every_route_and_party(policy):
    rows = policy.rows()
    answers = {(row.endpoint, row.who): row.answer for row in rows}

    assert len(rows) == len(answers) == 7 * (len(Role) + 3 + 2 + 1)
    assert answers["pages.work_list", "LC"] is Answer.ALLOW
    assert answers["pages.projects", "LC"] is Answer.ALLOW
    assert answers["pages.projects", "citizen"] is Answer.FORBIDDEN
    assert answers["forms.answers", "service:eprom"] is Answer.ALLOW
    assert answers["forms.answers", "service:unknown"] is Answer.FORBIDDEN
    assert answers["pages.work_list", "anonymous"] is Answer.SIGN_IN
    assert {answers["pages.about", row.who] for row in rows} == {Answer.ALLOW}


def test_lines_carry_scope_and_limit(policy):
    assert policy.line("pages.work_list").scope is Scope.OWN_ORGANISATION
    assert policy.line("pages.upload").body_limit == 20_000_000
    assert policy.line("pages.nowhere") is None


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize(
    "text",
    [
        "pages.a: [LU]",
        "- allow: [LU]",
        "- pages.a",
        "- {endpoint: 7, allow: [LU]}",
        "- {endpoint: a}",
        "- {endpoint: a, allow: []}",
        "- {endpoint: a, allow: LU}",
        "- {endpoint: a, allow: [LX]}",
        "- {endpoint: a, allow: [open]}",
        "- {endpoint: a, allow: [anonymous]}",
        "- {endpoint: a, allow: ['service:']}",
        "- {endpoint: a, allow: [[LU]]}",
        "- {endpoint: a, allow: [LU], scop: own}",
        "- {endpoint: a, allow: [LU], scope: everything}",
        "- {endpoint: a, allow: [LU], step_up: 'yes'}",
        "- {endpoint: a, allow: [LU], body_limit: 0}",
        "- {endpoint: a, allow: [LU], body_limit: true}",
        "- {endpoint: a, allow: [LU]}\n- {endpoint: a, allow: open}",
    ],
)
def test_a_faulty_policy_is_refused(tmp_path, text):
    with pytest.raises(PolicyError):
        load(tmp_path, text)


def an_app(*endpoints):
    app = Flask("x", static_folder=None)
    for endpoint in endpoints:
        app.add_url_rule(f"/{endpoint}", endpoint=endpoint, view_func=lambda: "")
    return app


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize("endpoints", [("a",), ("a", "b", "c"), ()])
def test_routes_and_lines_must_match_one_to_one(endpoints):
    policy = Policy([PolicyLine(endpoint="a", is_open=True), PolicyLine(endpoint="b", is_open=True)])

    with pytest.raises(PolicyError, match="policy line"):
        policy.check_complete(an_app(*endpoints))
    policy.check_complete(an_app("a", "b"))


def test_a_principal_survives_the_session():
    user = a_user("LC", user_id=12, authenticated_at=NOW, issued_at=NOW, language="nn")

    assert Principal.from_json(user.to_json()) == user
    assert Principal.from_json(ANONYMOUS.to_json()) == ANONYMOUS
    assert (user.actor, user.user_id, a_citizen().user_id, EPROM.actor) == ("user:12", 12, None, "service:eprom")
