"""A patient answers on a phone: link, questions one by one, summary, handing over."""

from __future__ import annotations

import pytest

from shared.contracts.eprom import FormAnswered
from shared.testing.html import find, read_html, words
from tests.eprom.pages.patient import answer, patient
from tests.eprom.site import OLA

ANSWERS = {
    "sleep_before_admission": "2",
    "sleep_after_admission": "1",
    "contacts_last_year": "4",
    "earlier_strain": "0",
    "pain_will_last": "1",
    "pain_cannot_be_borne": "1",
}


def answer_all(browser, order_id):
    for path, value in ANSWERS.items():
        assert answer(browser, order_id, path, value).status_code == 303


@pytest.mark.req("EPR-08", "EPR-09")
def test_a_patient_answers_question_by_question_and_hands_over_once(both):
    order_id = both.sent()
    browser = patient(both)
    assert "Pasientregistrering" in browser.get(f"/form/{order_id}").text
    answer_all(browser, order_id)
    shown = words(read_html(browser.get(f"/form/{order_id}/summary").text))
    assert "ikke besvart" not in shown
    assert browser.send_form(f"/form/{order_id}/submit").location == f"/form/{order_id}/thanks"
    document = both.answers(order_id).document
    assert document["answers"]["registered_date"] == str(both.clock.now().date())
    assert (document["answers"]["complete"], document["answers"]["contacts_last_year"]) == (1, 4)
    assert browser.send_form(f"/form/{order_id}/submit").status_code == 200
    assert len([event for event in both.events() if isinstance(event, FormAnswered)]) == 1


@pytest.mark.req("EPR-08")
def test_what_is_answered_is_there_after_a_break(site):
    order_id = site.sent()
    answer(patient(site), order_id, "contacts_last_year", "7")
    page = patient(site).get(f"/form/{order_id}/question/contacts_last_year").text
    assert find(read_html(page), id="contacts_last_year").get("value") == "7"


@pytest.mark.req("EPR-08")
def test_a_wrong_answer_stays_on_the_screen_with_its_reason(site):
    order_id = site.sent()
    page = answer(patient(site), order_id, "contacts_last_year", "mange")
    assert page.status_code == 422
    assert 'value="mange"' in page.text
    assert "Dette er ikke et tall" in page.text
    assert site.answers(order_id) is None


def test_a_question_may_be_skipped_and_the_summary_says_so(site):
    order_id = site.sent()
    browser = patient(site)
    assert answer(browser, order_id, "sleep_before_admission", "1", act="skip").status_code == 303
    assert "sleep_before_admission" not in site.answers(order_id).document["answers"]
    answer(browser, order_id, "sleep_after_admission", "1")
    assert "Ikke besvart" in browser.get(f"/form/{order_id}/summary").text


@pytest.mark.req("EPR-08")
def test_another_persons_form_does_not_exist(site):
    order_id = site.sent()
    other = patient(site, OLA)
    for path in ("", "/question/contacts_last_year", "/summary", "/thanks", "/decline"):
        assert other.get(f"/form/{order_id}{path}").status_code == 404
    assert other.send_form(f"/form/{order_id}/submit").status_code == 404


def test_nothing_answered_is_not_handed_over(site):
    order_id = site.sent()
    assert patient(site).send_form(f"/form/{order_id}/submit").status_code == 422


@pytest.mark.req("EPR-10")
def test_a_patient_may_decline_and_nothing_is_kept(site):
    order_id = site.sent()
    browser = patient(site)
    answer(browser, order_id, "contacts_last_year", "7")
    assert browser.send_form(f"/form/{order_id}/decline").location == f"/form/{order_id}/declined"
    assert site.answers(order_id) is None
    assert site.row(order_id).reason == 7


@pytest.mark.req("EPR-01")
def test_an_unusual_number_is_asked_about_once(site):
    order_id, browser = site.sent(), patient(site)
    held = answer(browser, order_id, "contacts_last_year", "100")
    assert held.status_code == 422
    box = find(read_html(held.text), id="contacts_last_year-confirm").get("value")
    assert site.answers(order_id) is None

    assert answer(browser, order_id, "contacts_last_year", "100", _confirmed=box).status_code == 303
    assert answer(browser, order_id, "sleep_before_admission", "1").status_code == 303
    assert site.answers(order_id).document["answers"]["contacts_last_year"] == 100


@pytest.mark.req("EPR-01")
def test_back_saves_what_can_be_saved(site):
    order_id, browser = site.sent(), patient(site)
    back = answer(browser, order_id, "sleep_after_admission", "1", act="back")

    assert back.headers["Location"] == f"/form/{order_id}/question/sleep_before_admission"
    assert site.answers(order_id).document["answers"]["sleep_after_admission"] == 1
    assert answer(browser, order_id, "contacts_last_year", "x", act="back").status_code == 303


@pytest.mark.req("EPR-01")
def test_the_introduction_leads_to_where_the_patient_was(site):
    order_id, browser = site.sent(), patient(site)
    assert f'href="/form/{order_id}/question/sleep_before_admission"' in browser.get(f"/form/{order_id}").text

    answer(browser, order_id, "sleep_before_admission", "1")
    page = browser.get(f"/form/{order_id}").text
    assert f'href="/form/{order_id}/question/sleep_after_admission"' in page
    assert "Fortsett der du slapp" in page


@pytest.mark.req("EPR-01")
@pytest.mark.parametrize(
    ("form", "language"),
    [("pasreg", "nn"), ("hads", "nb"), ("eval", "nb"), ("opioid", "en")],
)
def test_every_form_can_be_walked_through_without_an_answer(site, form, language):
    order_id, browser = site.sent(form=form), patient(site)
    browser.send_form("/language", {"language": language, "return_to": "/"})
    page = find(read_html(browser.get(f"/form/{order_id}").text), class_="ds-button").get("href")
    for _ in range(60):
        if page.endswith("/summary"):
            break
        assert browser.get(page).status_code == 200
        page = browser.send_form(page, {"act": "skip"}).headers["Location"]

    assert browser.get(page).status_code == 200
    assert page.endswith("/summary")


def test_enter_goes_on_and_not_back(site):
    order_id = site.sent()
    page = patient(site).get(f"/form/{order_id}/question/contacts_last_year").text
    assert page.index('value="next"') < page.index('value="back"')
