"""A letter that goes by post."""

from __future__ import annotations

import pytest

from services.reservation.worker import make_worker
from shared.auth.principal import Role
from tests.reservation.site import OLA, SIGRID

STEPS = ("letter", "recipient", "posted")


@pytest.fixture
def case_id(site):
    made = site.closed_case(SIGRID)
    make_worker(site.settings, site.parts).jobs.run_due()
    return made


@pytest.mark.req("RES-03", "GEN-06")
def test_the_secretariat_prints_addresses_and_posts(site, case_id):
    desk = site.staff()
    assert "Last ned brevet" in desk.get(f"/cases/{case_id}").text
    letter, recipient, posted = (desk.send_form(f"/cases/{case_id}/{step}") for step in STEPS)

    assert (letter.mimetype, letter.data[:5]) == ("application/pdf", b"%PDF-")
    assert SIGRID in recipient.text
    assert posted.location == f"/cases/{case_id}"
    assert site.cases()[0].sealed_number is None
    assert [what for _, _, what in site.log()[-3:]] == [
        f"case:{case_id}/{step}" for step in ("print_letter", "read_recipient", "letter_posted")
    ]


@pytest.mark.req("RES-03", "GEN-04")
def test_once_posted_nothing_of_it_is_left(site, case_id):
    desk = site.staff()
    desk.send_form(f"/cases/{case_id}/posted")

    assert "Last ned brevet" not in desk.get(f"/cases/{case_id}").text
    assert [desk.send_form(f"/cases/{case_id}/{step}").status_code for step in STEPS] == [422] * 3


@pytest.mark.req("GEN-04")
def test_the_manager_and_other_registries_do_not_get_the_number(site, case_id):
    for desk, status in ((site.staff(Role.MANAGER), 403), (site.staff(registry="other"), 404)):
        answers = [desk.send_form(f"/cases/{case_id}/{step}") for step in STEPS]
        assert [answer.status_code for answer in answers] == [status] * 3
        assert not [answer for answer in answers if SIGRID in answer.text]


@pytest.mark.req("RES-03")
def test_a_letter_sent_digitally_is_not_printed(site):
    case_id = site.closed_case(OLA)
    make_worker(site.settings, site.parts).jobs.run_due()

    assert site.staff().send_form(f"/cases/{case_id}/letter").status_code == 422


@pytest.mark.req("RES-03", "RES-04")
def test_a_refused_letter_is_shown_and_sent_again(site):
    case_id, desk = site.refused_letter(OLA), site.staff()
    assert "Må ordnes" in desk.get("/cases/").text
    assert "Digipost tok ikke imot brevet" in desk.get(f"/cases/{case_id}").text

    assert desk.send_form(f"/cases/{case_id}/again").location == f"/cases/{case_id}"
    make_worker(site.settings, site.parts).jobs.run_due()
    assert "Må ordnes" not in desk.get("/cases/").text
    assert "Sendt i Digipost" in desk.get(f"/cases/{case_id}").text


@pytest.mark.req("RES-03")
def test_a_refused_letter_is_posted_when_it_is_urgent(site):
    case_id, desk = site.refused_letter(OLA), site.staff()

    assert OLA in desk.send_form(f"/cases/{case_id}/recipient").text
    desk.send_form(f"/cases/{case_id}/posted")
    assert site.cases()[0].sealed_number is None
