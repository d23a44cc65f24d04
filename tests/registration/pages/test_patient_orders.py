"""Ordering, stopping and closing patient forms at the screen, with nothing but links and forms."""

from __future__ import annotations

import pytest

from services.registration.domain.form_state import FormState
from services.registration.handlers import HANDLERS
from services.registration.store.tables import CourseRow
from shared.auth.principal import Role
from shared.contracts import eprom
from shared.contracts.registration import PromOrdered, PromStopped
from shared.testing.html import find, form_values, read_html, words
from tests.registration.site import FONNA, KARI, NOW
from tests.wording import no_wordings

ORDER = "0a" * 16


def included(site, **values):
    """A course whose patient forms are open."""
    course_id = site.register()
    with site.uow() as store:
        row = store.session.get(CourseRow, course_id)
        for name, value in {"course_type": 3, **values}.items():
            setattr(row, name, value)
    return course_id


def tell(site, course_id, kind, **values):
    HANDLERS[kind](kind(order_id=ORDER, course_id=course_id, pid=site.pid(), form="pasreg", **values), site.uow)


def address(course_id, more=""):
    return f"/courses/{course_id}/patient-forms{more}"


def sent(site, kind):
    return [event for event in site.events() if isinstance(event, kind)]


def says(answer):
    return words(next(read_html(answer.text).iter("main")))


@pytest.mark.req("REG-22", "GEN-06")
@pytest.mark.parametrize("role", [Role.LU, Role.LC])
def test_the_list_leads_to_the_patient_forms_of_a_course(both, role):
    course_id, browser = included(both), both.browser(role)
    listed = browser.get("/patient-forms")
    shown = browser.get(address(course_id))

    assert address(course_id) in listed.text
    assert "Pasientregistrering Tilgjengelig Bestill" in says(shown)
    assert both.oracle(KARI).check(shown) == {both.pid()}


@pytest.mark.req("REG-22", "GEN-05")
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", ["Mangler samtykke", "Tilgjengelig", "Påminnelse sendt", "Besvart", "Ikke besvart", "Stoppet"]),
        ("en", ["Available", "Reminder sent", "Answered", "Stopped"]),
    ],
)
def test_the_list_says_what_its_signs_mean(site, language, expected):
    shown = site.browser().get("/patient-forms", headers={"Accept-Language": language})
    signs = [words(node) for node in read_html(shown.text).iter("span") if node.get("class") == "state"]

    assert set(expected) <= set(signs)
    assert "legend" not in site.browser().get("/work-list").text


@pytest.mark.req("EPR-07")
def test_an_order_goes_by_a_secure_channel_unless_another_is_chosen(site):
    course_id, browser = included(site), site.browser()
    to = address(course_id, "/pasreg/order")
    values = form_values(find(read_html(browser.get(to).text), action=to))
    answer = browser.send_form(to, {"channel": values["channel"]})

    assert values["channel"] == ["secure"]
    assert answer.location == address(course_id, "?done=ordered")
    assert "Skjemaet er bestilt" in says(browser.get(answer.location))
    browser.send_form(to, {"channel": "email_sms"})
    assert [told.channel for told in sent(site, PromOrdered)] == ["secure", "email_sms"]


@pytest.mark.req("EPR-07")
def test_opioid_before_its_time_asks_first(site):
    course_id, browser = included(site), site.browser()
    to = address(course_id, "/opioid/order")
    assert "vanligvis av seg selv senere" in says(browser.get(to))
    answer = browser.send_form(to, {"channel": "secure"})

    assert answer.status_code == 422
    assert "Kryss av hvis det skal sendes nå likevel" in says(answer)
    assert sent(site, PromOrdered) == []
    assert browser.send_form(to, {"channel": "secure", "confirmed": "1"}).status_code == 303
    assert "vanligvis" not in says(browser.get(address(course_id, "/pasreg/order")))


@pytest.mark.req("EPR-07", "GEN-05")
@pytest.mark.parametrize("channel", ["", "pigeon"])
def test_a_channel_that_is_none_is_said_beside_the_field(site, channel):
    course_id, browser = included(site), site.browser()
    answer = browser.send_form(address(course_id, "/hads/order"), {"channel": channel})

    assert answer.status_code == 422
    assert "Velg hvordan skjemaet skal sendes" in says(answer)


@pytest.mark.req("EPR-07", "EPR-10")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"basis": "consent"}, "Samtykke er ikke registrert"),
        ({"died_on": NOW.date()}, "Pasienten er registrert som død"),
        ({"course_type": 2}, "Skjemaet er ikke aktuelt"),
    ],
)
def test_what_cannot_be_ordered_says_why(site, values, expected):
    course_id, browser = included(site, **values), site.browser()

    assert expected in says(browser.get(address(course_id)))
    assert expected in says(browser.send_form(address(course_id, "/hads/order"), {"channel": "secure"}))
    assert sent(site, PromOrdered) == []


