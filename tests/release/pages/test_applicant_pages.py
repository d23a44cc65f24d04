"""The applicant's pages in a browser without scripts."""

from __future__ import annotations

from datetime import timedelta

import pyrage
import pytest

from shared.testing.html import find, form_values, read_html, words
from shared.testing.web import an_applicant, sign_in
from tests.release.world import FILE, FORM, FORMS, KARI, OLA, SECRET_KEY

TICKED = {f"form_{key}": "1" for key in FORMS}


@pytest.fixture
def kari(site):
    browser = site.browser()
    sign_in(browser, KARI)
    return browser


@pytest.fixture
def ola(site):
    browser = site.browser()
    sign_in(browser, OLA)
    return browser


def text(answer):
    return words(read_html(answer.text))


def send(browser, path="/applications/new/smertereg", **change):
    return browser.send_form(path, {**FORM, **TICKED, "action": "submit", **change})


def forms_of(answer):
    return [form_values(form) for form in read_html(answer.text).iter("form") if form.get("method") == "post"]


@pytest.mark.req("REL-02")
def test_an_application_is_written_and_sent(kari):
    assert "Ny søknad" in text(kari.get("/applications"))
    page = kari.get("/applications/new/smertereg")
    assert "Tilleggsopplysninger" in text(page)
    answer = kari.get(send(kari).location)

    assert "Søknaden er sendt" in text(answer)
    assert "innen 12. desember 2026" in text(answer)
    assert "Mottatt" in text(kari.get("/applications"))


@pytest.mark.req("REL-01", "REL-02")
def test_a_draft_is_kept_and_finished_later(kari):
    saved = kari.send_form("/applications/new/smertereg", {"title": "Halvferdig", "to_on": "snart", "action": "save"})
    listed = kari.get(saved.location)
    assert "Utkastet er lagret" in text(listed)
    (path,) = [a.get("href") for a in read_html(listed.text).iter("a") if a.text == "Halvferdig"]

    assert find(read_html(kari.get(path).text), id="to_on").get("value") == "snart"
    assert "Søknaden er sendt" in text(kari.get(send(kari, path).location))


@pytest.mark.req("REL-02")
def test_days_are_typed_and_shown_as_in_norway(kari):
    saved = kari.send_form(
        "/applications/new/smertereg", {"title": "Dager", "from_on": "1.2.24", "to_on": "31.02.2025"}
    )
    (path,) = [a.get("href") for a in read_html(kari.get(saved.location).text).iter("a") if a.text == "Dager"]
    draft = next(values for values in forms_of(kari.get(path)) if "title" in values)

    assert (draft["from_on"], draft["to_on"]) == (["01.02.2024"], ["31.02.2025"])
    assert "Skriv en gyldig dato" in text(send(kari, path, to_on="31.02.2025"))
    assert "Søknaden er sendt" in text(kari.get(send(kari, path, to_on="28.02.2025").location))


@pytest.mark.req("REL-02")
def test_faults_stand_beside_their_fields_and_nothing_is_lost(kari):
    answer = send(kari, recipient_key="age1feil", purpose="Langt <b>formål</b>", rec_number="", members="A\nB")
    tree = read_html(answer.text)

    assert answer.status_code == 422
    assert "ikke en gyldig offentlig age-nøkkel" in words(find(tree, id="recipient_key-error"))
    assert find(tree, id="rec_number").get("aria-describedby") == "rec_number-help rec_number-error"
    kept = next(values for values in forms_of(answer) if "title" in values)
    assert (kept["purpose"], kept["members"]) == (["Langt <b>formål</b>"], ["A\nB"])
    assert (kept["recipient_key"], kept["form_to"]) == (["age1feil"], ["1"])


@pytest.mark.req("REL-02")
def test_a_refused_application_is_a_draft_that_can_be_put_right(kari):
    answer = send(kari, rec_number="")
    action = next(form.get("action") for form in read_html(answer.text).iter("form") if form.get("class") == "stack")

    assert send(kari, action).status_code == 303
    assert text(kari.get("/applications")).count("Opioider etter kirurgi") == 1


def test_a_draft_is_deleted(kari):
    saved = kari.send_form("/applications/new/smertereg", {"title": "Bort", "action": "save"})
    listed = kari.get(saved.location)
    (path,) = [a.get("href") for a in read_html(listed.text).iter("a") if a.text == "Bort"]

    assert "Utkastet er slettet" in text(kari.get(kari.send_form(f"{path}/remove").location))


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize(("language", "title"), [("nn", "Søknad om data til forsking"), ("en", "for research data")])
def test_the_form_speaks_the_applicants_language(site, language, title):
    browser = site.browser()
    sign_in(browser, an_applicant("eve", language=language))

    assert title in text(browser.get("/applications/new/smertereg"))


@pytest.mark.req("REL-07")
def test_another_applicant_sees_nothing(site, ola):
    world = site.world()
    delivery_id = world.opened()
    application_id = world.delivery(delivery_id).application_id

    assert ola.get(f"/applications/{application_id}").status_code == 404
    assert ola.send_form(f"/applications/{application_id}", dict(FORM)).status_code == 404
    assert ola.send_form(f"/applications/{application_id}/remove").status_code == 404
    assert ola.get(f"/deliveries/{delivery_id}/download").status_code == 404
    assert ola.send_form(f"/deliveries/{delivery_id}/download").status_code == 404
    assert "Opioider" not in text(ola.get("/applications"))


@pytest.mark.req("REL-07")
def test_a_delivery_is_downloaded_once(site, kari):
    delivery_id = site.world().opened()
    page = f"/deliveries/{delivery_id}/download"
    assert "bare én gang" in text(kari.get(page))
    answer = kari.send_form(page)

    assert pyrage.decrypt(answer.data, [SECRET_KEY]) == pyrage.decrypt(FILE, [SECRET_KEY])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{delivery_id}.age"'
    assert kari.send_form(page).status_code == 422
    assert "lastet ned før" in text(kari.get(page))


@pytest.mark.req("REL-07")
def test_a_download_needs_a_fresh_log_in(site):
    delivery_id = site.world().opened()
    browser = site.browser()
    sign_in(browser, an_applicant("kari", authenticated_at=site.clock.now() - timedelta(minutes=6)))
    page = f"/deliveries/{delivery_id}/download"

    assert browser.get(page).location.startswith("/login?door=applicant")
    assert "step_up=1" in browser.get(page).location
    assert "Bekreft at det er deg" in text(browser.send_form(page))
    assert site.world().delivery(delivery_id).state == "approved"


@pytest.mark.req("REL-07", "GEN-06")
def test_a_download_is_in_the_log_and_on_the_timeline(site, kari):
    world = site.world()
    delivery_id = world.opened()
    application_id = world.delivery(delivery_id).application_id
    kari.send_form(f"/deliveries/{delivery_id}/download")

    assert ("applicant:kari", "write", f"application:{application_id}/downloaded") in site.log()
    shown = text(kari.get(f"/applications/{application_id}"))
    assert "Fil lastet ned (søker)" in shown
    assert "Dataene kan brukes til og med 31. desember 2029" in shown
