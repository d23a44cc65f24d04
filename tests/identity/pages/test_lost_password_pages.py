"""The way back in with a forgotten password, in a browser without scripts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from services.identity.domain.roles import RoleCode
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.worker import jobs
from shared.testing.html import find, read_html, words
from tests.identity.site import fields
from tests.identity.world import HERE, acting

NEW = "Grønn-elg-88-danser"
CHANGING = re.compile(r'(name="csrf_token" value|nonce)="[^"]*"|&quot;X-CSRFToken&quot;: ?&quot;[^&]*&quot;')


def ask(site, browser, name):
    return send(browser, "/forgotten-password", user_name=name)


def send(browser, page, **values):
    """Fill in the first form of a page and send it."""
    form = read_html(browser.get(page).text).find(".//main//form")
    return browser.post(form.get("action"), data={**fields(browser.get(page), form.get("action")), **values})


def run_links(site):
    job = jobs(site.settings, site.parts)["send_link"]
    for given in site.jobs("send_link"):
        job(given)


def link_path(site, browser, name="kari"):
    ask(site, browser, name)
    run_links(site)
    address = re.search(r"http\S+/new-password/\S+", site.sent("email")[-1][1]).group(0)
    return urlsplit(address).path


@pytest.fixture
def kari(site):
    return site.add("kari")


@pytest.mark.req("GEN-05", "IDN-05", "IDN-16")
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_whole_way_in_every_language(site, kari, language):
    browser = site.browser()
    browser.set_cookie("language", language)
    path = link_path(site, browser)

    code = send(browser, path)
    proven = send(browser, code.location, code=site.code())
    chosen = send(browser, proven.location, new_password=NEW, new_password_again=NEW)

    assert browser.get(chosen.location).status_code == 200
    assert read_html(browser.get(chosen.location).text).get("lang") == language
    assert site.log_in("kari", NEW).user_id == kari


@pytest.mark.req("IDN-11", "IDN-16")
def test_the_answer_is_the_same_for_every_name(site, kari):
    site.add("ola")
    boss = acting(site.add("lise", (HERE, RoleCode.LC)))
    deactivate_user(site.add("per"), reason="sluttet", by=boss, uow=site.uow)
    told = set()
    for name in ("kari", "ola", "per", "ukjent", "x" * 500):
        browser = site.browser()
        first = ask(site, browser, name)
        last = browser.get(first.location)
        headers = sorted(header for header, _ in first.headers)
        told.add((first.status_code, first.location, str(headers), last.status_code, CHANGING.sub("", last.text)))

    assert len(told) == 1
    assert {status for status, *_ in told} == {303}
    run_links(site)
    texts = {to: "/new-password/" in text for to, text in site.sent("email")}
    assert texts == {f"{name}@vest.example.no": name != "per" for name in ("kari", "ola", "per")}


@pytest.mark.req("IDN-11", "IDN-16")
@pytest.mark.parametrize("name", ["kari", "ukjent"])
def test_too_many_wishes_are_answered_alike_and_keep_what_was_typed(site, kari, name):
    answers = [ask(site, site.browser(), name).status_code for _ in range(5)]
    refused = ask(site, site.browser(), name)

    assert answers == [303] * 5
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert find(read_html(refused.text), id="user_name").get("value") == name
    assert "Vent 1 minutt" in words(find(read_html(refused.text), id="user_name-error"))


@pytest.mark.req("IDN-05", "IDN-16")
def test_looking_at_the_link_uses_nothing_up(site, kari):
    browser = site.browser()
    path = link_path(site, browser)
    for _ in range(10):
        assert site.browser().get(path).status_code == 200

    assert site.sent() == []
    assert send(browser, path).status_code == 303


@pytest.mark.req("IDN-05", "IDN-11", "IDN-16")
def test_a_link_that_is_used_old_or_made_up_is_answered_alike(site, kari):
    browser = site.browser()
    used, old = link_path(site, browser), link_path(site, browser)
    code = send(browser, used)
    send(browser, code.location, code=site.code())
    site.move(minutes=30)

    pages = [site.browser().get(path) for path in (used, old, "/new-password/" + "x" * 43, "/new-password/æ")]
    assert [page.status_code for page in pages] == [404] * 4
    assert len({CHANGING.sub("", page.text.replace(page.request.path, "")) for page in pages}) == 1
    assert site.browser().send_form("/new-password-code/send", {"link": old.split("/")[-1]}).status_code == 404


@pytest.mark.req("IDN-05", "IDN-16")
def test_the_proof_lives_in_the_browser_that_typed_the_code_under_a_new_session_id(site, kari):
    browser, name = site.browser(), site.app.session_interface.cookie_name
    code = send(browser, link_path(site, browser))
    planted = browser.get_cookie(name).value
    send(browser, code.location, code=site.code())

    stranger = site.browser()
    stranger.set_cookie(name, planted)
    assert stranger.get("/new-password").status_code == 404
    assert browser.get("/new-password").status_code == 200


@pytest.mark.req("IDN-05", "IDN-16")
def test_faults_stand_by_their_fields(site, kari):
    browser = site.browser()
    empty = send(browser, "/forgotten-password", user_name=" ")
    code = send(browser, link_path(site, browser))
    wrong = send(browser, code.location, code="12")
    proven = send(browser, code.location, code=site.code())
    short = send(browser, proven.location, new_password="kort", new_password_again="kort")
    other = send(browser, proven.location, new_password=NEW, new_password_again="noe annet")

    for answer, field, text in (
        (empty, "user_name", "Må fylles ut"),
        (wrong, "code", "Koden er feil"),
        (short, "new_password", "Bruk minst 12 tegn"),
        (other, "new_password_again", "Passordene er ikke like"),
    ):
        assert answer.status_code == 422
        assert words(find(read_html(answer.text), id=f"{field}-error")) == text


@pytest.mark.req("IDN-05", "IDN-11", "IDN-16")
def test_after_five_wrong_codes_the_link_is_over(site, kari):
    browser = site.browser()
    path = link_path(site, browser)
    code = send(browser, path)
    statuses = [send(browser, code.location, code="12").status_code for _ in range(5)]
    again = browser.send_form("/new-password-code/again")

    assert (statuses, again.status_code) == ([422] * 4 + [404], 404)
    assert site.browser().get(path).status_code == 404


@pytest.mark.req("IDN-05", "IDN-16")
def test_a_new_code_voids_the_old_one(site, kari):
    browser = site.browser()
    code = send(browser, link_path(site, browser))
    old = site.code()
    again = browser.send_form("/new-password-code/again")
    new = site.code()

    assert "En ny kode er sendt" in words(read_html(browser.get(again.location).text))
    if old != new:
        assert send(browser, code.location, code=old).status_code == 422
    assert send(browser, code.location, code=new).status_code == 303
