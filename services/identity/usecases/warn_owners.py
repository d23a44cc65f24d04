"""Tell whoever owns a mobile number or an address that somebody applied with it."""

from __future__ import annotations

from services.identity.domain.application import Conflict
from services.identity.domain.errors import NotFound
from services.identity.store.store import Store
from services.identity.usecases.messages import Messages
from shared.outbox.unit_of_work import UnitOfWork


def warn_owners(application_id: str, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Write to the owners by e-mail; a user name alone may be a chance hit and warns nobody."""
    with uow() as store:
        try:
            row = store.applications.get(application_id)
        except NotFound:
            return
        if row.details is None:
            return
        details = messages.seals.open_details(row.details, application_id=application_id)
        owners = store.users.owners(messages.seals.fingerprints(details))
        for user_id in {owner for conflict, owner in owners.items() if conflict is not Conflict.USER_NAME}:
            user = store.users.get(user_id)
            messages.send_mail(store, messages.seals.details_of(user), "message.applied_again", language=user.language)
