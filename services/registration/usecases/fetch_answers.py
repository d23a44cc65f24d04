"""Fetch answers from eprom and store them; tried again until eprom answers."""

from __future__ import annotations

from collections.abc import Mapping

from services.registration.domain.errors import RuleBroken
from services.registration.domain.registry import Registry
from services.registration.store.store import Store
from services.registration.usecases.ports import PatientAnswers
from services.registration.usecases.store_patient_form import note_refused, store_patient_form
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.jobs import JobRefused


def fetch_answers(
    order_id: str,
    *,
    answers: PatientAnswers,
    registries: Mapping[str, Registry],
    uow: UnitOfWork[Store],
) -> None:
    """Have the answers of an order here; eprom has none when they are stored already, or erased with the person.

    Raises JobRefused for answers that break a rule; eprom keeps them until somebody has looked.
    """
    found = answers.fetch(order_id)
    if found is None:
        return
    try:
        store_patient_form(found, registries=registries, uow=uow)
    except RuleBroken as broken:
        note_refused(found, broken.code, uow=uow)
        raise JobRefused(broken.code) from broken
