"""Paper, the last way: a letter with a code, longer to answer, no reminder, and shut as soon as any link would be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.eprom.domain.links import letter_code
from services.eprom.usecases.follow_course import note_on_paper, note_withdrawn
from services.eprom.usecases.place_order import stop_dead_person, stop_orders
from shared.testing.html import read_html, words
from tests.eprom.pages.patient import log_in
from tests.eprom.paper_site import FORM, HOME, PAPER_DAYS, REGISTRY, PaperSite, type_code
from tests.eprom.site import INGER, NUMBERS, OLA, Site
from tests.eprom.usecases.world import DISPATCH

SITE = PaperSite
pytestmark = [pytest.mark.req("EPR-04")]


@pytest.mark.req("EPR-08", "EPR-15")
def test_whom_no_digital_channel_reaches_answers_by_the_code_of_a_letter(site):
    order_id, browser = site.on_paper(), site.visitor()
    assert site.row(order_id).channel == "paper"
    typed = site.code().lower().replace("0", "o").replace("1", "i").replace(" ", "  ")
    way = type_code(browser, typed).location
    assert browser.get(way).status_code == 200

    page = browser.send_form("/s", {"token": way.removeprefix("/s/"), "way": "idporten"})
    back = log_in(site, browser, page.location, NUMBERS[INGER])
    assert (back.location, browser.get(back.location).status_code) == (f"/form/{order_id}", 200)


@pytest.mark.req("GEN-04", "EPR-14")
def test_the_address_is_asked_for_once_and_like_the_code_kept_and_told_nowhere(site, tmp_path, capsys):
    site.on_paper()
    code = site.code()
    site.database.engine.dispose()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("eprom.sqlite*")).decode("latin-1")
    told = kept + "".join(capsys.readouterr())
    assert not [secret for secret in (*HOME.values(), code, code.replace(" ", "")) if secret in told]
    assert [asked.get("with_address") for asked in site.registration.asked].count(True) == 1


def test_who_is_reached_digitally_has_no_address_asked_for(site):
    site.registration.homes[OLA] = HOME
    order_id = site.on_paper(pid=OLA)

    assert (site.row(order_id).channel, len(site.inbox())) == ("digipost", 1)
    assert not any(asked.get("with_address") for asked in site.registration.asked)


@pytest.mark.req("EPR-05")
def test_nobody_is_reminded_of_a_letter_and_it_locks_later(site):
    order_id, browser = site.on_paper(), site.visitor()
    site.work_until(DISPATCH + timedelta(days=PAPER_DAYS))
    assert (site.row(order_id).state, len(site.inbox())) == ("sent", 1)
    assert type_code(browser, site.code()).status_code == 303

    site.work_until(DISPATCH + timedelta(days=PAPER_DAYS, hours=8))
    assert (site.row(order_id).state, site.row(order_id).reason) == ("expired", 7)
    assert site.event_names() == ["FormOrdered", "FormSent", "FormExpired"]
    assert type_code(browser, site.code()).status_code == 422


@pytest.mark.req("EPR-05")
def test_a_reminder_never_goes_on_paper(site):
    site.registration.homes[OLA] = HOME
    order_id = site.on_paper(pid=OLA)
    person = next(
        p for p in site.standins.test_client().get("/people.json").json["people"] if p["number"] == NUMBERS[OLA]
    )
    site.standins.test_client().post(f"/people/{person['id']}/contact", data={"profile": "none"})
    site.work_until(DISPATCH + timedelta(days=8))

    assert (site.row(order_id).state, site.inbox(channel="letter")) == ("reminded", [])


@pytest.mark.req("EPR-06", "EPR-10", "REG-23")
def test_stop_withdrawal_paper_form_and_death_close_the_code_at_once(site):
    orders = [site.order(INGER, FORM, course_id, REGISTRY) for course_id in (1, 2, 3, 4)]
    site.work_until(DISPATCH)
    codes = [letter_code(site.means.link_key, order_id) for order_id in orders]
    stop_orders(1, reason=3, uow=site.uow)
    note_withdrawn(2, uow=site.uow)
    note_on_paper(3, FORM, uow=site.uow)
    browser = site.visitor()
    assert [type_code(browser, code).status_code for code in codes] == [422, 422, 422, 303]

    stop_dead_person(INGER, schedules=site.means.schedules, uow=site.uow)
    assert type_code(browser, codes[-1]).status_code == 422


@pytest.mark.req("EPR-06")
def test_stopped_before_the_dispatch_no_letter_leaves(site):
    order_id = site.order(INGER, FORM, registry=REGISTRY)
    stop_orders(1, reason=3, uow=site.uow)
    site.work_until(DISPATCH)

    assert (site.row(order_id).state, site.inbox()) == ("stopped", [])


@pytest.mark.req("EPR-14", "EPR-15")
def test_after_a_lost_answer_there_is_one_letter(site):
    site.fail("digipost", "lost_reply", times=2)
    order_id = site.on_paper()
    site.work_until(site.clock.now() + timedelta(minutes=5))

    assert (site.row(order_id).state, len(site.inbox())) == ("sent", 1)
    assert type_code(site.visitor(), site.code()).status_code == 303


@pytest.mark.req("GEN-04")
def test_a_protected_address_is_not_even_asked_for_and_the_attempt_says_so(site):
    site.registration.protected.add(INGER)
    order_id = site.on_paper()

    assert (site.row(order_id).state, site.row(order_id).code) == ("unreachable", "protected_address")
    assert site.attempts()[-1] == ("paper", "not_reached", "protected_address")
    assert not any(asked.get("with_address") for asked in site.registration.asked)


def test_who_has_no_address_is_not_reached_at_all(site):
    site.registration.homes.clear()
    order_id = site.on_paper()

    assert site.row(order_id).state == "unreachable"
    assert site.attempts()[-1] == ("paper", "not_reached", "no_address")


@pytest.mark.req("EPR-08", "OPS-07")
def test_every_wrong_code_gets_the_same_answer_beside_the_field(site):
    site.on_paper()
    code = site.code()
    stop_orders(1, reason=3, uow=site.uow)
    wrong = ("", "x", "0000 " * 7, f"{code[:-1]}{'0' if code[-1] != '0' else '2'}", code)
    answers = [type_code(site.visitor(), typed) for typed in wrong]

    assert {answer.status_code for answer in answers} == {422}
    assert len({words(read_html(answer.text)) for answer in answers}) == 1
    for typed, answer in zip(wrong, answers, strict=True):
        field = read_html(answer.text).find(".//input[@id='letter_code']")
        assert (field.get("value"), field.get("aria-invalid")) == (typed, "true")
        assert "letter_code-error" in field.get("aria-describedby")


@pytest.mark.req("EPR-08")
def test_who_tries_many_codes_has_to_wait(site):
    browser = site.visitor()
    tries = [type_code(browser, f"{number:028}").status_code for number in range(31)]

    assert (set(tries[:30]), tries[30]) == ({422}, 429)


@pytest.mark.req("EPR-08")
def test_a_code_uses_nothing_up_until_somebody_presses(site):
    order_id = site.on_paper()
    for _ in range(3):
        assert site.visitor().get(f"/s/{site.code().replace(' ', '')}").status_code == 200

    assert site.row(order_id).link_hash
    assert site.visitor().get(f"/s/{site.token(order_id)}").status_code == 404


def test_where_no_registry_writes_on_paper_nobody_is_asked_for_a_code(site, tmp_path):
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other", f"sqlite:///{tmp_path}/other/eprom.sqlite")

    assert ["letter_code" in one.visitor().get("/").text for one in (site, other)] == [True, False]
    other.close()
