"""Order one patient form by hand: it is sent at once."""

from __future__ import annotations

from services.registration.domain.errors import RuleBroken
from services.registration.domain.patient_orders import AskedChannel, check_order, check_time
from services.registration.store.patient_forms import read_patient_forms
from services.registration.store.store import Store
from services.registration.usecases.course_at import FormAt
from services.registration.usecases.patient_forms_of import act_of, schedule_of, seen_course
from shared.contracts.registration import PromOrdered
from shared.forms.registry_rules import MessageSchedule
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today


def order_patient_form(at: FormAt, *, channel: str, is_confirmed: bool, uow: UnitOfWork[Store]) -> None:
    """Have a form sent now; one before its time only when that is confirmed."""
    with uow() as store:
        course = seen_course(store, at)
        asked = _channel(channel, schedule_of(course))
        course_forms = read_patient_forms(store.session, course)
        form = course_forms.form(at.form)
        check_order(course_forms, form)
        check_time(form, today(uow.clock), is_confirmed=is_confirmed)
        store.emit(
            PromOrdered(
                course_id=course.course_id,
                pid=course.pid,
                registry=course.registry_key,
                organisation=course.organisation,
                form=at.form,
                channel=asked,
            )
        )
        store.log_access(act_of(course, at, "order", {at.form: [None, asked]}))


def offered_channels(schedule: MessageSchedule) -> tuple[AskedChannel, ...]:
    """How a form of the registry may be sent, the default first."""
    return tuple(one for one in AskedChannel if one is AskedChannel.SECURE or one in schedule.channels)


def _channel(channel: str, schedule: MessageSchedule) -> AskedChannel:
    if channel not in offered_channels(schedule):
        raise RuleBroken("choose_channel")
    return AskedChannel(channel)
