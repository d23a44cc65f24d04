"""Letters to Digipost, against the stand-in that checks signature, schema and document."""

from __future__ import annotations

from datetime import date

import pytest

from services.reservation.gateways.digipost import Digipost
from services.reservation.usecases.ports import Letter, LetterRefused, OutsideUnavailable
from shared.auth.credentials import client_key
from shared.ui.letters.make_letter import make_letter
from tests.outside import STANDINS
from tests.reservation.site import OLA, SIGRID

MESSAGE_ID = "6a1f0a52-6f3b-4df4-9a58-9f2f6f8f5a10"
VALUES = {
    "sender": "Registeret",
    "registry": "SmerteReg",
    "day": date(2026, 11, 21),
    "reference": "1a2b",
    "received_on": date(2026, 11, 21),
}


@pytest.fixture
def mailbox(site):
    key = client_key(site.settings.keys_dir, "reservation")
    return Digipost(f"{STANDINS}/digipost", sender_id="4003", private_key=key, http=site.http, clock=site.clock)


@pytest.fixture
def letter():
    content = make_letter("reservation_withdrawn", VALUES, "nb")
    return Letter(message_id=MESSAGE_ID, title="Brev fra registeret", content=content)


def inbox(site):
    return site.standins.test_client().get("/inbox.json").json["messages"]


def fail(site, kind):
    site.standins.test_client().post("/faults", json={"standin": "digipost", "kind": kind, "times": 1})


@pytest.mark.req("RES-03")
def test_a_letter_lies_in_the_mailbox(site, mailbox, letter):
    assert mailbox.send(OLA, letter)

    (found,) = inbox(site)
    assert (found["channel"], found["to"], found["title"]) == ("digipost", OLA, "Brev fra registeret")


@pytest.mark.req("RES-03")
def test_somebody_without_a_mailbox_is_told_apart(site, mailbox, letter):
    assert not mailbox.send(SIGRID, letter)
    assert inbox(site) == []


def test_a_letter_sent_twice_lies_there_once(site, mailbox, letter):
    assert mailbox.send(OLA, letter)
    assert mailbox.send(OLA, letter)
    assert len(inbox(site)) == 1


@pytest.mark.parametrize("kind", ["503", "500", "429", "timeout", "lost_reply"])
def test_a_fault_is_tried_again_later(site, mailbox, letter, kind):
    fail(site, kind)

    with pytest.raises(OutsideUnavailable):
        mailbox.send(OLA, letter)
    assert mailbox.send(OLA, letter)
    assert len(inbox(site)) == 1


def test_what_another_try_cannot_help_is_told_apart(site, letter):
    with pytest.raises(LetterRefused, match="digipost 40"):
        site.stranger().send(OLA, letter)


def test_nothing_of_a_letter_ends_in_a_log(letter):
    assert "%PDF" not in repr(letter)
