"""Every route for every party: who is let in is what the policy says, and nothing else."""

from __future__ import annotations

import threading

import pytest

from shared.auth.policy import Answer
from shared.auth.principal import Role
from shared.testing.web import a_citizen, a_user, an_applicant, sign_in
from shared.web.context import kit_of
from tests.release.world import FILE, KARI

NOBODY = "3c" * 16
PARTIES = {"applicant": an_applicant(), "citizen": a_citizen(), **{role.value: a_user(role) for role in Role}}


def address(rule):
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<{name}>", "smertereg" if name == "registry" else NOBODY)
    return path


def ask(browser, rule):
    return browser.send_form(address(rule)) if "POST" in rule.methods else browser.get(address(rule))


@pytest.mark.req("REL-04", "REL-07")
def test_the_policy_is_what_the_routes_do(site):
    policy = kit_of(site.app).policy
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    for who, principal in PARTIES.items():
        browser = site.browser()
        sign_in(browser, principal)
        for rule in rules:
            expected = policy.decide(rule.endpoint, sign_in(browser, principal), site.clock.now())
            refused = ask(browser, rule).status_code == 403
            assert refused == (expected is Answer.FORBIDDEN), (who, rule.endpoint)


@pytest.mark.req("REL-07")
def test_a_stranger_is_sent_to_log_in(site):
    browser = site.browser()

    assert browser.get("/applications").location.startswith("/login?door=applicant")
    assert browser.get("/review/").location.startswith("/login?door=user")
    assert browser.send_form(f"/deliveries/{NOBODY}/download").status_code == 401


@pytest.mark.req("REL-07")
def test_of_two_presses_at_once_one_gets_the_file(both):
    delivery_id = both.world().opened()
    browsers, answers, start = [both.browser() for _ in range(2)], [], threading.Barrier(2)
    for browser in browsers:
        sign_in(browser, KARI)

    def press(browser):
        start.wait()
        answers.append(browser.send_form(f"/deliveries/{delivery_id}/download"))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert [answer.data for answer in answers if answer.status_code == 200] == [FILE]


@pytest.mark.req("GEN-04")
def test_no_own_table_knows_a_patient(site):
    columns = [column for table in site.metadata.tables.values() for column in table.columns]
    own = [column for column in columns if column.table.name != "audit_log"]

    assert not [str(column) for column in own if column.info["privacy"] in {"number", "health", "name", "contact"}]
    assert not [str(column) for column in own if "pid" in column.name.split("_")]
