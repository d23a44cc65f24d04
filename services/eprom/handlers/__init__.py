"""What eprom does when another service tells what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.eprom.domain.course import CourseName
from services.eprom.usecases.answer_form import erase_person, forget_answers
from services.eprom.usecases.follow_course import (
    note_deleted,
    note_facts,
    note_finalised,
    note_on_paper,
    note_reopened,
    note_stopped,
    note_withdrawn,
)
from services.eprom.usecases.place_order import order_at_once, stop_dead_person
from services.eprom.usecases.schedules import schedules
from shared.contracts.event import Event
from shared.contracts.registration import (
    ConsentRecorded,
    ConsentWithdrawn,
    CourseDeleted,
    CourseMoved,
    CourseOpened,
    FormFinalised,
    FormReopened,
    InclusionDecided,
    PaperFormEntered,
    PatientFormStored,
    PersonDied,
    PersonErased,
    PromOrdered,
    PromStopped,
)
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork


def open_course(event: CourseOpened, uow: UnitOfWork[Any]) -> None:
    """A course begins."""
    facts = {"opened_on": event.started_on, "definitions_on": event.definitions_on}
    note_facts(_named(event), **facts, schedules=schedules(), uow=uow)


def move_course(event: CourseMoved, uow: UnitOfWork[Any]) -> None:
    """The course follows newer definitions; forms that are not begun follow too."""
    note_facts(_named(event), definitions_on=event.definitions_on, schedules=schedules(), uow=uow)


def include(event: InclusionDecided, uow: UnitOfWork[Any]) -> None:
    """The course is included, or not, or not yet."""
    facts = {"included": event.included, "basis": event.basis, "course_type": event.course_type}
    note_facts(_named(event), **facts, schedules=schedules(), uow=uow)


def consent(event: ConsentRecorded, uow: UnitOfWork[Any]) -> None:
    """The person has said yes or no, or what was said is taken back."""
    note_facts(_named(event), consented=event.consented, schedules=schedules(), uow=uow)


def finalise(event: FormFinalised, uow: UnitOfWork[Any]) -> None:
    """A clinician's form is locked; some patient forms wait for that."""
    note_finalised(_named(event), event.form, event.ended_on, schedules=schedules(), uow=uow)


def reopen(event: FormReopened, uow: UnitOfWork[Any]) -> None:
    """A clinician's form is open again."""
    note_reopened(event.course_id, event.form, schedules=schedules(), uow=uow)


def order(event: PromOrdered, uow: UnitOfWork[Any]) -> None:
    """A clinician wants a form to be sent now."""
    order_at_once(_named(event), event.form, channel=event.channel, schedules=schedules(), uow=uow)


def erase(event: PersonErased, uow: UnitOfWork[Any]) -> None:
    """A person was erased in registration: forget the person here and say so."""
    erase_person(event.case_id, event.pid, event.registry, uow=uow)


def forget(event: PatientFormStored, uow: UnitOfWork[Any]) -> None:
    """Registration holds the answers: erase the copy here."""
    forget_answers(event.order_id, uow=uow)


def stop_course(event: PromStopped, uow: UnitOfWork[Any]) -> None:
    """A clinician has stopped the sending."""
    note_stopped(event.course_id, reason=event.reason, uow=uow)


def withdraw(event: ConsentWithdrawn, uow: UnitOfWork[Any]) -> None:
    """The consent of the course is withdrawn."""
    note_withdrawn(event.course_id, uow=uow)


def drop_course(event: CourseDeleted, uow: UnitOfWork[Any]) -> None:
    """The course is deleted."""
    note_deleted(event.course_id, uow=uow)


def stop_form(event: PaperFormEntered, uow: UnitOfWork[Any]) -> None:
    """The form was answered on paper."""
    note_on_paper(event.course_id, event.form, uow=uow)


def stop_dead(event: PersonDied, uow: UnitOfWork[Any]) -> None:
    """Nothing more is sent to a dead person."""
    stop_dead_person(event.pid, schedules=schedules(), uow=uow)


def _named(
    event: CourseOpened | CourseMoved | InclusionDecided | ConsentRecorded | FormFinalised | PromOrdered,
) -> CourseName:
    return CourseName(
        course_id=event.course_id, pid=event.pid, registry=event.registry, organisation=event.organisation
    )


HANDLERS: Mapping[type[Event], Handler] = {
    CourseOpened: open_course,
    CourseMoved: move_course,
    InclusionDecided: include,
    ConsentRecorded: consent,
    FormFinalised: finalise,
    FormReopened: reopen,
    PromOrdered: order,
    PersonErased: erase,
    PatientFormStored: forget,
    PromStopped: stop_course,
    ConsentWithdrawn: withdraw,
    CourseDeleted: drop_course,
    PaperFormEntered: stop_form,
    PersonDied: stop_dead,
}
