"""Filling in forms at the screen: drafts, finalising, locked forms, what the course becomes."""

from __future__ import annotations

import pytest

from services.registration.store.tables import CourseRow, FormRow
from shared.contracts.registration import FormFinalised, FormReopened, InclusionDecided
from shared.testing.html import find, form_values, read_html, words

TO = {
    "referral_date": "19.11.2026",
    "start_date": "20.11.2026",
    "supervision": "1",
    "norwegian_speaking": "1",
    "cognitively_impaired": "0",
}


def events(site, kind):
    return [event for event in site.events() if isinstance(event, kind)]


def address(course_id, form="to"):
    return f"/courses/{course_id}/forms/{form}"


def fill(browser, course_id, form="to", act="save", **answers):
    """Send the form as a browser does: everything on the page, with these answers changed."""
    page = browser.get(address(course_id, form))
    fields = form_values(find(read_html(page.text), action=address(course_id, form)))
    fields = {name: value for name, value in fields.items() if name != "act"}
    return browser.post(address(course_id, form), data={**fields, "act": act, **answers})


def row_of(site, course_id, form="to"):
    with site.database.reading() as session:
        return session.get(FormRow, (course_id, form))


def course_of(site, course_id):
    with site.database.reading() as session:
        return session.get(CourseRow, course_id)


@pytest.mark.req("REG-07", "REG-12")
def test_a_draft_is_kept_and_shown_again(both):
    course_id, browser = both.register(), both.browser()
    answer = fill(browser, course_id, referral_date="19.11.26", supervision="1")
    assert (answer.status_code, answer.location) == (303, f"{address(course_id)}?saved=1")
    assert row_of(both, course_id).document["answers"]["referral_date"] == "2026-11-19"
    assert 'value="19.11.2026"' in browser.get(address(course_id)).text


@pytest.mark.req("REG-06", "REG-12", "REG-13")
def test_finalising_locks_decides_and_tells(both):
    course_id, browser = both.register(), both.browser()
    assert fill(browser, course_id, act="save", supervision="1").status_code == 303
    answer = fill(browser, course_id, act="finalise", **TO)
    assert answer.status_code == 303
    course = course_of(both, course_id)
    assert (course.course_type, course.is_included, course.placement) == (3, True, "national")
    assert [event.included for event in events(both, InclusionDecided)] == [True]
    assert [event.form for event in events(both, FormFinalised)] == ["to"]
    assert "låst" in browser.get(address(course_id)).text
    assert fill_anyway(browser, course_id).status_code == 409


def fill_anyway(browser, course_id):
    return browser.send_form(address(course_id), {"_shown": "supervision", "supervision": "2", "revision": "2"})


@pytest.mark.req("REG-12")
def test_what_is_missing_is_said_beside_the_question_and_what_was_typed_is_stored(site):
    course_id, browser = site.register(), site.browser()
    answer = fill(browser, course_id, act="finalise", referral_date="19.11.2026", supervision="1")
    assert answer.status_code == 422
    tree = read_html(answer.text)
    assert "Norsktalende" in words(find(tree, id="form-problems"))
    assert row_of(site, course_id).document["answers"]["referral_date"] == "2026-11-19"
    assert row_of(site, course_id).state == 2


@pytest.mark.req("REG-07")
def test_what_cannot_be_read_is_shown_again_and_nothing_is_stored(site):
    course_id, browser = site.register(), site.browser()
    answer = fill(browser, course_id, referral_date="31.02.2026", supervision="1")
    assert answer.status_code == 422
    assert 'value="31.02.2026"' in answer.text
    assert "Datoen finnes ikke" in answer.text
    assert row_of(site, course_id) is None


@pytest.mark.req("REG-12")
def test_two_at_once_lose_nothing(site):
    course_id, first, second = site.register(), site.browser(), site.browser()
    old = form_values(find(read_html(second.get(address(course_id)).text), action=address(course_id)))
    fill(first, course_id, supervision="1")
    answer = second.post(address(course_id), data={**old, "act": "save", "referral_date": "18.11.2026"})
    assert answer.status_code == 409
    assert 'value="18.11.2026"' in answer.text
    assert "referral_date" not in row_of(site, course_id).document["answers"]


@pytest.mark.req("REG-12")
def test_a_coordinator_opens_a_locked_form_again_with_a_reason(site):
    course_id, coordinator = site.register(), site.browser(role="LC")
    fill(coordinator, course_id, supervision="1")
    assert fill(coordinator, course_id, act="finalise", **TO).status_code == 303
    path = f"{address(course_id)}/reopen"
    assert coordinator.send_form(path, {"reason": ""}).status_code == 422
    assert coordinator.send_form(path, {"reason": "Feil startdato"}).status_code == 303
    assert [event.form for event in events(site, FormReopened)] == ["to"]
    assert site.browser().send_form(path, {"reason": "Feil startdato"}).status_code == 403


def test_drawing_the_form_anew_stores_nothing(site):
    course_id, browser = site.register(), site.browser()
    page = browser.get(address(course_id)).text
    assert 'name="norwegian_speaking"' in page
    fields = {"_shown": ["supervision"], "supervision": "2"}
    drawn = browser.send_form(f"{address(course_id)}/draw", fields)
    assert drawn.status_code == 200
    assert 'value="2" checked' in drawn.text
    assert row_of(site, course_id) is None


def test_a_form_drawn_anew_without_scripts_is_a_whole_page_of_the_same_revision(site):
    course_id, browser = site.register(), site.browser()
    fill(browser, course_id, supervision="1")
    fields = {"_shown": ["supervision"], "supervision": "2", "revision": "0"}
    drawn = browser.send_form(f"{address(course_id)}/draw", fields).text
    assert drawn.startswith("<!doctype html>")
    assert 'name="revision" value="0"' in drawn
    part = browser.send_form(f"{address(course_id)}/draw", fields, headers={"HX-Request": "true"})
    assert "<html" not in part.text


@pytest.mark.req("REG-06")
def test_a_form_that_the_course_does_not_open_is_refused(site):
    course_id, browser = site.register(), site.browser()
    fill(browser, course_id, supervision="3")
    assert course_of(site, course_id).course_type == 1
    assert browser.get(address(course_id, "b12")).status_code == 422


@pytest.mark.req("GEN-04")
def test_what_the_person_store_holds_is_not_kept_with_the_answers(site):
    course_id, browser = site.register(), site.browser()
    fill(browser, course_id, "po", phone="+4799000001")
    document = str(row_of(site, course_id, "po").document)
    assert "99000001" not in document
    assert "1957" not in document
    assert "+4799000001" in browser.get(address(course_id, "po")).text
