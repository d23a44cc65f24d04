"""What eprom does when another service tells what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.eprom.usecases.answer_form import erase_person, forget_answers
from services.eprom.usecases.place_order import stop_orders, stop_person
from shared.contracts.event import Event
from shared.contracts.registration import (
    ConsentWithdrawn,
    CourseDeleted,
    PaperFormEntered,
    PatientFormStored,
    PersonDied,
    PersonErased,
    PromStopped,
)
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork

_DEAD = 3  # the register's code for critically ill or dead


def erase(event: PersonErased, uow: UnitOfWork[Any]) -> None:
    """A person was erased in registration: forget the person here and say so."""
    erase_person(event.case_id, event.pid, uow=uow)


def forget(event: PatientFormStored, uow: UnitOfWork[Any]) -> None:
    """Registration holds the answers: erase the copy here."""
    forget_answers(event.order_id, uow=uow)


def stop_course(event: PromStopped, uow: UnitOfWork[Any]) -> None:
    """A clinician has stopped the sending."""
    stop_orders(event.course_id, reason=event.reason, uow=uow)


def stop_without_reason(event: ConsentWithdrawn | CourseDeleted, uow: UnitOfWork[Any]) -> None:
    """The course has no patient forms any more."""
    stop_orders(event.course_id, reason=None, uow=uow)


def stop_form(event: PaperFormEntered, uow: UnitOfWork[Any]) -> None:
    """The form was answered on paper."""
    stop_orders(event.course_id, reason=None, forms=(event.form,), uow=uow)


def stop_dead(event: PersonDied, uow: UnitOfWork[Any]) -> None:
    """Nothing more is sent to a dead person."""
    stop_person(event.pid, reason=_DEAD, uow=uow)


HANDLERS: Mapping[type[Event], Handler] = {
    PersonErased: erase,
    PatientFormStored: forget,
    PromStopped: stop_course,
    ConsentWithdrawn: stop_without_reason,
    CourseDeleted: stop_without_reason,
    PaperFormEntered: stop_form,
    PersonDied: stop_dead,
}
