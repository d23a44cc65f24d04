"""Block or unblock a person who has reserved, and erase what the registry holds."""

from __future__ import annotations

from collections.abc import Sequence

from services.registration.domain.patient_form import SYSTEM
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import BlockRow
from services.registration.usecases.ports import ExtractFiles
from shared.audit.log import Access
from shared.contracts.registration import PersonErased
from shared.outbox.unit_of_work import UnitOfWork

ERASE_JOB = "erase_health_data"
CONFIRM_JOB = "confirm_erasure"


def block_person(registry: str, person_hash: str, *, case_id: str, uow: UnitOfWork[Store]) -> None:
    """Refuse the person from now on, and have everything about the person erased."""
    with uow() as store:
        if not store.is_blocked(registry, person_hash):
            store.add(BlockRow(registry_key=registry, person_hash=person_hash, case_id=case_id, blocked_at=store.now))
        store.enqueue(ERASE_JOB, key=f"erase:{case_id}", case_id=case_id, registry=registry, person_hash=person_hash)


def unblock_person(registry: str, person_hash: str, *, uow: UnitOfWork[Store]) -> None:
    """Let the person be registered again; nothing old comes back."""
    with uow() as store:
        store.unblock(registry, person_hash)


def erase_health_data(
    case_id: str,
    registry: str,
    person_hash: str,
    *,
    persons: PersonStore,
    uow: UnitOfWork[Store],
) -> None:
    """Erase courses and answers; the rest is a job of its own, so that a crash loses nothing."""
    pid = persons.find_blocked_hash(person_hash)
    with uow() as store:
        extracts = _erase_health_data(store, pid, registry) if pid is not None else []
        is_last = pid is not None and not store.courses_of(pid)
        store.enqueue(
            CONFIRM_JOB,
            key=f"confirm-erasure:{case_id}",
            case_id=case_id,
            registry=registry,
            pid=pid,
            extracts=extracts,
            is_last=is_last,
        )


def confirm_erasure(
    case_id: str,
    registry: str,
    pid: int | None,
    extracts: Sequence[str],
    *,
    is_last: bool,
    persons: PersonStore,
    files: ExtractFiles,
    uow: UnitOfWork[Store],
) -> None:
    """Delete the files that held the person, destroy the person's key and row, then send the receipt. May run twice."""
    for extract_id in extracts:
        files.remove(extract_id)
    if pid is not None and is_last:
        persons.erase(pid)
    with uow() as store:
        store.emit(PersonErased(case_id=case_id, registry=registry, pid=pid, extracts=tuple(extracts)))


def _erase_health_data(store: Store, pid: int, registry: str) -> list[str]:
    for course in sorted(store.courses_of(pid), key=lambda one: one.course_id):
        if course.registry_key == registry:
            store.remove_course(course.course_id)
    # After the courses: an extract that is being finished holds them, and is seen once it lets go. From here on none
    # of these is written any more.
    extracts = store.extracts_with(pid, registry)
    store.withdraw_extracts(extracts)
    store.remove_from_extracts(pid, extracts)
    store.log_access(
        Access.by_system(SYSTEM, registry=registry, pid=pid, action="delete", object="person", reason="reservation")
    )
    return extracts
