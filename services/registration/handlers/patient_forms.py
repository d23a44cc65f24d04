"""What eprom tells about patient forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.domain.patient_form import PatientFormState, Told
from services.registration.usecases.note_patient_form import note_patient_form
from shared.contracts import eprom
from shared.contracts.event import Event
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork

STATES: Mapping[type[Event], PatientFormState] = {
    eprom.FormOrdered: PatientFormState.ORDERED,
    eprom.FormSent: PatientFormState.SENT,
    eprom.ReminderSent: PatientFormState.REMINDED,
    eprom.FormAnswered: PatientFormState.ANSWERED,
    eprom.FormExpired: PatientFormState.EXPIRED,
    eprom.FormStopped: PatientFormState.STOPPED,
    eprom.DeliveryFailed: PatientFormState.UNDELIVERED,
}


def note(event: Any, uow: UnitOfWork[Any]) -> None:
    """Keep the state; an answered form is fetched."""
    told = Told(
        order_id=event.order_id,
        state=STATES[type(event)],
        channel=getattr(event, "channel", None) if isinstance(event, eprom.FormSent) else None,
        reason=getattr(event, "reason", None),
        code=getattr(event, "code", None),
    )
    note_patient_form(event.course_id, event.form, told, uow=uow)


HANDLERS: Mapping[type[Event], Handler] = dict.fromkeys(STATES, note)
