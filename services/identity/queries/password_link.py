"""What a link to a new password leads to. Looking uses nothing up."""

from __future__ import annotations

from services.identity.domain.codes import Purpose, check_open
from services.identity.domain.contact import shortened_mobile
from services.identity.domain.errors import RuleBroken
from services.identity.domain.tokens import token_hash
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.log_ins import attempt_of
from services.identity.store.seals import Seals
from services.identity.store.tables import UserRow
from shared.db.database import Database
from shared.scheduling.clock import Clock


def link_receiver(link: str, *, seals: Seals, database: Database, clock: Clock) -> str | None:
    """The shortened mobile number a code would go to; None for a link that is over, used or was never made."""
    with database.reading() as session:
        row = session.get(AttemptRow, token_hash(link))
        if row is None or row.purpose != Purpose.LINK:
            return None
        try:
            check_open(attempt_of(row), clock.now())
        except RuleBroken:
            return None
        user = session.get_one(UserRow, row.user_id)
        return shortened_mobile(seals.details_of(user).mobile) if user.password_hash == row.password_hash else None
