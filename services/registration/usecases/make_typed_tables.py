"""Make the typed tables fit the definitions of forms, and fill them from the documents."""

from __future__ import annotations

from services.registration.store.definitions_sum import definitions_sum
from services.registration.store.store import Store
from services.registration.store.typed_schema import definitions_of_tables, fit_typed_tables, note_definitions
from shared.outbox.unit_of_work import UnitOfWork

_AT_ONCE = 500


def make_typed_tables(uow: UnitOfWork[Store], *, anew: bool = False) -> int:
    """Bring them up to date and return how many courses were read; `anew` reads all, whatever there is.

    Others may work meanwhile: a course is locked while its rows are written. Cut off, it begins again the next time.
    """
    now = definitions_sum()
    with uow() as store:
        last = definitions_of_tables(store.session)
        if last == now and not anew:
            return 0
        must_fill = fit_typed_tables(store.session) or last is None or anew
    read = _fill(uow) if must_fill else 0
    with uow() as store:
        note_definitions(store.session, now)
    return read


def _fill(uow: UnitOfWork[Store]) -> int:
    read, last = 0, 0
    while True:
        with uow() as store:
            courses = store.courses_after(last, _AT_ONCE)
            store.write_typed_again(courses)
        if not courses:
            return read
        read, last = read + len(courses), courses[-1].course_id
