"""What open reviews do by the calendar: remind the reviewers, warn the users, take what nobody confirmed."""

from __future__ import annotations

from services.identity.domain.access_review import Step, Verdict, due_step
from services.identity.store.access_tables import ReviewRow
from services.identity.store.reviews import review_of
from services.identity.store.store import Store
from services.identity.usecases.accounts import withdraw
from services.identity.usecases.acting import CALENDAR, log_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.reviewers import tell_reviewers
from services.identity.usecases.tell_role_end import last_day
from shared.outbox.unit_of_work import UnitOfWork


def advance_reviews(*, messages: Messages, uow: UnitOfWork[Store]) -> int:
    """Take each open review one step on if one is due, each in a transaction of its own; returns how many."""
    with uow.reading() as store:
        open_ids = store.reviews.open_ids()
    return sum(_advance(review_id, messages, uow) for review_id in open_ids)


def _advance(review_id: int, messages: Messages, uow: UnitOfWork[Store]) -> bool:
    with uow() as store:
        review = store.reviews.get(review_id)
        step = due_step(review_of(review), store.now) if review.closed_at is None else None
        if step is None:
            return False
        if step is Step.REMIND:
            review.reminders += 1
            tell_reviewers(store, review, store.reviews.open_roles(review_id), "message.review_reminder", messages)
        elif step is Step.WARN:
            _warn(store, review, messages)
        else:
            _close(store, review)
        log_act(store, CALENDAR, f"review:{review_id}", reason="its time has come", change={"step": [None, step.value]})
        return True


def _warn(store: Store, review: ReviewRow, messages: Messages) -> None:
    review.warned_at = store.now
    day, organisation = last_day(review_of(review).closes_at), store.units.name(review.organisation)
    for role in store.reviews.open_roles(review.review_id):
        user = store.users.get(role.user_id)
        messages.send_mail(
            store,
            messages.seals.details_of(user),
            "message.review_warning",
            language=user.language,
            role=role.role,
            organisation=organisation,
            day=day,
        )


def _close(store: Store, review: ReviewRow) -> None:
    review.closed_at = store.now
    for role in store.reviews.open_roles(review.review_id):
        line = store.reviews.line(review.review_id, role.role_id)
        store.reviews.decide(line, Verdict.UNCONFIRMED, by=None)
        withdraw(store, role, by=None)
        change = {"role": [role.role, None], "review": [None, Verdict.UNCONFIRMED.value]}
        log_act(store, CALENDAR, f"user:{role.user_id}/role", reason=f"review:{review.review_id}", change=change)
