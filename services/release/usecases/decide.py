"""From a draft to a decision: submit, put to the vote, vote, decide."""

from __future__ import annotations

from services.release.domain import application as rules
from services.release.domain.application import Application, Choice
from services.release.store.store import Store, application_of
from services.release.store.tables import ApplicationRow
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo


def submit(application_id: str, *, applicant: str, uow: UnitOfWork[Store]) -> None:
    """Send an application in; it must be the applicant's own."""
    with uow() as store:
        row = store.application(application_id, applicant=applicant)
        _write(row, rules.submit(application_of(row), today=oslo(store.now).date()))


def start_voting(application_id: str, *, uow: UnitOfWork[Store]) -> None:
    """Put a screened application before the council."""
    with uow() as store:
        row = store.application(application_id)
        _write(row, rules.start_voting(application_of(row)))


def vote(application_id: str, *, member: str, choice: Choice, uow: UnitOfWork[Store]) -> None:
    """Keep one member's vote."""
    with uow() as store:
        row = store.application(application_id)
        rules.vote(application_of(row, store.votes(application_id)), member=member, choice=choice)
        store.write_vote(application_id, member, choice)


def decide(application_id: str, *, by: str, reason: str, uow: UnitOfWork[Store]) -> None:
    """Close the vote; a rejection carries its reason."""
    with uow() as store:
        row = store.application(application_id)
        application = application_of(row, store.votes(application_id))
        _write(row, rules.decide(application, by=by, reason=reason, today=oslo(store.now).date()))
        row.reason = reason


def _write(row: ApplicationRow, application: Application) -> None:
    row.state, row.received_on, row.decided_on = application.state, application.received_on, application.decided_on
