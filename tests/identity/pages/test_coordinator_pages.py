"""What coordinators do in a browser without scripts."""

from __future__ import annotations

import pytest

from services.identity.domain.roles import RoleCode
from services.identity.pages import registry
from services.identity.usecases.apply_for_user import apply_for_user
from services.identity.usecases.decide_application import reject_application
from shared.testing.html import read_html, words
from shared.testing.web import sign_in
from tests.identity.calendar_days import Calendar
from tests.identity.site import fields, find
from tests.identity.world import APPLICATION, HERE, NATIONAL, THERE, acting


def text(answer):
    return words(read_html(answer.text))


@pytest.fixture
def people(site):
    """A coordinator with two users, one of them working elsewhere too, and the registry's national coordinator."""
    return {
        "lise": site.add("lise", (HERE, RoleCode.LC)),
        "kari": site.add("kari", (HERE, RoleCode.LU)),
        "mona": site.add("mona", (HERE, RoleCode.LU), (THERE, RoleCode.LU)),
        "siri": site.add("siri", (NATIONAL, RoleCode.SC)),
    }


def browser_of(site, principal):
    browser = site.browser()
    sign_in(browser, principal)
    return browser


@pytest.fixture
def lise(site, people):
    return browser_of(site, acting(people["lise"]))


@pytest.fixture
def siri(site, people):
    return browser_of(site, acting(people["siri"], RoleCode.SC, NATIONAL))


def role_id(site, user_id):
    with site.uow() as store:
        return store.users.roles_of(user_id)[0].role_id


@pytest.mark.req("IDN-17")
def test_a_substitutes_role_is_given_until_a_day_and_shown_with_it(site, people, lise):
    page = f"/users/{people['kari']}"
    form = fields(lise.get(page), f"{page}/roles") | {"role": "LC", "reason": "vikar for Lise"}

    for typed in ("31.02.2027", "i går", "22.11.2026", "24.11.2028"):
        refused = lise.post(f"{page}/roles", data=form | {"ends_on": typed})
        assert refused.status_code == 422
        assert find(read_html(refused.text), id="give-ends-on").get("aria-invalid") == "true"
        assert fields(refused, f"{page}/roles")["reason"] == "vikar for Lise"
        assert find(read_html(refused.text), id="give-ends-on").get("value") == typed
    assert lise.post(f"{page}/roles", data=form | {"ends_on": "24.12.2026"}).status_code == 303

    assert "Gjelder til og med 24.12.2026" in text(lise.get(page))


@pytest.mark.req("IDN-14")
def test_a_review_is_done_many_roles_at_once(site, people, lise):
    Calendar(site).let_pass(days=365)
    lise = browser_of(site, acting(people["lise"]))
    listed = lise.get("/reviews")
    assert "Frist" in text(listed)
    page = listed.text.split('href="/reviews/')[1].split('"')[0]
    form = fields(lise.get(f"/reviews/{page}"))
    kari, mona = (f"role-{role_id(site, people[name])}" for name in ("kari", "mona"))
    assert f"role-{role_id(site, people['lise'])}-confirmed" not in lise.get(f"/reviews/{page}").text

    refused = lise.post(f"/reviews/{page}", data=form)
    assert (refused.status_code, "Merk minst én rolle" in text(refused)) == (422, True)
    done = lise.post(f"/reviews/{page}", data=form | {kari: "confirmed", mona: "removed"}, follow_redirects=True)

    assert "Lagret." in text(done)
    assert "mona, Local-user (LU) Fjernet" in text(done)


@pytest.mark.req("IDN-14")
def test_the_national_coordinator_sees_the_state_of_all_organisations(site, people, siri):
    assert "Fjordsykehuset Åpner 23.11.2027" in text(siri.get("/reviews"))
    Calendar(site).let_pass(days=365)
    siri = browser_of(site, acting(people["siri"], RoleCode.SC, NATIONAL))

    shown = text(siri.get("/reviews"))

    assert "Fjordsykehuset Frist 03.01.2028 1 0 0 0 Vestsykehuset Frist 03.01.2028 3 0 0 0" in shown


def apply(site, user_name, **fields):
    fields = {**APPLICATION, "user_name": user_name, "full_name": user_name.title(), **fields}
    fields["email"] = f"{user_name}@vest.example.no"
    return apply_for_user(fields, language="nb", seals=site.seals, uow=site.uow)


