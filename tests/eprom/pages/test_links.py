"""The link in a message: exchanged by a person's press, used up by nobody, refused to whoever guesses."""

from __future__ import annotations

import pytest

from shared.testing.html import read_html, words
from tests.eprom.pages.patient import log_in, patient, use_link
from tests.eprom.site import KARI, NUMBERS, OLA

pytestmark = [pytest.mark.req("EPR-08")]


def everything(site, order_id):
    """What is kept of an order and its codes."""
    row = site.row(order_id)
    with site.database.engine.connect() as connection:
        codes = connection.exec_driver_sql("SELECT count(*) FROM log_in_code").scalar()
    return row.state, row.link_hash, codes, len(site.inbox())


def test_the_link_holds_256_bits_and_only_its_hash_is_kept(site):
    order_id = site.sent()
    token = site.token(order_id)

    assert len(token) == 43
    assert site.row(order_id).link_hash not in {None, token}
    with site.database.engine.connect() as connection:
        assert token not in str(connection.exec_driver_sql("SELECT * FROM form_order").all())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_scanners_and_previews_use_nothing_up(site, method):
    order_id = site.sent()
    before = everything(site, order_id)
    for _ in range(5):
        assert site.visitor().open(f"/s/{site.token(order_id)}", method=method).status_code == 200

    assert everything(site, order_id) == before
    assert use_link(site, site.visitor(), order_id).location == f"/form/{order_id}"


def test_the_press_of_a_scanner_without_our_page_does_nothing(site):
    order_id = site.sent()

    assert site.visitor().post("/s", data={"token": site.token(order_id), "way": "sms_code"}).status_code == 400
    assert everything(site, order_id)[2] == 0


def test_the_address_behind_the_link_is_not_the_secret(both):
    order_id, browser = both.sent(), both.visitor()
    way = use_link(both, browser, order_id)
    back = log_in(both, browser, way.location, NUMBERS[KARI])

    assert both.token(order_id) not in way.location
    assert browser.get(back.location).status_code == 200


def test_a_second_press_after_the_log_in_leads_straight_to_the_form(site):
    order_id, browser = site.sent(), patient(site)
    assert use_link(site, browser, order_id).location == f"/form/{order_id}"

    assert browser.get(f"/form/{order_id}").status_code == 200


def test_the_link_of_somebody_else_ends_the_session_of_the_one_before(site):
    order_id, browser = site.sent(), patient(site, OLA)
    use_link(site, browser, order_id)

    assert browser.get(f"/form/{order_id}").location.startswith("/login?door=citizen")


def test_after_the_form_is_handed_in_the_link_leads_nowhere(site):
    order_id, browser = site.sent(), patient(site)
    browser.send_form(
        f"/form/{order_id}/question/contacts_last_year", {"_shown": "contacts_last_year", "contacts_last_year": "7"}
    )
    browser.send_form(f"/form/{order_id}/submit")
    token = site.token(order_id)

    for answer in (
        site.visitor().get(f"/s/{token}"),
        site.visitor().send_form("/s", {"token": token, "way": "idporten"}),
    ):
        assert answer.status_code == 404
        assert "Lenken er ikke i bruk lenger" in words(read_html(answer.text))


def test_who_guesses_gets_no_session(site):
    guess = site.visitor().get(f"/s/{'A' * 43}")

    assert guess.status_code == 404
    assert "Set-Cookie" not in guess.headers


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_visitor_who_tries_many_links_has_to_wait(site, method):
    visitor = site.visitor()

    def ask(token):
        return visitor.get(f"/s/{token}") if method == "GET" else visitor.send_form("/s", {"token": token})

    codes = [ask(f"never-made-{n}").status_code for n in range(61)]
    assert (set(codes[:60]), codes[60]) == ({404}, 429)
    assert int(ask("never-made").headers["Retry-After"]) <= 600
