"""A mail relay: takes each Message-ID once and refuses what must not be sent in the open."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Any

from aiosmtpd.controller import Controller

from deploy.standins import faults
from deploy.standins.messages import Channel, Message, Repeat, keep_file, note
from deploy.standins.national_worker import NationalWorker
from deploy.standins.parts import Parts, build
from deploy.standins.persons import Part, StandinPerson
from deploy.standins.request_log import write_line
from deploy.standins.settings import StandinSettings
from deploy.standins.wording import health_word_in, links_in, national_number_in

KIND = "email"
_NEEDED = ("From", "To", "Subject", "Date", "Message-ID")
_TAKEN = "250 2.0.0 taken"
_MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class _Mail:
    recipient: str
    subject: str
    text: str
    message_id: str
    sender: str
    attachments: tuple[tuple[str, bytes], ...]


class MailHandler:
    """What the mail server does with a mail."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take or refuse a mail; the answer is an SMTP reply."""
        fault = faults.use_up(self._parts.store, "smtp")
        if fault is not None and fault.kind is not faults.FaultKind.LATENCY:
            return self._noted("451 4.3.0 fault on demand", "fault")
        if fault is not None:
            await asyncio.sleep(fault.seconds)
        reply = self._take(envelope.rcpt_tos, envelope.content)
        return self._noted(reply, reply if reply != _TAKEN else None)

    def _noted(self, reply: str, reason: str | None) -> str:
        line = ("smtp", "DATA", "/", int(reply[:3]), None, reason)
        write_line(self._parts.store, self._parts.clock.now().isoformat(), line)
        return reply

    def _take(self, recipients: list[str], content: bytes) -> str:
        read = _read(recipients, content)
        if isinstance(read, str):
            return f"554 5.6.0 {read}"
        person = self._parts.people.by_email(read.recipient)
        shown = f"{read.subject}\n{read.text}"
        if national_number_in(shown):
            return "554 5.7.1 the mail holds a national number"
        word = health_word_in(shown) if person and person.part is Part.PATIENT else None
        if word:
            return f"554 5.7.1 the mail tells of health, department or registry: {word}".encode(
                "ascii", "replace"
            ).decode()
        with self._parts.store.transaction() as transaction:
            if note(transaction, KIND, read.message_id, read.recipient, {}) is Repeat.NEW:
                files = [keep_file(transaction, name, octets) for name, octets in read.attachments]
                self._parts.inbox.put(transaction, _message(read, person, files))
        return _TAKEN


def mail_server(parts: Parts, *, host: str = "127.0.0.1", port: int | None = None) -> Controller:
    """Return the server, ready to be started; it runs in a thread of its own."""
    return Controller(
        MailHandler(parts),
        hostname=host,
        port=parts.settings.smtp_port if port is None else port,
        data_size_limit=_MOST_BYTES,
        decode_data=False,
    )


def _message(read: _Mail, person: StandinPerson | None, files: list[dict[str, str]]) -> Message:
    return Message(
        channel=Channel.EMAIL,
        recipient=read.recipient,
        message_id=read.message_id,
        title=read.subject,
        text=read.text,
        links=links_in(read.text),
        person_id=person.id if person else None,
        more={"sender": read.sender, "files": files},
    )


def _read(recipients: list[str], content: bytes) -> _Mail | str:
    """The mail, or what is wrong with it."""
    head = content.split(b"\r\n\r\n", 1)[0]
    if any(octet > 127 for octet in head):  # noqa: PLR2004 - the last ASCII octet
        return "the headers hold octets outside ASCII"
    parsed = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)
    missing = [name for name in _NEEDED if not str(parsed.get(name, "")).strip()]
    if missing:
        return f"headers are missing: {', '.join(missing)}"
    named = [address.lower() for _, address in getaddresses([str(parsed["To"])])]
    if len(recipients) != 1 or named != [recipients[0].lower()]:
        return "one receiver is wanted, the same in RCPT TO and To"
    body = parsed.get_body(("plain",))
    if body is None:
        return "a text/plain part is missing"
    return _Mail(
        recipient=named[0],
        subject=str(parsed["Subject"]),
        text=str(body.get_content()),
        message_id=str(parsed["Message-ID"]).strip("<> ").split("@", 1)[0],
        sender=str(parsed["From"]),
        attachments=tuple(_attachment(part) for part in parsed.iter_attachments()),
    )


def _attachment(part: Any) -> tuple[str, bytes]:
    content = part.get_payload(decode=True)
    return part.get_filename() or "vedlegg", content if isinstance(content, bytes) else b""


def main() -> None:
    """Run the mail server, and beside it what the national ePROM does by itself, until a signal asks to stop."""
    made = build(StandinSettings.from_env(os.environ))
    server = mail_server(made, host=os.environ.get("SMTP_HOST", "127.0.0.1"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    national = NationalWorker(made)
    national.start()
    stop.wait()
    national.stop()
    server.stop()


if __name__ == "__main__":
    main()
