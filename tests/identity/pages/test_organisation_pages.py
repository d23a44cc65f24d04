"""The organisation tree out of and into a file, in a browser without scripts."""

from __future__ import annotations

import io

import pytest

from services.identity.domain.roles import RoleCode
from services.identity.queries.feeds import all_units
from shared.contracts.identity import OrganisationChanged
from shared.testing.html import read_html, words
from shared.testing.web import sign_in
from tests.identity.site import fields
from tests.identity.world import HERE, NATIONAL, acting

PREVIEW, IMPORT = "/organisations/preview", "/organisations/import"


@pytest.fixture
def siri(site):
    browser = site.browser()
    sign_in(browser, acting(site.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL))
    return browser


def exported(browser):
    answer = browser.get("/organisations/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="organisations.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbfresh_id;kind;name;parent_resh_id;registries;active\r\n")
    return answer.data.decode("utf-8-sig")


def preview(browser, content):
    form = fields(browser.get("/organisations"), PREVIEW)
    return browser.post(PREVIEW, data={**form, "file": (io.BytesIO(content.encode()), "tree.csv")})


def units(site):
    return {unit.resh: unit for unit in all_units(database=site.database, clock=site.clock)}


def members(site):
    with site.uow() as store:
        return store.units.choices().participants["smertereg"]


@pytest.mark.req("IDN-12")
def test_a_file_is_looked_at_and_then_taken_in(site, siri):
    text = exported(siri).replace("Fjordsykehuset;1;smertereg;1", "Fjord universitetssykehus;1;;1")
    text = text.replace("1000;department;Smerteklinikken;100;;1\r\n", "101;clinic;Medisin;20;;1\r\n")
    before, events = units(site), len(site.events())

    shown = preview(siri, text)

    told = words(read_html(shown.text))
    assert "Nye (1) 101 Medisin (klinikk)" in told
    assert "Endres (1) 20 Fjordsykehuset → Fjord universitetssykehus" in told
    assert "Blir inaktive (1) 1000 Smerteklinikken (avdeling)" in told
    assert "Går ut av registeret (1) 20 Fjord universitetssykehus" in told
    assert (units(site), len(site.events())) == (before, events)
    assert siri.post(IMPORT, data=fields(shown, IMPORT)).status_code == 303
    after = units(site)
    assert (after[1000].is_active, after[20].name, after[101].parent) == (False, "Fjord universitetssykehus", 20)
    assert members(site) == [10]
    told = {event.organisation for event in site.events()[events:] if isinstance(event, OrganisationChanged)}
    assert told == {20, 101, 1000}
    assert site.log()[-1][1] == "organisations"
    assert site.log()[-1][3] == {"added": 1, "changed": 1, "ended": 1, "joining": 0, "leaving": 1}


@pytest.mark.req("IDN-12")
def test_an_own_export_changes_nothing(site, siri):
    shown = preview(siri, exported(siri))

    assert "Filen endrer ingenting." in words(read_html(shown.text))


@pytest.mark.req("IDN-12")
def test_a_file_with_faults_changes_nothing_and_tells_each_with_its_line(site, siri):
    before = units(site)
    text = exported(siri) + "102;clinic;Ny;999;;1\r\n103;ward;Ny;20;;1\r\n"

    shown = preview(siri, text)

    told = words(read_html(shown.text))
    assert (shown.status_code, "Linje 8: Nivået må være" in told) == (422, True)
    missing = preview(siri, "")
    assert (missing.status_code, "CSV-fil: Velg en fil" in words(read_html(missing.text))) == (422, True)
    assert units(site) == before


@pytest.mark.req("IDN-12")
def test_what_was_changed_since_the_look_is_looked_at_again(site, siri):
    shown = preview(siri, exported(siri).replace("Vestsykehuset", "Vest HF"))
    other = preview(siri, exported(siri).replace("Fjordsykehuset", "Fjord HF"))
    assert siri.post(IMPORT, data=fields(other, IMPORT)).status_code == 303

    refused = siri.post(IMPORT, data=fields(shown, IMPORT))

    assert (refused.status_code, units(site)[10].name) == (422, "Vestsykehuset")
    assert "Treet er endret" in words(read_html(refused.text))
    # What the file would undo stands in the new preview; pressed once more, it is taken in.
    assert "20 Fjord HF → Fjordsykehuset" in words(read_html(refused.text))
    assert siri.post(IMPORT, data=fields(refused, IMPORT)).status_code == 303
    assert (units(site)[10].name, units(site)[20].name) == ("Vest HF", "Fjordsykehuset")


@pytest.mark.req("IDN-12")
def test_a_kept_file_that_was_tampered_with_is_refused(site, siri):
    form = fields(preview(siri, exported(siri).replace("Vestsykehuset", "Vest HF")), IMPORT)

    for content, mark in (("%%%", form["mark"]), ("", form["mark"]), (form["content"], "0" * 64)):
        assert siri.post(IMPORT, data={**form, "content": content, "mark": mark}).status_code == 422
    assert units(site)[10].name == "Vestsykehuset"


@pytest.mark.req("IDN-12", "IDN-07")
def test_only_the_national_coordinator_has_the_tree(site):
    browser = site.browser()
    sign_in(browser, acting(site.add("lise", (HERE, RoleCode.LC))))

    for path in ("/organisations", "/organisations/file"):
        assert browser.get(path).status_code == 403
    for path in (PREVIEW, IMPORT):
        assert browser.send_form(path).status_code == 403
