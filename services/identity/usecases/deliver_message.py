"""Send a message that a transaction left behind."""

from __future__ import annotations

from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.usecases.ports import MailGateway, SmsGateway
from shared.outbox.unit_of_work import UnitOfWork


def deliver_message(
    message_id: str, *, seals: Seals, sms: SmsGateway, mail: MailGateway, uow: UnitOfWork[Store]
) -> None:
    """Send the message and forget it. Safe to run again: the gateway takes each id once, a sent row is gone."""
    with uow() as store:
        row = store.messages.find(message_id)
        if row is None:
            return
        is_useless = store.now >= row.useless_after
        kind, content = row.kind, seals.open_message(row.content, message_id=message_id)
    if is_useless:
        pass  # a code that is over would only confuse
    elif kind == "sms":
        sms.send(message_id, content["to"], content["text"])
    else:
        mail.send(message_id, content["to"], content["subject"], content["text"])
    with uow() as store:
        store.messages.remove(message_id)
