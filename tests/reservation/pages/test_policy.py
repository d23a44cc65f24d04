"""Every route for every party: who is let in is what the policy says, and nothing else."""

from __future__ import annotations

import pytest

from shared.auth.policy import Answer
from shared.auth.principal import Role
from shared.testing.web import a_citizen, a_user, an_applicant, sign_in
from shared.web.context import kit_of

NOBODY = "3c" * 16
PARTIES = {"applicant": an_applicant(), "citizen": a_citizen(), **{role.value: a_user(role) for role in Role}}


def ask(browser, rule):
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<{name}>", "smertereg" if name == "registry" else NOBODY)
    return browser.send_form(path) if "POST" in rule.methods else browser.get(path)


@pytest.mark.req("GEN-04")
def test_the_policy_is_what_the_routes_do(site):
    policy = kit_of(site.app).policy
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    for who, principal in PARTIES.items():
        browser = site.browser()
        for rule in rules:
            expected = policy.decide(rule.endpoint, sign_in(browser, principal), site.clock.now())
            refused = ask(browser, rule).status_code == 403
            assert refused == (expected is Answer.FORBIDDEN), (who, rule.endpoint)


@pytest.mark.req("RES-04")
def test_staff_are_sent_to_identity(site):
    assert site.browser().get("/cases/").location.startswith("/login?door=user")
