"""Digipost takes signed, sensitive post to people with a mailbox, each message once."""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

V8, TYPES = "http://api.digipost.no/schema/v8", "http://api.digipost.no/schema/datatypes"
PDF = b"%PDF-1.7\r\n\x00\xff\r\n"
DOCUMENT = str(uuid.UUID(int=7))
XML = "application/vnd.digipost-v8+xml"


def call(world, method, path, body=b"", content_type=XML, service="eprom", broker="4002", **changes):
    """Send a request signed as the client libraries do it."""
    date = format_datetime(world.clock.now(), usegmt=True)
    headers = {"Date": date, "X-Digipost-UserId": broker}
    lines = [method, path.split("?", maxsplit=1)[0].lower(), f"date: {date}"]
    if body:
        headers["X-Content-SHA256"] = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers["Content-Type"] = content_type
        lines.append(f"x-content-sha256: {headers['X-Content-SHA256']}")
    lines += [f"x-digipost-userid: {broker}", path.partition("?")[2].lower()]
    signature = world.key(service).private_key.sign(
        "".join(f"{line}\n" for line in lines).encode(), padding.PKCS1v15(), SHA256()
    )
    headers["X-Digipost-Signature"] = base64.b64encode(signature).decode()
    return world.http.open(path, method=method, data=body, headers=headers | changes)


def message(number, **changes):
    values = {"message_id": "m-1", "level": "IDPORTEN_4", "sensitivity": "SENSITIVE", "type": "pdf", "extra": ""}
    values |= {"uuid": DOCUMENT, "subject": "Nytt brev", "recipient": f"<personal-identification-number>{number}"}
    values |= {"link": "https://eprom.example/s/1", **changes}
    end = "</personal-identification-number>" if "personal" in values["recipient"] else ""
    return f"""<?xml version="1.0"?><message xmlns="{V8}"><message-id>{values["message_id"]}</message-id>
      <recipient>{values["recipient"]}{end}</recipient><primary-document><uuid>{values["uuid"]}</uuid>
      <subject>{values["subject"]}</subject><file-type>{values["type"]}</file-type>{values["extra"]}
      <authentication-level>{values["level"]}</authentication-level>
      <sensitivity-level>{values["sensitivity"]}</sensitivity-level><data-type><externalLink xmlns="{TYPES}">
      <url>{values["link"]}</url><button-text>Svar</button-text></externalLink></data-type>
      </primary-document></message>""".encode()


def multipart(text, content=PDF, name=DOCUMENT):
    parts = [(XML, "message", text), ("application/octet-stream", name, content)]
    body = b"".join(
        f'--limit\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename="{file}"\r\n\r\n'.encode()
        + octets
        + b"\r\n"
        for kind, file, octets in parts
    )
    return body + b"--limit--\r\n"


def send(world, text, content=PDF, name=DOCUMENT, **more):
    kind = 'multipart/vnd.digipost-v8+xml; boundary="limit"'
    return call(world, "POST", "/digipost/messages", multipart(text, content, name), kind, **more)


def read(answer):
    return ET.fromstring(answer.data)  # noqa: S314 - our own server's answer


def text_of(answer, name):
    return read(answer).findtext(f".//{{{V8}}}{name}")


def test_the_entry_point_tells_where_to_go_and_answers_are_signed(world):
    answer = call(world, "GET", "/digipost/")
    links = {link.get("rel"): link.get("uri") for link in read(answer).findall(f"{{{V8}}}link")}
    assert links["https://api.digipost.no/relations/create_message"] == "http://localhost/digipost/messages"
    key = load_pem_x509_certificate(text_of(answer, "certificate").encode()).public_key()
    signed = [("date", "Date"), ("x-content-sha256", "X-Content-SHA256"), ("x-digipost-userid", "X-Digipost-UserId")]
    lines = ["200", "/digipost/", *(f"{low}: {answer.headers[name]}" for low, name in signed)]
    signature = base64.b64decode(answer.headers["X-Digipost-Signature"])
    key.verify(signature, "".join(f"{line}\n" for line in lines).encode(), padding.PKCS1v15(), SHA256())


@pytest.mark.parametrize(
    ("name", "result"), [("Steinvik", "DIGIPOST"), ("Granlid", "IDENTIFIED"), (None, "UNIDENTIFIED"), ("", "INVALID")]
)
def test_people_are_identified(world, name, result):
    number = world.person(name).number if name else {None: "30908299902", "": "12345678901"}[name]
    inner = f"<personal-identification-number>{number}</personal-identification-number>"
    body = f'<identification xmlns="{V8}">{inner}</identification>'.encode()
    assert text_of(call(world, "POST", "/digipost/identification", body), "result") == result


