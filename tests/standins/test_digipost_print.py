"""Digipost prints and posts what has a name and an address, and refuses what a printer or an envelope cannot take."""

from __future__ import annotations

from datetime import date

import pytest

from shared.ui.letters.make_letter import make_letter, make_printed_letter
from tests.standins.test_digipost import V8, call, message, read, send, text_of

VALUES = {"sender": "Eksempel HF", "day": date(2026, 11, 21), "last_day": date(2026, 12, 30)}
VALUES |= {"address": "https://eprom.example", "code": "0123 4567", "link": "https://eprom.example/s/01234567"}
STREET, PLACE = "<addressline1>Fjellveien 3</addressline1>", "<zip-code>0150</zip-code><city>Oslo</city>"
HOME = f"<norwegian-address>{STREET}{PLACE}</norwegian-address>"


@pytest.fixture(scope="module")
def pdf():
    return make_printed_letter("form_to_answer", VALUES, "nb")


def details(**changes):
    values = {"name": "Inger Fjellstrand", "home": HOME, "sender": "Postmottak", "back": HOME, "color": "MONOCHROME"}
    values |= {"handling": "RETURN_TO_SENDER", "more": "", **changes}
    return f"""<print-details><recipient><name>{values["name"]}</name>{values["home"]}</recipient>
      <return-address><name>{values["sender"]}</name>{values["back"]}</return-address><color>{values["color"]}</color>
      <nondeliverable-handling>{values["handling"]}</nondeliverable-handling>{values["more"]}</print-details>"""


def to_print(message_id="m-1", **changes):
    return message("", recipient=details(**changes), message_id=message_id)


def test_a_letter_is_printed_once_and_lies_with_its_document_where_it_was_addressed(world, pdf):
    person = world.person("Fjellstrand")
    *_, postcode, city = person.place
    place = f"<zip-code>{postcode}</zip-code><city>{city.upper()}</city>"
    street = f"<addressline1>{person.street} {person.house}</addressline1>"
    text = to_print(home=f"<norwegian-address>{street}{place}</norwegian-address>")
    answers = [send(world, text, pdf) for _ in range(2)]

    assert {(one.status_code, text_of(one, "status"), text_of(one, "delivery-method")) for one in answers} == {
        (200, "DELIVERED_TO_PRINT", "PRINT")
    }
    (inbox,) = world.inbox(channel="letter")
    assert (inbox["person_id"], inbox["to"]) == (
        person.id,
        f"{person.name}, {person.street} {person.house}, {postcode} {city.upper()}",
    )
    assert world.http.get(f"/inbox/files/{inbox['files'][0]['id']}").data == pdf
    status = read(call(world, "GET", f"/digipost/documents/{read(answers[0]).findtext(f'.//{{{V8}}}uuid')}/status"))
    assert status.get("channel") == "PRINT"


@pytest.mark.parametrize(
    "home", [HOME.replace(STREET, ""), HOME.replace(STREET, STREET + "<addressline2>B</addressline2>")]
)
def test_post_reaches_places_without_street_and_flats(world, pdf, home):
    assert send(world, to_print(home=home), pdf).status_code == 200


def test_who_has_a_mailbox_gets_it_there_and_everybody_else_on_paper(world, pdf):
    for name in ("Steinvik", "Granlid"):
        number = f"<personal-identification-number>{world.person(name).number}</personal-identification-number>"
        text = to_print(message_id=f"m-{name}").replace(b"<recipient>", f"<recipient>{number}".encode(), 1)
        assert send(world, text, pdf).status_code == 200

    assert [message["channel"] for message in world.inbox()] == ["letter", "digipost"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 131},
        {"home": ""},
        {"home": HOME + HOME},
        {"home": HOME.replace(PLACE, "<city>Oslo</city>")},
        {"home": HOME.replace(PLACE, "<city>Oslo</city><zip-code>0150</zip-code>")},
        {"home": HOME.replace("0150", "150")},
        {"home": HOME.replace("Fjellveien 3", "x" * 101)},
        {"back": ""},
        {"back": HOME.replace("norwegian", "foreign")},
        {"color": "RED"},
        {"handling": "KEEP"},
        {"more": "<post-type>A</post-type>"},
    ],
)
def test_print_details_that_the_schema_does_not_have_are_refused(world, pdf, changes):
    answer = send(world, to_print(**changes), pdf)

    assert (answer.status_code, text_of(answer, "error-code")) == (400, "PRINT_DETAILS")
    assert not world.inbox()


@pytest.mark.parametrize(
    "changes", [{"sender": "Smerteregisteret"}, {"sender": "Haukeland"}, {"name": "Ola 17855749815"}]
)
def test_an_envelope_that_tells_of_health_or_a_number_is_refused(world, pdf, changes):
    assert text_of(send(world, to_print(**changes), pdf), "error-code") == "PRINT_TEXT"


def test_what_a_printer_cannot_print_is_refused(world, pdf):
    new_version = make_letter("form_to_answer", VALUES, "nb")
    locked = pdf.replace(b"trailer", b"/Encrypt 1 0 R trailer") + b"/Encrypt"
    for content in (new_version, locked, b"%PDF-1.4\nnothing", pdf.replace(b"841.8898", b"792.0000")):
        assert text_of(send(world, to_print(), content), "error-code") == "PRINT_PDF"
