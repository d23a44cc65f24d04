"""Log-in by a one-time code: six digits to the number KRR has now, five tries, ten minutes, so many an hour and a day."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.eprom.domain.errors import RuleBroken
from services.eprom.store.log_in_codes import newest_code
from services.eprom.usecases.log_in_code import HeldLink, check_code
from services.eprom.usecases.place_order import stop_orders
from shared.testing.html import read_html, words
from tests.eprom.pages.patient import enter_code, sent_code, use_link
from tests.eprom.site import KARI, NUMBERS, SOLVEIG

pytestmark = [pytest.mark.req("EPR-08")]


@pytest.fixture
def waiting(site):
    """A visitor for whom a code was sent, the order, and the code."""
    order_id, browser = sent_to_solveig(site), site.visitor()
    assert use_link(site, browser, order_id, "sms_code").location == "/code"
    return browser, order_id, sent_code(site)


def sent_to_solveig(site):
    """A form that lies with somebody who has a telephone."""
    with site.mail_runs():
        return site.sent(SOLVEIG)


def people(site):
    return site.standins.test_client().get("/people.json").json["people"]


def again(browser):
    return browser.send_form("/code/again")


def said(answer):
    return words(read_html(answer.text))


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_right_code_opens_the_form(both):
    order_id, browser = sent_to_solveig(both), both.visitor()
    use_link(both, browser, order_id, "sms_code")
    code = sent_code(both)

    assert enter_code(browser, f" {code[:3]} {code[3:]} ").location == f"/form/{order_id}"
    page = browser.get(f"/form/{order_id}")
    assert (page.status_code, read_html(page.text).get("lang")) == (200, "nn")
    assert (both.log()[-1].actor, both.log()[-1].pid) == (f"citizen:code-{order_id}", SOLVEIG)


def test_neither_number_nor_code_is_kept_or_shown_but_for_two_digits(waiting, site, tmp_path, capsys):
    browser, _order_id, code = waiting
    mobile, page = site.inbox(channel="sms")[0]["to"], said(browser.get("/code"))
    assert f"slutter på {mobile[-2:]}." in page
    enter_code(browser, code)
    site.database.engine.dispose()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("eprom.sqlite*"))
    told = capsys.readouterr()
    for secret in (mobile.removeprefix("+47"), code):
        assert secret.encode() not in kept
        assert secret not in told.out + told.err + page


def test_after_five_wrong_tries_the_right_code_is_refused_too(waiting):
    browser, _order_id, code = waiting
    tries = [enter_code(browser, wrong(code)) for _ in range(5)]
    assert {one.status_code for one in tries} == {422}
    assert "Koden stemmer ikke" in said(tries[-1])

    assert "skrevet feil fem ganger" in said(enter_code(browser, code))


@pytest.mark.parametrize(("minutes", "status"), [(9, 303), (10, 422)])
def test_a_code_is_good_for_ten_minutes(waiting, site, minutes, status):
    browser, _order_id, code = waiting
    site.clock.move(timedelta(minutes=minutes))

    assert enter_code(browser, code).status_code == status


def test_a_code_works_once(waiting, site):
    browser, order_id, code = waiting
    enter_code(browser, code)
    second = site.visitor()
    use_link(site, second, order_id)

    assert "brukt eller for gammel" in said(enter_code(second, code))
    assert second.get(f"/form/{order_id}").location.startswith("/login")


def test_a_new_code_voids_the_one_before(waiting, site):
    browser, _order_id, code = waiting
    site.clock.move(timedelta(minutes=1))
    assert again(browser).status_code == 303
    fresh = sent_code(site)

    assert fresh == code or enter_code(browser, code).status_code == 422
    assert enter_code(browser, fresh).status_code == 303


def test_three_codes_an_hour(waiting, site):
    browser, order_id, _ = waiting
    assert [again(browser).status_code for _ in range(3)] == [303, 303, 422]
    site.clock.move(timedelta(minutes=59))
    assert "så mange koder som er mulig" in said(use_link(site, browser, order_id, "sms_code"))
    assert len(site.inbox(channel="sms")) == 4

    site.clock.move(timedelta(minutes=1))
    assert use_link(site, browser, order_id, "sms_code").status_code == 303


def test_ten_codes_a_day(waiting, site):
    browser, order_id, _ = waiting
    for expected in (*[303] * 9, 422):
        site.clock.move(timedelta(minutes=25))
        assert again(browser).status_code == expected

    site.clock.move(timedelta(hours=24) - 10 * timedelta(minutes=25))
    use_link(site, browser, order_id)
    assert again(browser).status_code == 303


def test_what_the_gateway_did_not_take_counts_for_nothing(site):
    order_id, browser = sent_to_solveig(site), site.visitor()
    for _ in range(4):
        site.fail("sms")
        answer = use_link(site, browser, order_id, "sms_code")
        assert (answer.status_code, "akkurat nå" in said(answer)) == (503, True)

    assert use_link(site, browser, order_id, "sms_code").status_code == 303


def test_who_has_no_mobile_number_is_shown_the_other_way(site):
    order_id, browser = site.sent(KARI), site.visitor()
    person = next(p for p in people(site) if p["number"] == NUMBERS[KARI])
    site.standins.test_client().post(f"/people/{person['id']}/contact", data={"profile": "reserved"})
    answer = use_link(site, browser, order_id, "sms_code")

    assert (answer.status_code, "Vi finner ikke noe mobilnummer" in said(answer)) == (422, True)
    assert "Logg inn med ID-porten" in answer.text


def test_a_code_is_sent_to_the_number_krr_has_now(site):
    order_id, browser = sent_to_solveig(site), site.visitor()
    use_link(site, browser, order_id, "sms_code")

    assert site.inbox(channel="sms")[0]["to"] == next(
        p["mobile"] for p in people(site) if p["number"] == NUMBERS[SOLVEIG]
    )


def test_without_the_link_there_is_no_code(site):
    sent_to_solveig(site)
    browser = site.visitor()
    before = len(site.inbox())

    assert browser.get("/code").location == "/"
    assert again(browser).status_code == 404
    assert enter_code(browser, "123456").status_code == 404
    assert len(site.inbox()) == before


def test_a_code_opens_one_form_only(site):
    with site.mail_runs():
        second, first = site.order(SOLVEIG, form="hads"), site.sent(SOLVEIG)
    browser = site.visitor()
    use_link(site, browser, first, "sms_code")
    enter_code(browser, sent_code(site))

    assert browser.get(f"/form/{first}").status_code == 200
    assert browser.get(f"/form/{second}").status_code == 404


def test_a_stopped_form_takes_no_code(waiting, site):
    browser, _order_id, code = waiting
    stop_orders(1, reason=3, uow=site.uow)

    assert enter_code(browser, code).status_code == 404


def test_old_codes_are_forgotten(waiting, site):
    site.work_until(site.clock.now() + timedelta(hours=25))

    with site.uow() as store:
        assert newest_code(store, waiting[1]) is None


def test_a_registry_that_wants_id_porten_takes_no_code(site):
    order_id, browser = sent_to_solveig(site), site.visitor()
    with site.uow() as store:
        store.order(order_id).registry_key = "norpain"
    assert "sms_code" not in browser.get(f"/s/{site.token(order_id)}").text

    assert use_link(site, browser, order_id, "sms_code").location == f"/form/{order_id}"
    assert again(browser).status_code == 404


def test_many_tries_at_once_are_counted_one_by_one(both):
    order_id = sent_to_solveig(both)
    use_link(both, both.visitor(), order_id, "sms_code")
    code = sent_code(both)

    def outcome(_):
        with pytest.raises(RuleBroken) as refused:
            check_code(HeldLink(order_id=order_id), wrong(code), post=both.means.codes, uow=both.uow)
        return refused.value.code

    with ThreadPoolExecutor(10) as threads:
        found = Counter(threads.map(outcome, range(20)))
    assert found == {"wrong_code": 5, "too_many_wrong_codes": 15}
