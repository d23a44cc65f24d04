"""The patients' forms at a clinician's screen: what the list says of them, and those that can be read."""

from __future__ import annotations

import pytest

from services.registration.domain.patient_form import FilledOutBy
from services.registration.handlers import HANDLERS
from services.registration.store.tables import CourseRow
from services.registration.usecases.ports import Answers, Misfit
from services.registration.usecases.store_patient_form import note_refused, store_patient_form
from shared.auth.principal import Role
from shared.contracts import eprom
from shared.testing.html import read_html, words
from tests.registration.site import KARI, NOW

ORDER = "0a" * 16


@pytest.fixture
def course_id(site):
    """An included course whose Pasreg is ordered."""
    course_id = site.register()
    with site.uow() as store:
        store.session.get(CourseRow, course_id).course_type = 3
    tell(site, course_id, eprom.FormOrdered, due_at=NOW)
    return course_id


def tell(site, course_id, kind, **values):
    HANDLERS[kind](kind(order_id=ORDER, course_id=course_id, pid=site.pid(), form="pasreg", **values), site.uow)


def answer(site, course_id, **more):
    document = {"answers": {"complete": 1, "contacts_last_year": 4}}
    facts = {"order_id": ORDER, "course_id": course_id, "pid": site.pid(), "form": "pasreg"}
    answers = Answers(**facts, definition_version=1, document=document, answered_at=NOW, **more)
    store_patient_form(answers, registries=site.means.registries, uow=site.uow)


@pytest.mark.req("REG-22", "EPR-05", "GEN-05")
@pytest.mark.parametrize(("language", "reason"), [("nb", "Ikke besvart ePROMS"), ("en", "Not answered electronically")])
def test_a_form_that_nobody_answered_says_why_in_words(site, course_id, language, reason):
    tell(site, course_id, eprom.FormExpired, reason=7)

    assert reason in site.browser().get("/patient-forms", headers={"Accept-Language": language}).text


@pytest.mark.req("REG-22", "EPR-05")
def test_the_reason_stands_in_the_form_too(site, course_id):
    tell(site, course_id, eprom.FormExpired, reason=7)
    shown = words(read_html(site.browser().get(f"/courses/{course_id}/forms/pasreg").text))

    assert "Er pasientdelen utfylt? Nei" in shown
    assert "Årsak til manglende utfylling Ikke besvart ePROMS" in shown


@pytest.mark.req("REG-22", "GEN-06")
@pytest.mark.parametrize("role", [Role.LU, Role.LC])
def test_what_a_patient_has_answered_can_be_read_and_not_changed(site, course_id, role):
    answer(site, course_id)
    address, browser = f"/courses/{course_id}/forms/pasreg", site.browser(role)
    shown = browser.get(address)

    assert "4 ganger" in words(read_html(shown.text))
    assert f"{address}/reopen" not in shown.text
    assert site.oracle(KARI).check(shown) == {site.pid()}
    assert browser.send_form(address, {"act": "save"}).status_code == 404
    assert browser.send_form(f"{address}/reopen", {"reason": "skrevet feil"}).status_code in {403, 404}


@pytest.mark.req("REG-22")
def test_a_form_that_waits_for_the_patient_leads_nowhere(site, course_id):
    browser, address = site.browser(), f"/courses/{course_id}/forms/pasreg"

    assert address not in browser.get("/patient-forms").text
    assert address not in browser.get(f"/courses/{course_id}").text
    assert browser.get(address).status_code >= 400


@pytest.mark.req("REG-12", "REG-13")
def test_after_a_form_is_finalised_the_way_leads_to_the_next(site, course_id):
    shown = site.browser().get(f"/courses/{course_id}?finalised=to").text

    assert "«Tilleggsopplysninger» er ferdigstilt og låst." in shown
    assert "Neste: Behandlerdel 1.1" in shown


@pytest.mark.req("REG-22", "GEN-06")
@pytest.mark.parametrize(("who", "is_said"), [("parent", True), ("patient", False)])
def test_the_clinician_sees_that_a_parent_has_answered(both, who, is_said):
    course_id = both.register()
    answer(both, course_id, filled_out_by=FilledOutBy(who))
    entry = both.log()[-1]

    shown = words(read_html(both.browser().get(f"/courses/{course_id}/forms/pasreg").text))
    assert ("Fylt ut av forelder" in shown) == is_said
    assert (entry.actor, entry.role, entry.pid) == (who, who, both.pid())


@pytest.mark.req("EPR-09", "REG-22", "REG-33")
def test_what_did_not_fit_stands_beside_the_form_and_in_its_history(site, course_id):
    misfits = [Misfit(field="contacts_last_year", value="99"), Misfit(field="no_such_field")]
    answer(site, course_id, misfits=misfits)
    address, browser = f"/courses/{course_id}/forms/pasreg", site.browser(Role.LC)

    for path in (address, f"{address}/history"):
        shown = words(read_html(browser.get(path).text))
        assert "Kom med svarene, men passet ikke i skjemaet" in shown
        assert ": 99" in shown
        assert "no_such_field: skjemaet har ikke dette spørsmålet" in shown


@pytest.mark.req("EPR-09", "REG-22")
def test_answers_that_cannot_be_stored_are_told_in_the_list(site, course_id):
    tell(site, course_id, eprom.FormAnswered, definition_version=1, answered_at=NOW)
    facts = {"order_id": ORDER, "course_id": course_id, "pid": site.pid(), "form": "pasreg"}
    note_refused(
        Answers(**facts, definition_version=1, document={}, answered_at=NOW), "answers_not_valid", uow=site.uow
    )

    shown = words(read_html(site.browser().get("/patient-forms").text))
    assert "Besvart Svarene passer ikke til skjemaet og er ikke lagret." in shown
