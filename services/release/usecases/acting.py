"""Who acts, as the log and the timeline want to know it."""

from __future__ import annotations

from services.release.domain.application import Reviewer
from services.release.domain.errors import NotFound
from services.release.store.store import Store
from shared.audit.log import Access
from shared.auth.principal import Principal

SYSTEM = "system"


def reviewer_of(by: Principal) -> Reviewer:
    """The principal as the rules of decision see it."""
    return Reviewer(actor=by.actor, name=by.name)


def registry_of(by: Principal) -> str:
    """The registry the user has a role in; without one there is nothing to see."""
    if not by.registry:
        raise NotFound
    return by.registry


def note(store: Store, application_id: str, step: str, by: Principal) -> None:
    """Put a step on the timeline and into the log."""
    role = by.role or by.kind.value
    store.write_step(application_id, step, actor=by.actor, role=role)
    store.log_access(
        Access.by(
            by,
            registry=by.registry,
            pid=None,
            action="write",
            object=f"application:{application_id}/{step}",
            reason="data release",
        )
    )


def note_of_system(store: Store, application_id: str, step: str) -> None:
    """Put a step on the timeline that nobody pressed a button for."""
    store.write_step(application_id, step, actor=SYSTEM, role=SYSTEM)
