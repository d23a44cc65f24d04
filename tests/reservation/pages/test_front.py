"""The front page."""

from __future__ import annotations

import pytest


@pytest.mark.req("RES-03", "RES-13")
@pytest.mark.parametrize(("language", "word"), [("nb", "digital post"), ("nn", "digital post"), ("en", "digital mail")])
def test_the_front_page_says_what_a_reservation_means(site, language, word):
    page = site.browser().get("/", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert word in page.text
