"""The work list, search, and the pages of a person and a course at the screen."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from services.registration.pages.work_list import ROWS
from services.registration.store.tables import CourseRow
from shared.auth.policy import Answer
from shared.auth.principal import Role
from shared.testing.html import read_html, words
from shared.testing.web import a_citizen, an_applicant, sign_in
from shared.web.context import kit_of
from tests.registration.site import FONNA, HUS, KARI, OLA


@pytest.mark.req("REG-20", "GEN-06")
def test_the_work_list_shows_who_and_how_far(both):
    both.register(KARI)
    both.register(OLA, organisation=FONNA)
    answer = both.browser().get("/work-list")
    text = words(read_html(answer.text))

    assert "Kari Granlid" in text
    assert KARI in text
    assert "20.11.2026" in text
    assert "Haukeland" in text
    assert "SmerteReg Arbeidsliste" in text
    assert both.oracle(KARI, OLA).check(answer) == {both.pid(KARI)}


@pytest.mark.req("REG-20")
def test_who_is_logged_in_begins_at_the_work_list(site):
    assert site.browser().get("/").location == "/work-list"


@pytest.mark.req("REG-22", "GEN-06")
def test_patient_forms_have_a_list_of_their_own(site):
    course_id = site.register()
    with site.uow() as store:
        store.session.get(CourseRow, course_id).course_type = 3
    answer = site.browser().get("/patient-forms")

    assert "HADS" in answer.text
    assert "B2.2" not in answer.text
    assert site.oracle(KARI).check(answer) == {site.pid()}


@pytest.mark.req("REG-20", "OPS-06")
def test_a_long_list_goes_on_to_the_next_page(site):
    fill(site, 2 * ROWS + 1)
    browser, seen, address = site.browser(), [], "/work-list?order=oldest"
    while address:
        shown = browser.get(address).text
        seen += re.findall(r'href="/courses/(\d+)"', shown)
        found = re.search(r'rel="next" href="([^"]+)"', shown)
        address = f"/work-list{found[1].replace('&amp;', '&')}" if found else None

    assert len(seen) == len(set(seen)) == 2 * ROWS + 1


def fill(site, count):
    """So many courses of one person."""
    course_id = site.register()
    with site.uow() as store:
        row = store.session.get(CourseRow, course_id)
        values = {name: getattr(row, name) for name in row.__mapper__.attrs.keys() if name != "course_id"}  # noqa: SIM118
        for day in range(1, count):
            store.session.add(CourseRow(**{**values, "started_on": date(2026, 11, 20) - timedelta(days=day // 2)}))


@pytest.mark.req("REG-20")
def test_filters_are_kept_in_the_form_and_its_links(site):
    site.register()
    shown = site.browser().get("/work-list?consent=yes&form=to&state=1").text

    assert "Ingen forløp passer" in shown
    assert '<option value="yes" selected>' in shown
    assert '<option value="to" selected>' in shown


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize(
    "query",
    ["order=x", "consent=x", "form=x", "state=9", "ward=x", "started_from=x", "organisation=99999999999", "cursor=x"],
)
def test_a_query_that_makes_no_sense_is_refused(site, query):
    assert site.browser().get(f"/work-list?{query}").status_code == 400


@pytest.mark.req("REG-20")
def test_a_national_coordinator_chooses_the_organisation(site):
    site.register(KARI)
    site.register(OLA, organisation=FONNA)
    browser = site.browser(Role.SC, None)

    assert {KARI, OLA} <= set(words(read_html(browser.get("/work-list").text)).split())
    assert KARI not in browser.get(f"/work-list?organisation={FONNA}").text


@pytest.mark.req("REG-27", "GEN-06")
def test_a_search_leads_to_the_person(site):
    course_id, browser = site.register(), site.browser()
    for kind, text in (("number", KARI), ("pid", str(site.pid())), ("fid", str(course_id))):
        answer = browser.send_form("/search", {"kind": kind, "text": text})
        assert (answer.status_code, answer.location) == (303, f"/persons/{site.pid()}")
    shown = browser.get(answer.location)

    assert "Kari Granlid" in shown.text
    assert site.oracle(KARI).check(shown) == {site.pid()}


@pytest.mark.req("REG-27")
def test_a_search_in_vain_says_so_beside_the_field(site):
    site.register(OLA, organisation=FONNA)
    answer = site.browser().send_form("/search", {"kind": "number", "text": OLA})

    assert answer.status_code == 422
    assert "Ingen passer til søket" in answer.text
    assert site.browser().send_form("/search", {"kind": "x", "text": ""}).status_code == 422


@pytest.mark.req("REG-06", "REG-12", "GEN-06")
def test_the_page_of_a_course_lists_its_forms_with_their_states(site):
    course_id = site.register()
    answer = site.browser().get(f"/courses/{course_id}")
    text = words(read_html(answer.text))

    assert "Behandlerdel 2.2 Ny" in text
    assert "HADS" in text
    assert "Ikke aktuelt" in text
    assert site.oracle(KARI).check(answer) == {site.pid()}


@pytest.mark.req("REG-02")
def test_a_protected_address_is_never_shown(site):
    liv = site.person("Tangerud")
    site.register(liv.number)
    shown = site.browser().get(f"/persons/{site.pid(liv.number)}").text

    assert "Adressen er sperret" in shown
    assert liv.street not in shown


@pytest.mark.req("IDN-07")
def test_what_is_not_one_s_own_looks_like_what_is_not_there(site):
    other = site.register(organisation=FONNA)
    browser = site.browser()
    pages = [
        browser.get(path) for path in (f"/courses/{other}", "/courses/9999", f"/persons/{site.pid()}", "/persons/99")
    ]

    assert {answer.status_code for answer in pages} == {404}


@pytest.mark.req("IDN-07")
def test_the_policy_is_what_the_routes_do(site):
    policy = kit_of(site.app).policy
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    browsers = [site.browser(role, HUS) for role in Role] + [site.visitor(), site.visitor()]
    for browser, party in zip(browsers[-2:], (a_citizen(), an_applicant()), strict=True):
        sign_in(browser, party)
    for browser, who in zip(browsers, [*Role, "citizen", "applicant"], strict=True):
        for rule in rules:
            path = re.sub(r"<[^>]+>", "9999", rule.rule)
            answer = browser.send_form(path) if "POST" in rule.methods else browser.get(path)
            expected = next(row.answer for row in policy.rows() if (row.endpoint, row.who) == (rule.endpoint, who))
            assert (answer.status_code == 403) == (expected is Answer.FORBIDDEN), (who, rule.endpoint)


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize(("language", "title"), [("nb", "Arbeidsliste"), ("en", "Work list")])
def test_the_pages_speak_the_language_of_the_visitor(site, language, title):
    shown = site.browser().get("/work-list", headers={"Accept-Language": language})

    assert f"<title>{title}" in shown.text