@pytest.mark.req("EPR-12", "EPR-07")
def test_a_form_without_its_owners_wording_is_not_ordered_and_says_why(site, tmp_path):
    course_id, browser = included(site), site.browser()
    with no_wordings(tmp_path / "texts"):
        listed = read_html(browser.get(address(course_id)).text)
        refused = browser.send_form(address(course_id, "/hads/order"), {"channel": "secure"})
    beside = find(read_html(refused.text), id="order-error")

    assert words(next(listed.iter("table"))).count("Tilgjengelig Lisensteksten til skjemaet mangler") == 1
    assert (refused.status_code, words(beside).startswith("Lisensteksten")) == (422, True)
    assert sent(site, PromOrdered) == []


@pytest.mark.req("EPR-06")
def test_the_sending_is_stopped_with_a_reason(both):
    course_id, browser = included(both), both.browser()
    tell(both, course_id, eprom.FormOrdered, due_at=NOW)
    refused = browser.send_form(address(course_id, "/stop"), {})
    assert (refused.status_code, "Velg en årsak" in says(refused)) == (422, True)
    answer = browser.send_form(address(course_id, "/stop"), {"stop_reason": "4"})
    shown = says(browser.get(answer.location))

    assert sent(both, PromStopped)[0].reason == 4
    assert shown.count("Stoppet Pasient klarer ikke") == 4
    assert "Hvorfor skal utsendingen stoppes?" not in shown


@pytest.mark.req("EPR-06")
def test_the_two_reasons_of_the_register_stand_to_choose(site):
    tree = read_html(site.browser().get(address(included(site))).text)
    offered = [node.get("value") for node in tree.iter("input") if node.get("name") == "stop_reason"]

    assert offered == ["4", "3"]


@pytest.mark.req("REG-24")
def test_all_are_answered_and_finalised_with_one_of_six_reasons(site):
    course_id, browser = included(site), site.browser()
    tree = read_html(browser.get(address(course_id)).text)
    offered = [node.get("value") for node in tree.iter("input") if node.get("name") == "close_reason"]
    answer = browser.send_form(address(course_id, "/close"), {"close_reason": "5"})
    shown = says(browser.get(answer.location))

    assert offered == ["1", "2", "3", "4", "5", "9"]
    assert shown.count("Stoppet Manglende samtykke") == 4
    assert "Hvorfor blir ikke skjemaene besvart?" not in shown


@pytest.mark.req("REG-24")
def test_once_one_is_begun_all_are_not_closed(site):
    course_id, browser = included(site, form_status="1111112111"), site.browser()
    assert "kan brukes så lenge ingen" in says(browser.get(address(course_id)))
    answer = browser.send_form(address(course_id, "/close"), {"close_reason": "9"})

    assert answer.status_code == 422
    assert "Minst ett pasientskjema er påbegynt" in says(answer)
    with site.database.reading() as session:
        assert str(int(FormState.FINALISED)) not in session.get(CourseRow, course_id).form_status


@pytest.mark.req("EPR-15", "GEN-05")
@pytest.mark.parametrize(
    ("code", "expected", "can"),
    [
        ("no_mailbox", "Pasienten har ikke digital postkasse", "Spør om pasienten vil opprette"),
        ("reserved_in_krr", "Pasienten har reservert seg mot digital post", "Gi skjemaet på papir"),
        ("channel_refused", "Kanalen avviste meldingen", "Det hjelper ikke å sende"),
        ("something_new", "Meldingen kom ikke fram", "Velg en annen måte"),
    ],
)
def test_a_form_that_reached_nobody_says_why_and_what_to_do(site, code, expected, can):
    course_id, browser = included(site), site.browser()
    assert "Dette kan du gjøre" not in says(browser.get(f"/courses/{course_id}"))
    tell(site, course_id, eprom.FormOrdered, due_at=NOW)
    tell(site, course_id, eprom.DeliveryFailed, channel="none", code=code)

    assert expected in says(browser.get("/patient-forms"))
    for path in (f"/courses/{course_id}", address(course_id)):
        shown = says(browser.get(path))
        assert f"Kunne ikke sendes {expected}" in shown
        assert f"Pasientregistrering: {can}" in shown
        assert "gi det til pasienten på papir" in shown


@pytest.mark.req("EPR-04", "GEN-05")
def test_a_form_that_went_on_paper_says_that_the_answer_takes_longer(site):
    course_id, browser = included(site), site.browser()
    for channel, is_told in (("helsenorge", False), ("paper", True)):
        tell(site, course_id, eprom.FormSent, channel=channel, sent_at=NOW)
        for path in ("/patient-forms", address(course_id)):
            assert ("Sendt som papirbrev med en kode" in says(browser.get(path))) == is_told


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize("more", ["", "/pasreg/order", "/stop", "/close"])
def test_a_course_of_others_is_not_there(site, more):
    course_id, browser = included(site), site.browser(organisation=FONNA)
    data = {"channel": "secure", "stop_reason": "4", "close_reason": "9"}
    answer = browser.send_form(address(course_id, more), data) if more else browser.get(address(course_id))

    assert answer.status_code == 404
    assert sent(site, PromStopped) == []


@pytest.mark.req("EPR-07")
@pytest.mark.parametrize("form", ["b22", "nothing"])
def test_only_patient_forms_are_ordered(site, form):
    course_id, browser = included(site), site.browser()

    assert browser.get(address(course_id, f"/{form}/order")).status_code == 404
    assert browser.send_form(address(course_id, f"/{form}/order"), {"channel": "secure"}).status_code == 404
