"""Ask for a link to a new password ("Glemt passord"). Nobody is looked up here, so all names are answered alike."""

from __future__ import annotations

from services.identity.domain.throttle import ADDRESS, LINKS
from services.identity.store.applications import new_id
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.usecases.visitor import Visitor
from shared.outbox.unit_of_work import UnitOfWork

LINK_JOB = "send_link"


def ask_for_link(user_name: str, *, visitor: Visitor, seals: Seals, uow: UnitOfWork[Store]) -> None:
    """Count the wish and leave it to a job; raises MustWait when the name or the address has asked too often."""
    name_hash = seals.user_name_hash(user_name)
    with uow() as store:
        address = seals.counter_hash("link_address", visitor.address)
        store.log_ins.reserve([(links_counter(seals, name_hash), LINKS), (address, ADDRESS)])
        store.enqueue(LINK_JOB, key=f"link:{new_id()}", user_name_hash=name_hash)


def links_counter(seals: Seals, user_name_hash: str) -> str:
    """The counter of links asked for with one user name."""
    return seals.counter_hash("link", user_name_hash)
