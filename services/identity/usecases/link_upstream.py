"""Link the own account with an account at an upstream provider, or undo it; both right after a second factor only."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.domain.upstream import Proven
from services.identity.store.store import Store
from services.identity.usecases.factor_changes import fresh_owner, note_change
from services.identity.usecases.messages import Messages
from shared.outbox.unit_of_work import UnitOfWork


def link_upstream(sid: str, proven: Proven | None, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Link what was proven a moment ago; raises RuleBroken if that is over or is somebody else's."""
    with uow() as store:
        user = fresh_owner(store, sid)
        if proven is None or not proven.is_good(store.now):
            raise RuleBroken("upstream_over")
        if not store.links.link(proven.subject_hash, user.user_id):
            raise RuleBroken("upstream_taken")
        note_change(store, user, "upstream_added", messages)


def unlink_upstream(sid: str, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Forget the link of the own account; without one nothing happens."""
    with uow() as store:
        user = fresh_owner(store, sid)
        if store.links.remove(user.user_id):
            note_change(store, user, "upstream_removed", messages)
