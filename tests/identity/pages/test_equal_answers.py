"""Nobody learns from an answer whether an account exists: status, words, headers, cookies and work are the same."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event

from services.identity.app import create_app
from services.identity.domain.throttle import Tries
from shared.testing.web import make_client
from tests.identity.site import fields
from tests.identity.world import APPLICATION

pytestmark = pytest.mark.req("IDN-11")
# What is made at random for every answer, known name or not.
RANDOM = re.compile(r'(?:csrf_token|flow)" value="[^"]*"|nonce-[^\' ]*|nonce="[^"]*"|flow=[\w-]*|[0-9a-f]{32}')
TAKEN = {"user_name": "kari", "email": "kari@vest.example.no", "mobile": "41234567"}


def heard(answer):
    """Everything a browser is told, without what is made at random."""
    headers = sorted(
        (name, RANDOM.sub("", value))
        for name, value in answer.headers
        if name not in {"X-Correlation-Id", "Set-Cookie", "Content-Length"}
    )
    cookies = sorted(
        cookie.split("=", 1)[0] + ";" + cookie.partition(";")[2] for cookie in answer.headers.getlist("Set-Cookie")
    )
    return answer.status_code, headers, cookies, RANDOM.sub("", answer.text)


def typed(site, name, *, browser=None, **more):
    browser = browser or site.browser()
    page = browser.get("/log-in")
    return browser.post("/log-in", data={**fields(page, "/log-in"), "user_name": name, "password": "feil"}, **more)


@pytest.fixture
def known(site):
    site.add("kari", number="41234567")
    return site


def test_log_in_says_the_same_of_known_and_unknown_names(known):
    assert heard(typed(known, "kari")) == heard(typed(known, "finnes"))


def test_the_wait_after_many_wrong_guesses_is_the_same(known):
    for name in ("kari", "finnes"):
        answers = [typed(known, name) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [422] * 5
    one, other = (typed(known, name) for name in ("kari", "finnes"))

    assert (one.status_code, one.headers["Retry-After"]) == (429, "30")
    assert heard(one) == heard(other)


def test_after_a_hundred_wrong_guesses_known_and_unknown_names_are_told_alike_what_helps(known):
    with known.uow() as store:
        for name in ("kari", "finnes"):
            key = known.seals.counter_hash("account", known.seals.user_name_hash(name))
            store.log_ins.take_back(key, lambda _: Tries(failures=100))
    one, other = (typed(known, name) for name in ("kari", "finnes"))

    assert heard(one) == heard(other)
    assert (one.status_code, "Passordet virker ikke lenger" in one.text) == (429, True)


@pytest.mark.parametrize("path", ["/log-in/code", "/log-in/code/again"])
def test_the_code_page_after_a_wrong_password_says_the_same(known, path):
    answers = []
    for name in ("kari", "finnes"):
        browser = known.browser()
        page = typed(known, name, browser=browser)
        answers.append(browser.post(path, data={**fields(page, "/log-in"), "code": "123456"}))

    assert heard(answers[0]) == heard(answers[1])


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.parametrize("position", ["nurse", ""], ids=["a whole form", "a form with a fault"])
def test_an_application_says_the_same_of_what_is_known_and_what_is_not(known, name, position):
    answers = []
    for change in ({name: TAKEN[name]}, {}):
        browser = known.browser()
        form = fields(browser.get("/new-user"), "/new-user")
        answers.append(browser.post("/new-user", data={**form, **APPLICATION, "position": position, **change}))
    one, other = (heard(answer) for answer in answers)

    assert one[:3] == other[:3]
    assert one[3].replace(f'"{TAKEN[name]}"', "x") == other[3].replace(f'"{APPLICATION[name]}"', "x")


@pytest.mark.parametrize("door", ["log in", "new user"])
def test_the_work_is_the_same(known, monkeypatch, door):
    """What takes time is counted: hashes reckoned, and statements sent; the first answer warms what is kept."""
    reckoned, statements, done, verify = [], [], [], PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: reckoned.append(given) or verify(*given))
    event.listen(known.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for name in ("warm", "kari", "finnes"):
        browser = known.browser()
        page = browser.get("/log-in" if door == "log in" else "/new-user")
        reckoned.clear()
        statements.clear()
        if door == "log in":
            browser.post("/log-in", data={**fields(page, "/log-in"), "user_name": name, "password": "feil"})
        else:
            browser.post("/new-user", data={**fields(page, "/new-user"), **APPLICATION, "user_name": name})
        done.append((len(reckoned), sorted(statements)))

    assert done[1] == done[2]
    assert done[1][0] == (1 if door == "log in" else 0)
    assert done[1][1]


@pytest.mark.parametrize("proxies", [0, 1], ids=["no proxy", "one proxy"])
def test_an_address_made_up_by_the_visitor_is_not_believed(site, proxies):
    """The address is the one the network tells; behind a proxy the one the proxy has seen, the last of the list."""
    app = create_app(replace(site.settings, trusted_proxies=proxies), site.parts)
    statuses = []
    for number in range(34):
        spoofed = f"203.0.113.{number}" + (", 198.51.100.7" if proxies else "")
        headers = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Client-IP"), spoofed)
        headers["Forwarded"] = f"for=203.0.113.{number}"
        answer = typed(site, f"navn{number}", browser=make_client(app), headers=headers)
        statuses.append(answer.status_code)

    assert statuses == [422] * 31 + [429] * 3
