"""What goes out in the open: each message once, no national number, no word about health to a patient."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from deploy.standins.faults import Fault, FaultKind, order
from deploy.standins.smtp import mail_server
from deploy.standins.wording import health_word_in, national_number_in

TEXT = "Du har fått en melding. Logg inn på https://eprom.example/smerte/1 for å lese den."


def send(world, service="eprom", **changes):
    body = {"id": "m-1", "to": world.person("Granlid").mobile, "text": TEXT, **changes}
    return world.http.post("/sms/messages", json=body, auth=world.basic(service))


def test_a_text_message_reaches_the_inbox_with_its_link(world):
    assert send(world).status_code == 202
    (message,) = world.inbox(to=world.person("Granlid").mobile)
    assert (message["channel"], message["text"], message["client"]) == ("sms", TEXT, "eprom")
    assert message["links"] == ["https://eprom.example/smerte/1"]
    assert world.http.get("/sms/messages/m-1", auth=world.basic("eprom")).json["status"] == "delivered"
    assert world.http.get("/sms/messages/m-2", auth=world.basic("eprom")).status_code == 404


def test_the_same_id_sends_once_and_never_something_else(world):
    answers = [send(world), send(world), send(world, text="Noe annet")]
    assert [answer.status_code for answer in answers] == [202, 200, 409]
    assert len(world.inbox(channel="sms")) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "90000001"}, "invalid_number"),
        ({"to": "+4721000001"}, "invalid_number"),
        ({"to": "+46701234567"}, "invalid_number"),
        ({"text": "x" * 460}, "text_too_long"),
        ({"text": "Gjelder 17855749815"}, "national_number_in_text"),
        ({"text": "Gjelder 178557 49815."}, "national_number_in_text"),
        ({"text": "Se https://a.example/17855749815"}, "national_number_in_text"),
        ({"text": "Hilsen Smerteregisteret"}, "health_word_in_text"),
        ({"text": "Spørsmål om HADS"}, "health_word_in_text"),
        ({"text": "Fra Anestesiavdelingen, avdeling 3"}, "health_word_in_text"),
        ({"text": " "}, "bad_request"),
        ({"id": ""}, "bad_request"),
        ({"sender": "LangAvsender"}, "bad_request"),
        ({"fnr": "1"}, "bad_request"),
    ],
)
def test_texts_that_must_not_be_sent_are_refused(world, changes, code):
    answer = send(world, **changes)
    assert (answer.status_code, answer.json["code"]) == (400, code)
    assert not world.inbox()


def test_applicants_and_strangers_may_read_the_registrys_name(world):
    text = "SmerteReg: søknaden din er behandlet."
    assert send(world, "release", to=world.person("Forskerud").mobile, text=text).status_code == 202
    assert send(world, "identity", id="m-2", to="+4748000000", text=text).status_code == 202


def test_sms_wants_name_and_secret(world):
    body = {"id": "1", "to": "+4799000001", "text": "Hei"}
    for auth in (None, ("eprom", "wrong"), ("stranger", "x"), ("", "")):
        answer = world.http.post("/sms/messages", json=body, auth=auth)
        assert answer.status_code == 401
        assert "Basic" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Du har en ny melding", None),
        ("Svar innen onsdag. Hilsen Nasjonal pasientrapportering", None),
        ("Smerten", "Smerten"),
        ("norpain", "norpain"),
        ("Depresjonsskjema", "Depresjonsskjema"),
    ],
)
def test_words_about_health_are_found_as_words(text, word):
    assert health_word_in(text) == word


def test_other_eleven_digits_are_no_national_number():
    assert not national_number_in("Bankkonto 12345678901 og +4799000001")
    assert national_number_in("fnr 17855749815")


@contextmanager
def mail(world) -> Iterator[smtplib.SMTP]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = mail_server(world.parts, port=port)
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", port) as connection:
            yield connection
    finally:
        server.stop()


def letter(to, text=TEXT, **headers):
    message = EmailMessage()
    fields = {"From": "noreply@register.example", "To": to, "Subject": "Du har fått en melding æøå"}
    fields |= {"Date": "Sat, 21 Nov 2026 12:00:00 +0000", "Message-ID": "<m-1@register.example>", **headers}
    for name, value in fields.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def test_a_mail_reaches_the_inbox_once(world):
    to = world.person("Granlid").email
    with mail(world) as connection:
        connection.send_message(letter(to))
        connection.send_message(letter(to))
    (message,) = world.inbox(to=to)
    assert (message["channel"], message["title"], message["message_id"]) == (
        "email",
        "Du har fått en melding æøå",
        "m-1",
    )
    assert message["links"] == ["https://eprom.example/smerte/1"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "Gjelder 17855749815"}, "national number"),
        ({"Subject": "Fra Smerteregisteret"}, "health"),
        ({"text": "Vi spør om smerter"}, "health"),
        ({"Message-ID": ""}, "Message-ID"),
        ({"Date": ""}, "Date"),
    ],
)
def test_mails_that_must_not_be_sent_are_refused(world, changes, reason):
    with mail(world) as connection, pytest.raises(smtplib.SMTPDataError, match=reason) as refused:
        connection.send_message(letter(world.person("Granlid").email, **changes))
    assert refused.value.smtp_code == 554
    assert not world.inbox()


def test_a_mail_has_one_receiver_and_text(world):
    picture = EmailMessage()
    for name, value in letter("a@b.example").items():
        if name not in ("Content-Type", "Content-Transfer-Encoding", "MIME-Version"):
            picture[name] = value
    picture.set_content("<p>Hei</p>", subtype="html")
    with mail(world) as connection:
        for message, to in ((letter("a@b.example"), ["a@b.example", "c@d.example"]), (picture, ["a@b.example"])):
            with pytest.raises(smtplib.SMTPDataError):
                connection.send_message(message, to_addrs=to)


def test_mail_can_fail_on_demand(world):
    order(world.parts.store, Fault("smtp", FaultKind.UNAVAILABLE, 1, 0))
    with mail(world) as connection:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            connection.send_message(letter("a@b.example"))
        assert refused.value.smtp_code == 451
        connection.send_message(letter("a@b.example"))
    assert len(world.inbox(channel="email")) == 1
    assert [line["status"] for line in world.requests("smtp")] == [250, 451]
