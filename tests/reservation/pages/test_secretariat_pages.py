"""The secretariat's pages: the work list, a case, and reservations that came on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.reservation.usecases.confirm import confirm
from shared.auth.principal import Role
from shared.testing.html import read_html, words
from tests.reservation.site import OLA, SIGRID

PAPER = {"number": f"{SIGRID[:6]} {SIGRID[6:]}", "language": "nn", "compared": "1"}


def text_of(page, status=200):
    assert page.status_code == status
    return words(read_html(page.text))


@pytest.mark.req("RES-01", "RES-05")
def test_a_reservation_on_paper_is_registered(both):
    answer = both.staff().send_form("/cases/paper", PAPER)
    (case,) = both.cases()

    assert answer.location == f"/cases/{case.case_id}"
    assert (case.channel, case.language) == ("paper", "nn")
    assert case.person_hash == both.means.numbers.hash_of(SIGRID)
    assert both.log() == [("user:2", "write", f"case:{case.case_id}/reserve")]


@pytest.mark.req("RES-01", "GEN-04")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": SIGRID[:-1]}, "elleve sifre"),
        ({"number": "27836349861"}, "skrivefeil"),
        ({"compared": None}, "Sammenlign nummeret"),
    ],
)
def test_a_slip_is_told_and_the_number_not_shown_again(site, change, told):
    fields = {name: value for name, value in (PAPER | change).items() if value is not None}
    page = site.staff().send_form("/cases/paper", fields)

    assert told in text_of(page, 422)
    assert fields["number"] not in page.text
    assert site.cases() == []


@pytest.mark.req("RES-04", "GEN-06")
def test_the_work_list_shows_deadlines_and_is_logged(site):
    site.reserve(site.citizen())
    assert "Frist snart" not in text_of(site.staff().get("/cases/"))
    site.clock.move(timedelta(days=25))
    assert "Frist snart" in text_of(site.staff().get("/cases/"))
    site.clock.move(timedelta(days=6))

    assert "Over fristen" in text_of(site.staff(Role.MANAGER).get("/cases/"))
    assert site.log()[1:] == [("user:2", "read", "cases")] * 3


@pytest.mark.req("RES-05", "RES-06", "GEN-06")
def test_a_case_shows_who_has_confirmed(site):
    site.reserve(site.citizen())
    (case,) = site.cases()
    confirm(case.case_id, "release", projects=("p1",), uow=site.uow)
    page = text_of(site.staff().get(f"/cases/{case.case_id}"))

    assert page.count("Venter på svar") == 3
    assert "p1" in page
    assert site.log()[-1] == ("user:2", "read", f"case:{case.case_id}")


@pytest.mark.req("RES-04", "GEN-04")
def test_another_registry_has_no_such_case(site):
    site.reserve(site.citizen(OLA))
    (case,) = site.cases()

    assert site.staff(registry="other").get(f"/cases/{case.case_id}").status_code == 404
    assert site.staff(registry="other").send_form("/cases/paper", PAPER).status_code == 404
    assert len(site.cases()) == 1
