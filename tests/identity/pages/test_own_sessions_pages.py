"""Own log-ins in a browser without scripts, and cookies that open nothing any more."""

from __future__ import annotations

import re

import pytest

from shared.testing.html import read_html, words
from tests.identity.site import fields

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0"
PAGE = "/my-page/log-ins"


def main(browser):
    return words(read_html(browser.get(PAGE).text).find(".//main"))


def cookie(site, browser):
    return browser.get_cookie(site.app.session_interface.cookie_name)


def with_cookie(site, value):
    browser = site.browser()
    browser.set_cookie(site.app.session_interface.cookie_name, value)
    return browser


@pytest.fixture
def kari(site):
    return site.add("kari")


@pytest.mark.req("IDN-08", "IDN-15")
@pytest.mark.parametrize(
    ("language", "browser_said", "this_said"),
    [
        ("nb", "Firefox på Windows", "denne nettleseren"),
        ("nn", "Firefox på Windows", "denne nettlesaren"),
        ("en", "Firefox on Windows", "this browser"),
    ],
)
def test_the_list_says_in_words_which_browser_it_was(site, kari, language, browser_said, this_said):
    browser = site.browser()
    browser.environ_base = {**browser.environ_base, "HTTP_USER_AGENT": FIREFOX}
    browser.set_cookie("language", language)
    site.type_in(browser, "kari")

    assert f"{browser_said} {this_said}" in main(browser)
    assert FIREFOX not in browser.get(PAGE).text


@pytest.mark.req("IDN-08", "IDN-15")
def test_one_button_ends_another_browser_at_its_next_request(site, kari):
    mine, other = site.logged_in("kari"), site.logged_in("kari")
    form = fields(mine.get(PAGE), "/my-page/log-ins/end")

    answer = mine.post("/my-page/log-ins/end", data=form)

    assert "Innloggingen er avsluttet" in words(read_html(mine.get(answer.location).text))
    assert other.get("/my-page").status_code == 302
    assert mine.get("/my-page").status_code == 200
    assert "Avsluttede innlogginger" in main(mine)


@pytest.mark.req("IDN-08", "IDN-15")
def test_one_button_ends_all_others(site, kari):
    mine, *others = [site.logged_in("kari") for _ in range(3)]

    mine.post("/my-page/log-ins/end-others", data=fields(mine.get(PAGE), "/my-page/log-ins/end-others"))

    assert [browser.get("/my-page").status_code for browser in (mine, *others)] == [200, 302, 302]
    assert "Avslutt alle andre" not in main(mine)


@pytest.mark.req("IDN-13", "IDN-15")
@pytest.mark.parametrize(
    ("amr", "said"),
    [
        ("pwd sms mfa", "passord, kode på SMS"),
        ("pwd otp mfa", "passord, engangskode"),
        ("pop user mfa", "passnøkkel"),
        ("mfa", "innlogging hos HelseID eller ID-porten"),
    ],
)
def test_the_list_says_in_words_how_it_was_confirmed(site, kari, amr, said):
    browser = site.logged_in("kari")
    with site.uow() as store:
        store.log_ins.live_sign_ons(kari)[0].amr = amr

    assert f"Bekreftet med: {said} Logg ut overalt" in main(browser)


@pytest.mark.req("IDN-15")
def test_a_page_that_is_looked_at_moves_the_last_use(site, kari):
    browser = site.logged_in("kari")
    site.move(minutes=7)
    browser.get("/my-page")

    assert "Begynte 23.11.2026, 09:00. Sist sett 23.11.2026, 09:07." in main(browser)


@pytest.mark.req("IDN-08", "IDN-15")
def test_the_page_holds_no_id_of_a_log_in(site, kari):
    mine, _other = site.logged_in("kari"), site.logged_in("kari")
    with site.uow() as store:
        sids = [row.sid for row in store.log_ins.live_sign_ons(kari)]

    assert len(sids) == 2
    assert not [sid for sid in sids if sid in mine.get(PAGE).text]


@pytest.mark.req("IDN-09", "IDN-11")
def test_a_session_planted_before_the_log_in_opens_nothing_after(site, kari):
    browser = site.browser()
    browser.get("/log-in")
    planted = cookie(site, browser).value
    site.type_in(browser, "kari")

    assert cookie(site, browser).value != planted
    assert with_cookie(site, planted).get("/my-page").status_code == 302
    assert browser.get("/my-page").status_code == 200


@pytest.mark.req("IDN-08", "IDN-11")
@pytest.mark.parametrize("path", ["/log-out", "/my-page/end-sessions"])
def test_a_cookie_is_worth_nothing_after_the_log_out(site, kari, path):
    browser = site.logged_in("kari")
    kept = cookie(site, browser).value

    browser.send_form(path)

    again = with_cookie(site, kept)
    assert again.get("/my-page").status_code == 302
    assert re.search(r"/log-in", again.get("/my-page").location)
    assert again.get("/projects").status_code == 302


@pytest.mark.req("IDN-11")
@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 302)])
def test_half_an_hour_without_use_ends_the_session(site, kari, minutes, status):
    browser = site.logged_in("kari")
    site.move(minutes=minutes)

    assert browser.get("/my-page").status_code == status


@pytest.mark.req("IDN-11")
def test_twelve_hours_end_it_however_much_it_is_used(site, kari):
    browser, statuses = site.logged_in("kari"), []
    for _ in range(12 * 3):
        statuses.append(browser.get("/my-page").status_code)
        site.move(minutes=20)

    assert statuses == [200] * 36
    assert browser.get("/my-page").status_code == 302
