"""Every route for every party: who is let in is what the policy says, and nothing else."""

from __future__ import annotations

import pytest

from shared.auth.policy import Answer
from shared.auth.principal import Role
from shared.testing.web import a_citizen, a_user, an_applicant, sign_in
from shared.web.context import kit_of

NOBODY = "3c" * 16
PARTIES = {"applicant": an_applicant(), "citizen": a_citizen(), **{role.value: a_user(role) for role in Role}}


def address(rule):
    return rule.rule.replace("<order_id>", NOBODY).replace("<path>", "x").replace("<token>", NOBODY)


def ask(browser, rule):
    return browser.send_form(address(rule)) if "POST" in rule.methods else browser.get(address(rule))


@pytest.mark.req("EPR-08")
def test_the_policy_is_what_the_routes_do(site):
    policy = kit_of(site.app).policy
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    for who, principal in PARTIES.items():
        browser = site.visitor()
        for rule in rules:
            expected = policy.decide(rule.endpoint, sign_in(browser, principal), site.clock.now())
            refused = ask(browser, rule).status_code == 403
            assert refused == (expected is Answer.FORBIDDEN), (who, rule.endpoint)


@pytest.mark.req("EPR-08")
def test_a_stranger_is_sent_to_log_in_for_every_page_of_a_form(site):
    order_id, visitor = site.sent(), site.visitor()
    for path in ("", "/question/contacts_last_year", "/summary", "/thanks", "/decline", "/declined"):
        assert visitor.get(f"/form/{order_id}{path}").location.startswith("/login?door=citizen")
    for path in ("/question/contacts_last_year", "/submit", "/decline"):
        assert visitor.send_form(f"/form/{order_id}{path}").status_code == 401
    assert site.row(order_id).state == "sent"


@pytest.mark.req("EPR-08")
def test_a_citizen_whose_number_was_compared_with_nobody_s_sees_no_form(site):
    order_id, browser = site.sent(), site.visitor()
    sign_in(browser, a_citizen())

    assert browser.get(f"/form/{order_id}").status_code == 404
