"""Messages to users: sealed in the transaction that causes them, sent by a job after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.identity.domain.application import Details
from services.identity.store.applications import new_id
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.usecases.ports import Wording

SEND_JOB = "send_message"
# After this a message about access is old news; a code is useless much earlier.
NEWS_LIVES = timedelta(days=3)


@dataclass(frozen=True)
class Messages:
    """Writes messages; `address` is where users log in, as told in the texts."""

    seals: Seals
    words: Wording
    address: str

    def send_sms(
        self,
        store: Store,
        to: Details,
        key: str,
        *,
        language: str,
        useful_for: timedelta = NEWS_LIVES,
        **values: object,
    ) -> None:
        """Have a text message sent after the commit."""
        text = self.words.text(key, language, address=self.address, **values)
        self._keep(store, "sms", {"to": to.mobile, "text": text}, useful_for)

    def send_mail(
        self,
        store: Store,
        to: Details,
        key: str,
        *,
        language: str,
        useful_for: timedelta = NEWS_LIVES,
        **values: object,
    ) -> None:
        """Have an e-mail sent after the commit; the key has a `subject` and a `text`."""
        subject = self.words.text(f"{key}.subject", language)
        text = self.words.text(f"{key}.text", language, address=self.address, **values)
        self._keep(store, "email", {"to": to.email, "subject": subject, "text": text}, useful_for)

    def _keep(self, store: Store, kind: str, content: dict[str, str], useful_for: timedelta) -> None:
        message_id = new_id()
        sealed = self.seals.seal_message(content, message_id=message_id)
        store.messages.add(message_id, kind, sealed, useless_after=store.now + useful_for)
        # Only the id: what lies in the job table must tell nobody a number or a code.
        store.enqueue(SEND_JOB, key=f"message:{message_id}", message_id=message_id)
