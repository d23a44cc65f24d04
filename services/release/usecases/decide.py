"""From a received application to a decision: put to the vote, vote, decide."""

from __future__ import annotations

from services.release.domain import application as rules
from services.release.domain.application import Application, Choice
from services.release.store.store import Store, application_of
from services.release.store.tables import ApplicationRow
from services.release.usecases.acting import note, registry_of, reviewer_of
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo


def start_voting(application_id: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Put a screened application before the council."""
    with uow() as store:
        row = store.application(application_id, registry=registry_of(by))
        rules.check_impartial(application_of(row), reviewer_of(by))
        _write(row, rules.start_voting(application_of(row)))
        note(store, application_id, "voting_started", by)


def vote(application_id: str, *, by: Principal, choice: Choice, comment: str = "", uow: UnitOfWork[Store]) -> None:
    """Keep one member's vote."""
    with uow() as store:
        row = store.application(application_id, registry=registry_of(by))
        application = application_of(row, store.votes(application_id))
        voted = rules.vote(application, by=reviewer_of(by), choice=choice, comment=comment.strip())
        store.write_vote(application_id, voted.votes[-1])
        note(store, application_id, "voted", by)


def decide(application_id: str, *, by: Principal, reason: str, uow: UnitOfWork[Store]) -> None:
    """Close the vote; a rejection carries its reason."""
    with uow() as store:
        row = store.application(application_id, registry=registry_of(by))
        application = application_of(row, store.votes(application_id))
        today = oslo(store.now).date()
        decided = rules.decide(application, by=reviewer_of(by), reason=reason, today=today)
        _write(row, decided)
        row.reason = reason.strip()
        note(store, application_id, decided.state.value, by)


def _write(row: ApplicationRow, application: Application) -> None:
    row.state, row.received_on, row.decided_on = application.state, application.received_on, application.decided_on