@pytest.mark.req("IDN-02")
def test_the_national_coordinator_sees_all_applications_of_the_registry(site, people, siri):
    apply(site, "nina")
    site.move(days=3)
    there = apply(site, "nils", applied_organisation="20")
    by = acting(people["siri"], RoleCode.SC, NATIONAL)
    reject_application(there, "Ukjent", by=by, messages=site.messages, uow=site.uow)
    siri = browser_of(site, by)

    whole, here = text(siri.get("/registry")), text(siri.get("/registry?organisation=10"))
    rejected = text(siri.get("/registry?state=rejected"))

    assert "(slettet etter behandling) Fjordsykehuset Avslått" in whole
    assert ("Nina Vestsykehuset Venter" in whole, "3 dag(er)" in whole) == (True, True)
    assert ("Nina Vest" in here, "(slettet" in here) == (True, False)
    assert ("Nina Vest" in rejected, "(slettet" in rejected) == (False, True)
    for query in ("organisation=x", "state=x", "cursor=x", "cursor=WyJ4IiwieCJd", "organisation=" + "9" * 11):
        assert siri.get(f"/registry?{query}").status_code == 400


@pytest.mark.req("IDN-02")
def test_the_overview_is_read_in_pages_without_gaps(site, people, monkeypatch):
    monkeypatch.setattr(registry, "ROWS", 2)
    wanted = {apply(site, f"nina{number}") for number in range(5)}
    siri, address, seen = browser_of(site, acting(people["siri"], RoleCode.SC, NATIONAL)), "/registry?state=waiting", []
    while address:
        tree = read_html(siri.get(address).text)
        seen += [link.get("href").split("/")[-1] for link in tree.iter("a") if "/applications/" in link.get("href")]
        address = next((link.get("href") for link in tree.iter("a") if link.get("rel") == "next"), None)

    assert (len(seen), set(seen)) == (5, wanted)


@pytest.mark.req("IDN-17")
def test_a_coordinator_asks_for_another_role_and_somebody_else_sees_the_wish(site, people, lise, siri):
    page = f"/users/{people['lise']}"
    form = fields(lise.get(page), "/users/own-role")

    refused = lise.post("/users/own-role", data=form)
    assert (refused.status_code, "Velg en rolle." in text(refused)) == (422, True)
    asked = lise.post("/users/own-role", data=form | {"role": "LU"}, follow_redirects=True)
    assert "En annen avgjør det." in text(asked)
    again = lise.post("/users/own-role", data=form | {"role": "LU"})
    assert (again.status_code, "Du har allerede bedt" in text(again)) == (422, True)

    address = siri.get("/applications").text.split('href="/applications/')[1].split('"')[0]
    shown = siri.get(f"/applications/{address}")
    assert "i stedet for Lokal koordinator (LC)" in text(shown)
    assert fields(shown, f"/applications/{address}/approve")["role"] == "LU"
    for number in ("x", "999999"):
        assert lise.post("/users/own-role", data=form | {"role_id": number, "role": "LU"}).status_code == 404


@pytest.mark.req("IDN-17")
def test_emergency_access_is_given_and_judged(site, people, lise, siri):
    ole = site.add("ole", (THERE, RoleCode.LU))
    form = fields(lise.get("/emergency"), "/emergency")
    typed = form | {"user_name": "ole", "role": "LU", "reason": "vakt"}
    for name, wrong in (("role", ""), ("user_name", "nobody"), ("reason", " ")):
        refused = lise.post("/emergency", data=typed | {name: wrong})
        assert (refused.status_code, f'id="{name}-error"' in refused.text) == (422, True)
        kept = fields(refused, "/emergency")
        assert all(kept[other] == typed[other] for other in ("user_name", "reason") if other != name)
    done = lise.post("/emergency", data=typed, follow_redirects=True)
    assert "Tilgangen gjelder i 60 minutter." in text(done)
    number = role_id(site, ole)

    assert "Ole: Local-user (LU), Vestsykehuset" in text(siri.get("/registry"))
    address = f"/emergency/{number}/judge"
    form = fields(siri.get("/registry"), address)
    for wrong, field in (({"remark": "ok"}, "judgement"), ({"judgement": "approved"}, "remark")):
        refused = siri.post(address, data=form | wrong)
        assert (refused.status_code, f'id="{field}-{number}-error"' in refused.text) == (422, True)
    judged = siri.post(address, data=form | {"judgement": "approved", "remark": "nødvendig"}, follow_redirects=True)

    assert ("Vurderingen er lagret." in text(judged), "Ole:" in text(judged)) == (True, False)


@pytest.mark.req("IDN-17")
def test_the_national_coordinator_says_where_emergency_access_is(site, people, siri):
    form = fields(siri.get("/emergency"), "/emergency")
    typed = form | {"user_name": "kari", "role": "LU", "reason": "vakt"}
    for place in ("", "1000", "x"):
        assert siri.post("/emergency", data=typed | {"at": place}).status_code == 422

    assert siri.post("/emergency", data=typed | {"at": "20"}).status_code == 303


@pytest.mark.req("IDN-17")
def test_a_locked_user_is_shown_with_the_reason(site, people, siri):
    calendar = Calendar(site)
    for days in (335, 23, 7):
        calendar.let_pass(days=days)
    siri = browser_of(site, acting(people["siri"], RoleCode.SC, NATIONAL))

    assert "Deaktivert (ikke brukt på tolv måneder)" in text(siri.get(f"/users/{people['kari']}"))
