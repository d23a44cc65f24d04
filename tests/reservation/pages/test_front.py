"""The front page."""

from __future__ import annotations

import pytest

from shared.testing.html import find, read_html


@pytest.mark.req("RES-03", "RES-13")
@pytest.mark.parametrize(("language", "word"), [("nb", "digital post"), ("nn", "digital post"), ("en", "digital mail")])
def test_the_front_page_says_what_a_reservation_means(site, language, word):
    page = site.browser().get("/", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert word in page.text


def test_who_is_logged_in_sees_the_own_door_only(site):
    assert doors(site.browser()) == {"/my/", "/cases/"}
    assert doors(site.citizen()) == {"/my/"}
    assert doors(site.staff()) == {"/cases/"}


def doors(browser):
    main = find(read_html(browser.get("/").text), id="main")
    return {link.get("href") for link in main.iter("a")}
