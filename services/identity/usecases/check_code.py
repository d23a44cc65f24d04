"""Look at a proof, such as a typed code. The try is counted before, so that many at once gain nothing."""

from __future__ import annotations

from functools import partial

from services.identity.domain.codes import Purpose, done, with_try
from services.identity.domain.errors import MustWait, RuleBroken
from services.identity.domain.throttle import CODES, take_back
from services.identity.domain.tokens import token_hash
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.log_ins import attempt_of
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import codes_counter
from services.identity.usecases.proofs import Found, Proof
from shared.outbox.unit_of_work import UnitOfWork


def check_proof(attempt: str, proof: Proof, purpose: Purpose, *, messages: Messages, uow: UnitOfWork[Store]) -> Found:
    """Count a try, whichever factor it is, then look at the proof; returns what was found, raises RuleBroken."""
    with uow() as store:
        row = store.log_ins.attempt(token_hash(attempt))
        if row.purpose != purpose:
            raise RuleBroken("log_in_over")
        tried = with_try(attempt_of(row), store.now, proof.method)
        # The counter is locked last, here and where the proof is used up: two tries at once never wait for each other.
        kept, now = proof.look_up(store, row, messages), store.now
        try:
            store.log_ins.reserve([(codes_counter(messages, row.user_id), CODES)])
        except MustWait as wait:
            raise RuleBroken("account_locked") from wait
        store.log_ins.save_attempt(row, tried)
    return kept, proof.check(kept, now)


def finish(
    store: Store, attempt: str, proof: Proof, found: Found, messages: Messages
) -> tuple[AttemptRow, UserRow, RuleBroken | None]:
    """Use up the attempt and the proof that was right, and give back the tries counted in this attempt.

    The third is what speaks against it after all: to be raised after the commit, since the log may tell of it.
    """
    row = store.log_ins.attempt(token_hash(attempt))
    user = store.users.get(row.user_id)
    finished = done(attempt_of(row), store.now, proof.method)
    refused = proof.use_up(store, row, user, found, messages)
    if refused is None:
        store.log_ins.save_attempt(row, finished)
        store.log_ins.take_back(codes_counter(messages, row.user_id), partial(take_back, counted=row.tries))
    return row, user, refused
