"""E-mail and SMS with a link, to the addresses of the contact register."""

from __future__ import annotations

from services.eprom.gateways.mail import Mail
from services.eprom.gateways.sms import Sms
from services.eprom.usecases.ports import Contact, Letter, Recipient


class EmailSms:
    """Both where both are known; a repeat after an outage of one is dropped by the other, as the id is the same."""

    name = "email_sms"

    def __init__(self, mail: Mail, sms: Sms) -> None:
        self._mail, self._sms = mail, sms

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Send both; False when neither reaches the person. Raises OutsideUnavailable."""
        _ = recipient  # the number is not needed here and goes nowhere
        text = f"{letter.text}\n{letter.link}"
        by_sms = bool(contact.mobile) and self._sms.send(letter.message_id, contact.mobile or "", text)
        by_mail = bool(contact.email) and self._mail.send(letter.message_id, contact.email or "", letter.title, text)
        return by_sms or by_mail
