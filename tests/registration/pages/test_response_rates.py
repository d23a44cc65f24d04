"""The page of response rates: a chart, the table beside it, the file; what small numbers are to whom."""

from __future__ import annotations

import csv
import io
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from services.registration.domain.patient_form import PatientFormState as S
from shared.auth.principal import Role
from shared.testing.browser import check_page, take_over
from shared.testing.html import find, read_html, words
from tests.registration.queries.test_response_rates import known
from tests.registration.site import FONNA, HUS, KARI, OLA

pytestmark = pytest.mark.req("EPR-13")
SENT, ANSWERED, SILENT = (S.SENT, None), (S.STORED, None), (S.EXPIRED, 7)
PATH = "/response-rates"


@pytest.fixture
def counted(site):
    """Eight answers of ten in one hospital, four of ten in another."""
    for organisation, number, answers in ((HUS, KARI, 8), (FONNA, OLA, 4)):
        known(site, SENT, ANSWERED, organisation=organisation, number=number, copies=answers)
        known(site, SENT, SILENT, organisation=organisation, number=number, copies=10 - answers)
    return site


def says(answer):
    return words(next(read_html(answer.text).iter("main")))


def lines(answer):
    return list(csv.DictReader(io.StringIO(answer.text), delimiter=";"))


def test_a_coordinator_sees_the_own_hospital_in_chart_and_table(counted):
    shown = counted.browser(Role.LC).get(PATH)

    assert "etter måned, Haukeland universitetssjukehus Måned" in says(shown)
    assert "11.2026 80 % 10 10 8 0 0 2 2" in says(shown)
    assert "Ikke besvart ePROMS" in says(shown)
    assert 'aria-label="Svarandel for Pasientregistrering' in shown.text
    assert "Fonna" not in shown.text
    assert "skjult" not in says(shown)


def test_the_national_coordinator_sees_all_without_small_numbers(counted):
    browser = counted.browser(Role.SC, None)
    shown, file = browser.get(PATH), lines(browser.get(f"{PATH}/file"))

    assert "Haukeland universitetssjukehus 11.2026 skjult 10" in says(shown)
    assert "Tall under 5 vises ikke" in says(shown)
    assert [(one["resh_id"], one["ordered"], one["answered"], one["share"]) for one in file] == [
        (str(HUS), "10", "*", ""),
        (str(FONNA), "10", "*", ""),
    ]
    assert "Fonna" not in says(browser.get(f"{PATH}?organisation={HUS}")).partition("Vis")[2]


def test_the_file_holds_what_the_table_shows(counted):
    answer = counted.browser(Role.LC).get(f"{PATH}/file?form=pasreg&from=2026-11&to=2026-11")
    (one,) = lines(answer)

    assert answer.mimetype == "text/csv"
    assert (one["organisation"], one["form"], one["month"]) == ("Haukeland universitetssjukehus", "pasreg", "2026-11")
    assert (one["sent"], one["answered"], one["share"], one["reason_7"]) == ("10", "8", "0.800", "2")


@pytest.mark.parametrize(
    ("query", "field", "words_of_it"),
    [
        ("from=2026-13", "from", "Skriv måneden slik: 2026-05."),
        ("to=mai", "to", "Skriv måneden slik: 2026-05."),
        ("from=2026-12&to=2026-01", "from", "Den første måneden må være før den siste."),
        ("from=1990-01&to=2026-01", "from", "Velg høyst tjue år."),
    ],
)
def test_a_wrong_period_is_told_beside_the_field_and_stays_typed(counted, query, field, words_of_it):
    shown = counted.browser(Role.LC).get(f"{PATH}?form=hads&{query}")
    tree = read_html(shown.text)

    assert shown.status_code == 422
    assert words(find(tree, id=f"{field}-error")) == words_of_it
    assert find(tree, id=field).get("value") == dict(parse_qsl(query))[field]
    assert "Haukeland" not in says(shown)


@pytest.mark.parametrize(
    "query",
    ["form=b22", "form=x", "from=2026-13", "to=x", "from=2026-12&to=2026-01", "from=1990-01", "organisation=1"],
)
def test_a_query_that_makes_no_sense_is_refused(site, query):
    assert site.browser(Role.LC).get(f"{PATH}/file?{query}").status_code == 400


def test_a_period_without_forms_says_so(site):
    assert "Ingen skjemaer i perioden" in says(site.browser(Role.LC).get(PATH))


@pytest.mark.req("IDN-07")
def test_those_who_treat_have_no_rates(site):
    browser = site.browser(Role.LU)
    assert {browser.get(path).status_code for path in (PATH, f"{PATH}/file")} == {403}
    assert PATH not in browser.get("/patient-forms").text
    assert PATH in site.browser(Role.LC).get("/patient-forms").text


@pytest.mark.browser
@pytest.mark.req("OPS-07")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_accessible_and_fits(desk, new_page, width):
    known(desk, SENT, ANSWERED, copies=3)
    page = new_page(width=width)
    take_over(desk.browser(Role.LC), desk.app.session_interface.cookie_name, page, desk.address)
    page.goto(f"{desk.address}{PATH}")
    expect(page.get_by_role("img")).to_be_visible()
    check_page(page)
