"""The prompt for a person whom nobody can reach: shown beside the question, accepted once."""

from __future__ import annotations

import pytest

from shared.testing.html import find, read_html, words
from tests.registration.pages.test_forms import address, fill, row_of

ACCEPTED = "phone=missing_contact"
pytestmark = pytest.mark.req("REG-05")


def test_the_prompt_stands_beside_the_telephone_until_it_is_accepted(both):
    course_id, browser = both.register(), both.browser()
    page = read_html(browser.get(address(course_id, "po")).text)
    assert "Godta" in words(find(page, id="phone-warning"))
    asked = {"registered_date": "20.11.2026"}
    answer = fill(browser, course_id, "po", act="finalise", **asked)
    assert answer.status_code == 422
    assert "telefonnummer eller e-postadresse" in words(find(read_html(answer.text), id="form-problems"))
    assert fill(browser, course_id, "po", act="finalise", _confirmed=ACCEPTED, **asked).status_code == 303
    assert row_of(both, course_id, "po").document["confirmed"] == [ACCEPTED]


@pytest.mark.parametrize("given", [{"phone": "+4799000001"}, {"email": "kari@example.no"}])
def test_nothing_is_asked_where_the_person_can_be_reached(site, given):
    course_id, browser = site.register(), site.browser()
    fill(browser, course_id, "po", **given)
    assert "Godta" not in browser.get(address(course_id, "po")).text
    asked = {"registered_date": "20.11.2026"}
    assert fill(browser, course_id, "po", act="finalise", **asked).status_code == 303


def test_what_is_missing_counts_the_prompt_too(site):
    course_id, browser = site.register(), site.browser()
    fill(browser, course_id, "po", registered_date="20.11.2026")
    listed = words(find(read_html(browser.get(f"{address(course_id, 'po')}?missing=1").text), id="form-problems"))
    assert "e-postadresse" in listed


def test_the_consent_is_only_read_here(site):
    course_id, browser = site.register(), site.browser()
    fields = {node.get("name") for node in read_html(browser.get(address(course_id, "po")).text).iter("input")}
    assert not fields & {"consent", "consent_date", "no_consent_reason", "consent_withdrawn_date"}
