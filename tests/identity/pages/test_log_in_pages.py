"""Log-in in a browser without scripts."""

from __future__ import annotations

import pytest

from services.identity.domain.roles import RoleCode
from shared.testing.html import read_html, words
from tests.identity.site import choose
from tests.identity.world import HERE, THERE


def text(answer):
    return words(read_html(answer.text))


@pytest.mark.req("IDN-04", "IDN-06")
def test_password_code_and_choice_lead_to_the_work(site):
    site.add("kari", (HERE, RoleCode.LU), (THERE, RoleCode.LC))
    browser = site.browser()
    answer = site.type_in(browser, "kari", page="/")

    overview = browser.get(answer.location)
    assert "Prosjektoversikt" in text(overview)
    assert "Vestsykehuset: Local-user (LU)" in text(overview)

    done = choose(browser, overview, number=0)
    assert done.location == "http://localhost:8002/login?door=user"
