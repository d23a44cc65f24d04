"""Who a patient form goes to: asked by eprom at each dispatch, told to nobody else, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from services.registration.domain.course import LegalBasis
from services.registration.domain.errors import NotFound
from services.registration.domain.person import PROTECTED
from services.registration.domain.postal_address import PostalAddress, postal_address
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork

REASON, LETTER_REASON = "patient_form", "letter_on_paper"


@dataclass(frozen=True)
class Recipient:
    """The number of somebody who may be written to; `is_protected` when nobody may learn where the person lives.

    `address` is told on request only, and never when it is protected.
    """

    number: str
    is_protected: bool
    address: PostalAddress | None = None

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Recipient(...)"


def recipient_of(
    pid: int, course_id: int, *, by: Principal, persons: PersonStore, uow: UnitOfWork[Store], with_address: bool = False
) -> Recipient:
    """The person behind a course; NotFound for unknown, erased, reserved, withdrawn and dead ones alike."""
    block_hash = persons.block_hash_of(pid)
    with uow() as store:
        course = store.course(course_id)
        if course.pid != pid or not _may_be_written_to(course) or store.is_blocked(course.registry_key, block_hash):
            raise NotFound
        store.log_access(_access(course, by, LETTER_REASON if with_address else REASON))
    facts = persons.read(pid)
    if facts.died_on is not None:
        raise NotFound
    address = postal_address(facts) if with_address else None
    return Recipient(facts.number, facts.protection in PROTECTED, address)


def _may_be_written_to(course: CourseRow) -> bool:
    has_withdrawn = course.basis == LegalBasis.CONSENT and course.has_consented is False
    return course.died_on is None and not has_withdrawn


def _access(course: CourseRow, by: Principal, reason: str) -> Access:
    return Access.by_system(
        by.actor,
        organisation=course.organisation,
        registry=course.registry_key,
        pid=course.pid,
        action="read",
        object="person",
        reason=reason,
    )
