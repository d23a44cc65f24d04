"""New mobile number, e-mail address and language, in a browser without scripts."""

from __future__ import annotations

import re

import pytest

from shared.testing.html import find, read_html, words
from tests.identity.pages.test_lost_password_pages import CHANGING, send
from tests.identity.site import fields

PAGE, CODE = "/my-page/contact", "/my-page/contact/code"


@pytest.fixture
def kari(site):
    site.add("kari", number="+4740000001")
    site.add("ola", number="+4740000003")
    browser = site.logged_in("kari")
    site.sent()
    return browser


def type_in(browser, **values):
    """Fill in the form with these fields."""
    return browser.post(PAGE, data={"csrf_token": fields(browser.get(PAGE))["csrf_token"], **values})


def main(answer):
    return words(read_html(answer.text).find(".//main"))


@pytest.mark.req("GEN-05", "IDN-15")
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize(
    ("name", "value", "channel"), [("mobile", "400 00 002", "sms"), ("email", "ny@vest.example.no", "email")]
)
def test_the_whole_way_in_every_language(site, kari, language, name, value, channel):
    kari.set_cookie("language", language)
    answer = type_in(kari, **{name: value})
    told = site.sent(channel)[-1][1]

    done = send(kari, answer.location, code=re.search(r"(?<!\d)\d{6}(?!\d)", told).group(0))

    shown = kari.get(done.location)
    assert read_html(shown.text).get("lang") == language
    assert ("••• •• •02" if name == "mobile" else value) in main(shown)


@pytest.mark.req("IDN-11", "IDN-15")
def test_what_another_has_looks_the_same(site, kari):
    pages = set()
    for number in ("40000002", "40000003"):
        answer = type_in(kari, mobile=number)
        shown = [kari.get(answer.location), send(kari, CODE, code="12"), kari.send_form(f"{CODE}/again")]
        told = [
            (page.status_code, CHANGING.sub("", page.text).replace(f"+47{number}", "")) for page in (answer, *shown)
        ]
        pages.add(str(told))

    assert len(pages) == 1
    assert [to for to, _ in site.sent("sms")] == ["+4740000002"] * 2 + ["+4740000003"] * 2


@pytest.mark.req("IDN-13", "IDN-15")
def test_an_old_log_in_is_asked_for_a_fresh_factor(site, kari):
    form = fields(kari.get(PAGE))
    site.move(minutes=6)
    asked = kari.get(PAGE)

    assert (asked.status_code, "step_up=1" in asked.location) == (302, True)
    assert kari.post(PAGE, data={**form, "mobile": "40000002"}).status_code == 403
    assert site.sent() == []


@pytest.mark.req("IDN-15")
@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("mobile", "12", "Skriv et mobilnummer, for eksempel 400 00 000"),
        ("mobile", "", "Må fylles ut"),
        ("email", "kari@", "Skriv en e-postadresse, for eksempel navn@sykehus.no"),
        ("email", "kari@vest.example.no", "Det har du allerede"),
    ],
)
def test_faults_stand_by_their_fields_and_lose_nothing(kari, name, value, text):
    answer = type_in(kari, **{name: value})

    tree = read_html(answer.text)
    assert answer.status_code == 422
    assert words(find(tree, id=f"{name}-error")) == text
    assert find(tree, id=name).get("value") == value


@pytest.mark.req("IDN-11", "IDN-15")
def test_five_wrong_codes_lead_back_to_the_form(site, kari):
    type_in(kari, mobile="40000002")
    statuses = [send(kari, CODE, code="12").status_code for _ in range(4)]
    last = kari.send_form(CODE, {"code": "12"})

    assert statuses == [422] * 4
    assert last.status_code == 303
    assert kari.get(CODE).location.endswith(PAGE)
    after = kari.send_form(CODE, {"code": site.code()})
    assert (after.status_code, "for mange feil koder" in main(after)) == (422, True)


@pytest.mark.req("GEN-05", "IDN-15")
def test_the_language_is_changed_for_pages_and_messages(site, kari):
    answer = send(kari, "/my-page/details", language="en")

    shown = kari.get(answer.location)
    assert read_html(shown.text).get("lang") == "en"
    assert "Ask the local coordinator (LC) at your hospital" in main(shown)
    site.sent()
    site.start("kari")
    assert "one-time code" in site.sent("sms")[-1][1].lower()


@pytest.mark.req("IDN-15")
def test_a_language_we_do_not_speak_is_refused_by_its_field(kari):
    answer = send(kari, "/my-page/details", language="de")

    assert answer.status_code == 422
    assert words(find(read_html(answer.text), id="language-error")) == "Velg fra listen"
