"""A letter on paper, printed by the stand-in that checks what it gets."""

from __future__ import annotations

import pytest

from services.eprom.gateways.paper import Paper, Writer
from services.eprom.usecases.ports import (
    Contact,
    LastingFault,
    OutsideUnavailable,
    PaperForm,
    PostalAddress,
    Recipient,
    RecipientGone,
)
from tests.eprom.gateways.outside import CLOSES_AT, MESSAGE_ID, NO_CONTACT, NOW, letter
from tests.ui.pdf_text import pdf_text

pytestmark = [pytest.mark.req("EPR-04", "EPR-15")]
CODE, SENDER = "0123456789ABCDEFGHJKMNPQRSTV", PostalAddress("Postmottak", "Eksempelveien 2", "0000", "Eksempel")
FORM = PaperForm(5, 1, CODE, f"http://localhost/s/{CODE}", NOW.date(), CLOSES_AT)


class Addresses:
    """Tells the address it was given, to whoever asks."""

    def __init__(self, address):
        self.address, self.asked = address, []

    def find_address(self, pid, course_id):
        self.asked.append((pid, course_id))
        if isinstance(self.address, Exception):
            raise self.address
        return self.address


@pytest.fixture
def home(outside):
    person = outside.person("Fjellstrand")
    *_, postcode, city = person.place
    return PostalAddress(person.name, f"{person.street} {person.house}", postcode, city)


@pytest.fixture
def post(outside):
    """Sends a letter to somebody who lives at an address; returns what the channel says."""

    def sent(address, *, contact=NO_CONTACT, is_protected=False, paper=FORM, returns_to=SENDER):
        addresses = Addresses(address)
        channel = Paper(outside.digipost_line(), addresses, Writer("Helse Bergen HF", returns_to, "http://localhost"))
        to = Recipient(outside.person("Fjellstrand").number, is_protected=is_protected)
        return channel.send(to, contact, letter(paper=paper)), addresses.asked

    return sent


def read(outside, message):
    """The words of the letter in the envelope."""
    return pdf_text(outside.browser.get(f"/inbox/files/{message['files'][0]['id']}").data)


def test_a_letter_lies_in_the_postbox_with_the_code_and_the_last_day(outside, post, home):
    assert post(home) == (True, [(5, 1)])

    (message,) = outside.inbox(channel="letter")
    assert (message["person_id"], message["message_id"]) == (outside.person("Fjellstrand").id, MESSAGE_ID)
    text = read(outside, message)
    assert "0123 4567 89AB CDEF GHJK MNPQ RSTV" in text
    assert "27. november 2026" in text
    assert message["title"] in text


@pytest.mark.parametrize(("language", "words"), [("nn", "eit skjema"), ("en", "a form to answer")])
def test_the_letter_is_in_the_language_of_the_person(outside, post, home, language, words):
    post(home, contact=Contact(language, None, None))

    assert words in read(outside, outside.inbox()[0])


def test_the_printer_is_not_told_the_number(outside, post, home):
    sent, line = [], outside.line
    forward = line.send
    line.send = lambda request, **more: sent.append(request.body) or forward(request, **more)
    post(home)

    assert home.name.encode() in sent[0]
    assert outside.person("Fjellstrand").number.encode() not in sent[0]


@pytest.mark.parametrize("address", [("Ola Nes", "", "0150", "Oslo"), ("Ola Nes", "Vei 1, H0201", "0010", "Oslo")])
def test_postcodes_that_begin_with_0_and_places_without_streets_are_written_to(outside, post, address):
    assert post(PostalAddress(*address))[0]

    assert f"{address[2]} {address[3]}" in outside.inbox()[0]["to"]


@pytest.mark.req("GEN-04")
@pytest.mark.parametrize("given", [{"is_protected": True}, {"paper": None}])
def test_for_whom_is_no_letter_no_address_is_asked_for(outside, post, home, given):
    assert post(home, **given) == (False, [])
    assert not outside.inbox()


def test_who_has_no_address_is_not_reached(outside, post):
    assert not post(None)[0]
    assert not outside.inbox()


@pytest.mark.req("EPR-14")
@pytest.mark.parametrize("fault", ["503", "lost_reply"])
def test_an_outage_leads_to_one_letter(outside, post, home, fault):
    outside.fail("digipost", fault)
    with pytest.raises(OutsideUnavailable):
        post(home)

    assert post(home)[0]
    assert len(outside.inbox()) == 1


def test_what_the_printer_refuses_is_for_a_person_to_look_at(post, home):
    with pytest.raises(LastingFault):
        post(home, returns_to=PostalAddress("Postmottak", "Vei 1", "150", "Oslo"))


def test_who_is_gone_since_a_moment_is_looked_at_anew(outside, post):
    with pytest.raises(OutsideUnavailable) as raised:
        post(RecipientGone())

    assert not isinstance(raised.value, LastingFault)
    assert not outside.inbox()