def test_a_letter_lies_in_the_mailbox_and_its_status_can_be_asked(world):
    person = world.person("Steinvik")
    answer = send(world, message(person.number))

    assert answer.status_code == 200, answer.text
    assert (text_of(answer, "status"), text_of(answer, "delivery-method")) == ("DELIVERED", "DIGIPOST")
    (inbox,) = world.inbox(to=person.number)
    assert (inbox["channel"], inbox["title"], inbox["links"]) == (
        "digipost",
        "Nytt brev",
        ["https://eprom.example/s/1"],
    )
    status = read(call(world, "GET", f"/digipost/documents/{DOCUMENT}/status"))
    assert status.get("status") == "DELIVERED"
    other = call(world, "GET", f"/digipost/documents/{DOCUMENT}/status", service="release", broker="4004")
    assert other.status_code == 404


def test_the_same_message_again_is_delivered_once(world):
    person = world.person("Steinvik")
    first = send(world, message(person.number))
    world.clock.move(timedelta(minutes=3))
    again = send(world, message(person.number))
    assert (first.data, len(world.inbox())) == (again.data, 1)
    assert send(world, message(person.number, subject="Annet")).status_code == 409


@pytest.mark.parametrize("name", ["Granlid", "Myrtveit", "Fjellstrand", "Havnås"])
def test_people_without_a_mailbox_are_unknown_so_that_the_next_channel_is_tried(world, name):
    answer = send(world, message(world.person(name).number))
    assert (answer.status_code, text_of(answer, "error-code")) == (404, "UNKNOWN_RECIPIENT")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"sensitivity": "NORMAL"}, 403, "SENSITIVITY_LEVEL"),
        ({"sensitivity": ""}, 400, "INVALID_XML"),
        ({"level": "PASSWORD"}, 403, "AUTHENTICATION_LEVEL"),
        ({"level": "IDPORTEN_3"}, 403, "AUTHENTICATION_LEVEL"),
        ({"message_id": ""}, 400, "INVALID_XML"),
        ({"subject": "x" * 256}, 400, "INVALID_XML"),
        ({"subject": "Gjelder 17855749815"}, 400, "NATIONAL_NUMBER"),
        ({"type": "docx"}, 400, "INVALID_XML"),
        ({"type": "html"}, 400, "FILE_TYPE"),
        ({"uuid": "7"}, 400, "INVALID_XML"),
        ({"recipient": "<digipost-address>ola#1</digipost-address>"}, 400, "INVALID_XML"),
        ({"recipient": "<personal-identification-number>1"}, 400, "INVALID_PERSONAL_IDENTIFICATION_NUMBER"),
        ({"link": "javascript:alert(1)"}, 400, "DATA_TYPE"),
        ({"extra": "<color>RED</color>"}, 400, "INVALID_XML"),
        ({"extra": "<encrypted/>"}, 400, "INVALID_XML"),
        (
            {"extra": "<sms-notification><overrides><text>Fra Smertereg</text></overrides></sms-notification>"},
            403,
            "NOTIFICATION_TEXT",
        ),
    ],
)
def test_messages_that_do_not_fit_are_refused(world, changes, status, code):
    answer = send(world, message(world.person("Steinvik").number, **changes))
    assert (answer.status_code, text_of(answer, "error-code")) == (status, code)
    assert not world.inbox()


def test_documents_and_parts_must_match(world):
    text = message(world.person("Steinvik").number)
    assert text_of(send(world, text, b"no pdf"), "error-code") == "FILE_TYPE"
    assert text_of(send(world, text, name="other"), "error-code") == "CONTENT_MISSING"
    assert text_of(send(world, b"<!DOCTYPE a []>" + text), "error-code") == "INVALID_XML"
    assert text_of(send(world, text.replace(V8.encode(), b"v7")), "error-code") == "INVALID_XML"
    assert text_of(send(world, text[:-9]), "error-code") == "INVALID_XML"
    assert call(world, "POST", "/digipost/messages", text).status_code == 415


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"broker": "9"}, "UNKNOWN_BROKER"),
        ({"service": "release"}, "SIGNATURE"),
        ({"X-Digipost-Signature": "AAAA"}, "SIGNATURE"),
        ({"X-Digipost-Signature": "not base64"}, "SIGNATURE"),
        ({"X-Content-SHA256": "AAAA"}, "CONTENT_HASH"),
        ({"X-Content-SHA256": ""}, "CONTENT_HASH"),
        ({"Date": "Sat, 21 Nov 2026 11:50:00 GMT"}, "DATE"),
        ({"Date": "today"}, "DATE"),
        ({"Date": "Sat, 21 Nov 2026 12:01:00 GMT"}, "SIGNATURE"),
    ],
)
def test_requests_that_are_not_rightly_signed_are_refused(world, more, code):
    answer = send(world, message(world.person("Steinvik").number), **more)
    assert (answer.status_code, text_of(answer, "error-code")) == (401, code)


def test_a_signature_is_for_one_path(world):
    body = message(world.person("Steinvik").number)
    signed = call(world, "POST", "/digipost/identification", body).request.headers
    headers = {name: signed[name] for name in ("Date", "X-Digipost-UserId", "X-Content-SHA256", "X-Digipost-Signature")}
    answer = world.http.post("/digipost/messages", data=body, headers=headers, content_type=XML)
    assert text_of(answer, "error-code") == "SIGNATURE"
