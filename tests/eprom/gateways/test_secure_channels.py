"""Helsenorge and Digipost, each against the stand-in that checks what it gets."""

from __future__ import annotations

import pytest

from services.eprom.domain.reach import ReachCode
from services.eprom.gateways.outside import refusal
from services.eprom.usecases.ports import Contact, LastingFault, OutsideUnavailable
from tests.eprom.gateways.outside import LINK, MESSAGE_ID, NO_CONTACT, letter

CHANNELS = ("helsenorge", "digipost")
ON = {"helsenorge": "Granlid", "digipost": "Steinvik"}
NOT_ON = {"helsenorge": ("Steinvik", "Fjellstrand"), "digipost": ("Granlid", "Myrtveit")}


def send(outside, channel, name, given=None, contact=NO_CONTACT):
    return getattr(outside, channel)().send(outside.recipient(name), contact, given or letter())


@pytest.mark.req("EPR-04", "EPR-15")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_letter_lies_in_the_inbox_with_its_link(outside, channel):
    assert send(outside, channel, ON[channel])

    (message,) = outside.inbox(to=outside.person(ON[channel]).number)
    assert (message["channel"], message["title"], message["links"]) == (channel, letter().title, [LINK])
    assert message["message_id"] == MESSAGE_ID


@pytest.mark.req("EPR-04")
@pytest.mark.parametrize("channel", CHANNELS)
def test_what_alerts_show_names_no_sender(outside, channel):
    send(outside, channel, ON[channel])

    assert "Bergen" not in outside.inbox()[0]["alert"]


@pytest.mark.req("EPR-14")
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("changes", [{}, {"text": "Samme brev med andre ord."}])
def test_a_letter_sent_again_lies_there_once(outside, channel, changes):
    assert send(outside, channel, ON[channel])
    assert send(outside, channel, ON[channel], letter(**changes))

    assert len(outside.inbox()) == 1


@pytest.mark.req("EPR-04")
@pytest.mark.parametrize(("channel", "name"), [(channel, name) for channel in CHANNELS for name in NOT_ON[channel]])
def test_who_is_not_reached_this_way_is_left_to_the_next(outside, channel, name):
    assert not send(outside, channel, name)
    assert not outside.inbox()


@pytest.mark.req("EPR-04")
def test_a_person_with_a_d_number_is_named_as_such(outside):
    assert not send(outside, "helsenorge", "Lundqvåg")  # understood, and not active there


@pytest.mark.req("EPR-04")
def test_digital_post_is_not_sent_to_who_is_reserved_against_it(outside):
    assert not send(outside, "digipost", "Steinvik", contact=Contact("nb", None, None, is_reserved=True))


@pytest.mark.req("EPR-14", "EPR-15")
@pytest.mark.parametrize("fault", ["500", "503", "429", "lost_reply"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_an_outage_is_no_reason_to_take_another_way(outside, channel, fault):
    outside.fail(channel, fault)
    with pytest.raises(OutsideUnavailable):
        send(outside, channel, ON[channel])

    assert send(outside, channel, ON[channel])
    assert len(outside.inbox()) == 1


@pytest.mark.req("EPR-15")
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_answer_is_an_outage(outside, channel):
    outside.line.is_down = True
    with pytest.raises(OutsideUnavailable):
        send(outside, channel, ON[channel])


# Each would be refused again tomorrow, whatever is well then.
MALFORMED = [
    ("helsenorge", "2190", {"title": "Om smerte"}),
    ("helsenorge", "2174", {"link": "http://skjema.example.no/s/abc"}),
    ("helsenorge", "2100", {"text": "x" * 2001}),
    ("helsenorge", "2100", {"title": " "}),
    ("digipost", "INVALID_XML", {"title": "x" * 256}),
    ("digipost", "NATIONAL_NUMBER", {"title": "Til 17855749815"}),
    ("digipost", "DATA_TYPE", {"link": "no address"}),
]


@pytest.mark.req("EPR-04", "EPR-15")
@pytest.mark.parametrize(("channel", "reason", "changes"), MALFORMED)
def test_a_letter_that_is_refused_is_for_a_person_to_look_at(outside, channel, reason, changes):
    with pytest.raises(LastingFault) as fault:
        send(outside, channel, ON[channel], letter(**changes))

    assert fault.value.code is ReachCode.CHANNEL_REFUSED
    assert outside.asked(channel)[-1]["reason"].startswith(f"{reason}: ")
    assert outside.inbox() == []


@pytest.mark.req("EPR-15")
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("status", "is_for_good"),
    [(400, True), (404, True), (413, True), (422, True)]
    + [(status, False) for status in (302, 401, 403, 408, 425, 429, 500, 503)],
)
def test_what_may_mend_is_tried_again(channel, status, is_for_good):
    assert isinstance(refusal(channel, status), LastingFault) is is_for_good


@pytest.mark.req("EPR-15")
def test_a_signature_that_is_not_ours_may_be_mended(outside):
    with pytest.raises(OutsideUnavailable, match="401"):
        outside.digipost(sender_id="4003").send(outside.recipient("Steinvik"), NO_CONTACT, letter())


@pytest.mark.req("EPR-15")
def test_digipost_gets_a_document_that_is_safe_to_show(outside):
    send(outside, "digipost", "Steinvik")

    (file,) = outside.inbox()[0]["files"]
    shown = outside.browser.get(f"/inbox/files/{file['id']}").text
    assert "<p>Svar på &lt;dette&gt;.</p>" in shown
    assert LINK in shown
