"""What came from a patient and was not, or not all, taken into a form; read from the change log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.registration.domain.change_log import MISFITS, SET_ASIDE, TOO_LATE
from services.registration.store.store import Store
from shared.audit.history import changes_of
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Field, value and warning of what did not fit; `is_too_late` when the form had been filled in."""

    misfits: Sequence[Sequence[str]] = field(repr=False, default=())
    is_too_late: bool = False


def set_aside(course_id: int, form: str, pid: int, *, uow: UnitOfWork[Store]) -> SetAside:
    """Of the newest answers to a form; the caller has logged that the form is read."""
    thing = f"form:{course_id}/{form}"
    with uow.database.reading() as session:
        entries = changes_of(session, uow.kit.audit, pid, thing)
    acts = [one for one in entries if one.object == thing and one.action in {SET_ASIDE, TOO_LATE, "write"}]
    if not acts or acts[-1].action == "write":
        return SetAside()
    return SetAside(misfits=acts[-1].change.get(MISFITS, (None, ()))[1], is_too_late=acts[-1].action == TOO_LATE)
