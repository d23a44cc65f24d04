"""Only the person a form was sent to gets past the log-in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.testing.html import read_html, words
from tests.eprom.pages.patient import log_in, log_in_at, patient, use_link
from tests.eprom.site import KARI, NUMBERS, OLA, SOLVEIG


def kept(site):
    """Everything in the session table, as text."""
    with site.database.engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT * FROM web_session").all())


@pytest.mark.req("EPR-08", "IDN-10")
def test_the_person_of_the_form_comes_in_by_the_link(both):
    order_id, browser = both.sent(), both.visitor()
    assert use_link(both, browser, order_id).location == f"/form/{order_id}"
    back = log_in(both, browser, f"/form/{order_id}", NUMBERS[KARI])

    assert (back.status_code, back.headers["Location"]) == (303, f"/form/{order_id}")
    assert browser.get(f"/form/{order_id}").status_code == 200
    assert both.registration.asked[-1] == {"pid": KARI, "course_id": 1}


@pytest.mark.req("EPR-08", "IDN-10")
@pytest.mark.parametrize("change", ["somebody else", "unknown order", "nobody may be written to"])
def test_everybody_else_is_refused_in_the_same_words(site, change):
    order_id = site.sent() if change != "unknown order" else "0" * 32
    if change == "nobody may be written to":
        site.registration.numbers.clear()
    browser = site.visitor()
    number = NUMBERS[OLA if change == "somebody else" else KARI]
    answer = log_in(site, browser, f"/form/{order_id}", number)

    assert answer.status_code == 403
    assert "Skjemaet kan bare åpnes av den det er sendt til" in words(read_html(answer.text))
    assert browser.get(f"/form/{order_id}").status_code == 302


@pytest.mark.req("EPR-08", "IDN-10")
def test_a_log_in_that_is_for_no_form_is_refused(site):
    browser = site.visitor()
    login = browser.get("/login?door=citizen&return_to=/").headers["Location"]

    assert log_in_at(site, browser, login, NUMBERS[KARI]).status_code == 403


@pytest.mark.req("GEN-04", "EPR-08")
def test_the_number_of_the_log_in_is_kept_nowhere(site, tmp_path, capsys):
    order_id, browser = site.sent(), site.visitor()
    log_in(site, browser, f"/form/{order_id}", NUMBERS[KARI])
    log_in(site, site.visitor(), f"/form/{order_id}", NUMBERS[OLA])
    told = capsys.readouterr()
    site.database.engine.dispose()

    files = b"".join(path.read_bytes() for path in tmp_path.glob("eprom.sqlite*"))
    for number in (NUMBERS[KARI], NUMBERS[OLA]):
        assert number not in kept(site)
        assert number.encode() not in files
        assert number not in told.out + told.err


@pytest.mark.req("EPR-08")
def test_without_registration_nobody_comes_in_and_the_link_still_works(site):
    order_id, browser = site.sent(), site.visitor()
    line = site.http.get_adapter("http://localhost:8002")
    line.is_down = True
    assert log_in(site, browser, f"/form/{order_id}", NUMBERS[KARI]).status_code == 503

    line.is_down = False
    assert log_in(site, browser, f"/form/{order_id}", NUMBERS[KARI]).status_code == 303


@pytest.mark.req("EPR-08")
def test_one_log_in_serves_both_forms_of_the_person(site):
    second, first = site.order(form="hads"), site.sent()
    browser = site.visitor()
    log_in(site, browser, f"/form/{first}", NUMBERS[KARI])

    assert browser.get(f"/form/{second}").status_code == 200


@pytest.mark.req("EPR-08")
def test_after_half_an_hour_the_patient_logs_in_again_and_is_where_she_was(site):
    order_id, browser = site.sent(), patient(site)
    site.clock.move(timedelta(minutes=31))
    page = f"/form/{order_id}/question/contacts_last_year"
    back = log_in(site, browser, page, NUMBERS[KARI])

    assert back.headers["Location"] == page


@pytest.mark.req("EPR-08")
def test_a_form_without_a_token_of_ours_changes_nothing(site):
    order_id, browser = site.sent(), patient(site)

    assert browser.post(f"/form/{order_id}/decline").status_code == 400
    assert site.row(order_id).state == "sent"


@pytest.mark.req("GEN-05")
def test_the_language_is_the_one_of_krr_until_the_person_chooses(site):
    with site.mail_runs():
        order_id = site.sent(SOLVEIG)
    browser = site.visitor()
    log_in(site, browser, f"/form/{order_id}", NUMBERS[SOLVEIG])
    assert read_html(browser.get(f"/form/{order_id}").text).get("lang") == "nn"

    browser.send_form("/language", {"language": "en", "return_to": "/"})
    assert read_html(browser.get(f"/form/{order_id}").text).get("lang") == "en"


@pytest.mark.req("GEN-05", "EPR-08")
def test_without_krr_the_browser_s_language_is_spoken(site):
    with site.mail_runs():
        order_id = site.sent(SOLVEIG)
    browser = site.visitor()
    site.fail("krr")
    log_in(site, browser, f"/form/{order_id}", NUMBERS[SOLVEIG])

    assert read_html(browser.get(f"/form/{order_id}", headers={"Accept-Language": "en-GB"}).text).get("lang") == "en"


@pytest.mark.req("GEN-06")
def test_the_patient_s_own_look_is_in_the_access_log(site):
    order_id = site.sent()
    patient(site).get(f"/form/{order_id}")
    entry = site.log()[-1]

    assert (entry.actor, entry.pid, entry.object) == ("citizen:citizen-1", KARI, "form:pasreg")
    assert (entry.action, entry.reason) == ("read", "own_form")
