"""E-mail through an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from services.eprom.usecases.ports import OutsideUnavailable
from shared.scheduling.clock import Clock

TIMEOUT_SECONDS = 10.0
_REFUSED_FOR_GOOD = frozenset({550, 551, 553})


class Mail:
    """One connection a mail; there are few. `starttls` for every server that is not on this machine."""

    def __init__(self, host: str, port: int, *, sender: str, starttls: bool, clock: Clock) -> None:
        self._host, self._port = host, port
        self._sender, self._starttls, self._clock = sender, starttls, clock

    def send(self, message_id: str, address: str, subject: str, text: str) -> bool:
        """Hand the mail over; False for an address that does not exist. Raises OutsideUnavailable."""
        mail = self._mail(message_id, address, subject, text)
        try:
            with smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS) as server:
                if self._starttls:
                    server.starttls(context=ssl.create_default_context())
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code in _REFUSED_FOR_GOOD for code, _ in error.recipients.values()):
                return False
            raise OutsideUnavailable("mail: recipient") from None
        except (OSError, smtplib.SMTPException) as error:
            raise OutsideUnavailable(f"mail: {type(error).__name__}") from None
        return True

    def _mail(self, message_id: str, address: str, subject: str, text: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, address, subject
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = f"<{message_id}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        return mail
