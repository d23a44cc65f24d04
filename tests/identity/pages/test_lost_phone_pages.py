"""A lost phone in two coordinators' browsers without scripts."""

from __future__ import annotations

import pytest

from services.identity.domain.roles import RoleCode
from shared.testing.html import find, read_html, words
from tests.identity.pages.test_lost_password_pages import send
from tests.identity.site import fields
from tests.identity.world import HERE

FORM = {"mobile": "40 00 00 02", "mobile_again": "40000002", "checked_how": "called_back", "reason": "Mistet på tur"}


@pytest.fixture
def kari(site):
    return site.add("kari", number="+4740000001")


@pytest.fixture
def lise(site):
    site.add("lise", (HERE, RoleCode.LC))
    return site.logged_in("lise")


@pytest.fixture
def liv(site):
    site.add("liv", (HERE, RoleCode.LC))
    return site.logged_in("liv")


def main(answer):
    return words(read_html(answer.text).find(".//main"))


def begin(browser, user_id, **values):
    return send(browser, f"/users/{user_id}/lost-phone", **{**FORM, **values})


def matter_of(browser):
    """The address of the only matter in the list."""
    links = [a.get("href") for a in read_html(browser.get("/applications").text).iter("a")]
    return next(link for link in links if link.startswith("/lost-phones/"))


@pytest.mark.req("GEN-05", "IDN-08", "IDN-16")
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_one_begins_and_the_other_confirms(site, kari, lise, liv, language):
    for browser in (lise, liv):
        browser.set_cookie("language", language)
    site.sent()
    begun = begin(lise, kari)
    path = matter_of(liv)
    assert find(read_html(lise.get(begun.location).text), href=path).text == "Kari"
    assert "Mistet på tur" in main(liv.get(path))

    done = liv.post(f"{path}/confirm", data=fields(liv.get(path), f"{path}/confirm"))

    assert "lost_phone_confirmed" in done.location
    assert read_html(liv.get(done.location).text).get("lang") == language
    assert liv.get(path).status_code == 404
    assert "+4740000002" in {to for to, _ in site.sent("sms")}


@pytest.mark.req("IDN-07", "IDN-08", "IDN-16")
def test_the_first_person_sees_that_a_second_one_is_needed(kari, lise):
    begin(lise, kari)
    path = matter_of(lise)

    shown = lise.get(path)

    assert "En annen koordinator må bekrefte den" in main(shown)
    assert [form.get("action") for form in read_html(shown.text).iter("form") if "confirm" in form.get("action")] == []
    refused = lise.send_form(f"{path}/confirm")
    assert (refused.status_code, "En annen koordinator må bekrefte den" in main(refused)) == (422, True)


@pytest.mark.req("IDN-08", "IDN-16")
def test_a_rejected_one_is_gone_and_needs_a_reason(site, kari, lise, liv):
    begin(lise, kari)
    path = matter_of(liv)
    without = liv.send_form(f"{path}/reject", {"reason": " "})
    assert without.status_code == 422
    assert words(find(read_html(without.text), id="reason-error")) == "Skriv en grunn."
    site.sent()

    done = liv.send_form(f"{path}/reject", {"reason": "Det var ikke Kari"})

    assert "Mobilnummeret er som før" in main(liv.get(done.location))
    assert [to for to, _ in site.sent()] == ["kari@vest.example.no"]
    assert liv.get(path).status_code == 404


@pytest.mark.req("IDN-08", "IDN-16")
def test_faults_stand_by_their_fields_and_lose_nothing(kari, lise):
    answer = begin(lise, kari, mobile="400 00 002", mobile_again="400 00 003", checked_how="", reason="")

    tree = read_html(answer.text)
    assert answer.status_code == 422
    assert words(find(tree, id="mobile_again-error")) == "Mobilnumrene er ikke like"
    assert {name: words(find(tree, id=f"{name}-error")) for name in ("checked_how", "reason")} == {
        "checked_how": "Må fylles ut",
        "reason": "Må fylles ut",
    }
    assert find(tree, id="mobile").get("value") == "400 00 002"


@pytest.mark.req("IDN-08", "IDN-13", "IDN-16")
def test_beginning_and_confirming_ask_for_a_fresh_factor(site, kari, lise, liv):
    begin(lise, kari)
    path = matter_of(liv)
    form = fields(liv.get(path), f"{path}/confirm")
    site.move(minutes=6)

    assert "step_up=1" in lise.get(f"/users/{kari}/lost-phone").location
    assert liv.post(f"{path}/confirm", data=form).status_code == 403
    assert liv.get(path).status_code == 200


@pytest.mark.req("IDN-08", "IDN-16")
def test_the_way_there_stands_on_the_page_of_the_user(kari, lise):
    links = {a.get("href") for a in read_html(lise.get(f"/users/{kari}").text).iter("a")}

    assert f"/users/{kari}/lost-phone" in links
