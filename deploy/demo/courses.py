"""A planned course and what was written in it as rows of registration's database, and as news to the others."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from deploy.demo.history import NOT_ANSWERED, Desk, Written
from deploy.demo.plan import PlannedCourse, Stage
from deploy.demo.users import author_of
from services.registration.domain.course import CourseType, standing_of
from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import SYSTEM, FilledOutBy, PatientFormState
from services.registration.domain.registry import Registry
from services.registration.store.tables import CourseRow, FlagRow, FormRow, PatientFormRow
from shared.contracts.event import Event
from shared.contracts.registration import (
    CourseOpened,
    FormFinalised,
    InclusionDecided,
    PaperFormEntered,
    PromOrdered,
)
from shared.forms.flag_rules import raised_by
from shared.forms.registry_rules import Trigger

_NOON = time(12, tzinfo=UTC)
_NAMES = uuid.UUID("6d1c5f2e-5e0a-4b6f-9a60-5d0f7a6c1d11")
_CHANNELS = ("helsenorge", "helsenorge", "digipost", "email_sms")
_SEEN_AFTER, _NOT_SEEN_YET = timedelta(days=1), timedelta(days=24)
_NOTES = ("Ringte pasienten, som ønsker ny time.", "Snakket med fastlegen.", "Kjent fra før, ingen endring.")
_GOING_ON = frozenset({Stage.OPENED, Stage.BEGUN, Stage.TREATED})


@dataclass(frozen=True)
class Clerk:
    """Makes rows; `pids` are the persons by the population's own id."""

    registry: Registry
    desk: Desk
    pids: Mapping[str, int]

    def course(self, plan: PlannedCourse, written: Sequence[Written]) -> CourseRow:
        """The course as its forms leave it."""
        decided = self._decided(plan, written)
        return CourseRow(
            pid=self.pids[plan.person.id],
            registry_key=self.registry.key,
            organisation=plan.organisation,
            started_on=plan.started_on,
            definitions_on=self.desk.today,
            form_status=self._digits(written),
            location_id=self._place("location", written),
            ward_id=self._place("ward", written),
            died_on=date.fromisoformat(plan.person.died_on) if plan.person.died_on else None,
            created_at=_noon(plan.started_on),
            created_by=author_of(plan.organisation, plan.registry),
            **decided,
        )

    def forms(self, plan: PlannedCourse, course_id: int, written: Sequence[Written]) -> Iterator[object]:
        """The rows of the forms, and what eprom has told of those that patients fill in."""
        author = author_of(plan.organisation, plan.registry)
        patients = {entry.key for entry in self.registry.forms if entry.is_patient}
        for form in written:
            by = (FilledOutBy.PATIENT if form.is_answered else SYSTEM) if form.form in patients else author
            yield FormRow(
                course_id=course_id,
                form=form.form,
                definition_version=form.version,
                document=form.document,
                state=FormState.FINALISED if form.is_finished else FormState.IN_PROGRESS,
                saved_at=_noon(form.on),
                saved_by=by,
                finalised_at=_noon(form.on) if form.is_finished else None,
                finalised_by=by if form.is_finished else None,
            )
        answered = {form.form for form in written if form.is_answered}
        for key, on in self.desk.asked(plan):
            yield self._told(course_id, key, on, is_answered=key in answered)

    def flags(self, plan: PlannedCourse, course_id: int, written: Sequence[Written]) -> Iterator[FlagRow]:
        """What somebody must look at in the patient's answers; all but those of the last weeks are acknowledged."""
        known = self.desk.registry
        asked = {key for key, _ in self.desk.asked(plan)}
        for form in written:
            if form.form not in asked or not form.is_answered:
                continue
            questions = dict(known.form(form.form, form.version).questions)
            for rule in raised_by(known.rules.flags, form.form, self.desk.values(plan, form), questions):
                is_seen = form.on < self.desk.today - _NOT_SEEN_YET
                yield FlagRow(
                    course_id=course_id,
                    form=form.form,
                    order_id=_order_id(course_id, form.form),
                    rule=rule.key,
                    raised_at=_noon(form.on),
                    acknowledged_at=_noon(form.on + _SEEN_AFTER) if is_seen else None,
                    acknowledged_by=author_of(plan.organisation, plan.registry) if is_seen else None,
                    note=_NOTES[course_id % len(_NOTES)] if is_seen else "",
                )

    def events(self, plan: PlannedCourse, row: CourseRow) -> Iterator[Event]:
        """What the others hear: of courses that go on, and of those whose patients are still to be asked once."""
        is_asked_later = self._is_asked_later(plan)
        if plan.stage not in _GOING_ON and not is_asked_later:
            return
        names: dict[str, Any] = {name: getattr(row, name) for name in ("course_id", "pid", "organisation")}
        names["registry"] = row.registry_key
        yield CourseOpened(**names, started_on=row.started_on, definitions_on=row.definitions_on)
        if is_asked_later:
            yield from self._ended(plan, names)
            yield InclusionDecided(**names, included=True, basis=row.basis, course_type=row.course_type)
        if plan.stage is Stage.TREATED:
            yield InclusionDecided(**names, included=True, basis=row.basis, course_type=row.course_type)
            if plan.is_asked_at_once:
                yield PromOrdered(**names, form=self.desk.registry.rules.forms["patient"][0], channel="helsenorge")

    def _is_asked_later(self, plan: PlannedCourse) -> bool:
        """Whether the course has ended and its last form is sent so long after that its day is yet to come."""
        messages = self.desk.registry.rules.messages
        late = {order.form for order in messages.orders if order.on is Trigger.COURSE_ENDED} if messages else set()
        is_waiting = bool(late - {form for form, _ in self.desk.asked(plan)})
        return plan.stage is Stage.ENDED and is_waiting and plan.person.died_on is None

    def _ended(self, plan: PlannedCourse, names: Mapping[str, Any]) -> Iterator[Event]:
        """The end of a course, told before its inclusion so that only what comes after the end is ordered."""
        for form, _ in self.desk.asked(plan):
            yield PaperFormEntered(course_id=names["course_id"], pid=names["pid"], form=form)
        last = self.desk.registry.rules.course["ended_on"].form
        version = self.desk.registry.form(last).version
        yield FormFinalised(**names, form=last, definition_version=version, ended_on=plan.ended_on)

    def _place(self, name: str, written: Sequence[Written]) -> Any:
        """The location or the ward, from the form that asks for it."""
        asked = self.desk.registry.rules.course.get(name)
        answers = {form.form: form.document["answers"] for form in written}
        return answers.get(asked.form, {}).get(asked.question) if asked else None

    def _decided(self, plan: PlannedCourse, written: Sequence[Written]) -> dict[str, Any]:
        """What the form of inclusion decides about a course."""
        rules = self.desk.registry
        asked = rules.rules.inclusion.form if rules.rules.inclusion else ""
        values = next((self.desk.values(plan, form) for form in written if form.form == asked), {})
        consent = values.get("consent")
        standing = standing_of(
            is_seen=rules.course_type(values) != CourseType.NOT_SEEN,
            is_included=rules.is_included(values),
            basis=self.registry.basis_on(plan.started_on),
            has_consented=None if consent is None else bool(consent),
        )
        return {
            "course_type": standing.course_type,
            "is_included": standing.is_included,
            "basis": standing.basis,
            "placement": standing.placing,
            "has_consented": None if consent is None else bool(consent),
            "consent_reason": values.get("no_consent_reason"),
        }

    def _digits(self, written: Sequence[Written]) -> str:
        digits = str(int(FormState.NEW)) * self.registry.form_count
        for form in written:
            state = FormState.FINALISED if form.is_finished else FormState.IN_PROGRESS
            digits = self.registry.with_state(digits, form.form, state)
        return digits

    def _told(self, course_id: int, form: str, on: date, *, is_answered: bool) -> PatientFormRow:
        messages = self.desk.registry.rules.messages
        channels = [channel for channel in _CHANNELS if messages and channel in messages.channels]
        return PatientFormRow(
            course_id=course_id,
            form=form,
            order_id=_order_id(course_id, form),
            state=PatientFormState.STORED if is_answered else PatientFormState.EXPIRED,
            channel=channels[course_id % len(channels)],
            reason=None if is_answered else NOT_ANSWERED,
            noted_on=on,
            sent_on=on,
            changed_at=_noon(on),
        )


def _order_id(course_id: int, form: str) -> str:
    return uuid.uuid5(_NAMES, f"{course_id}/{form}").hex


def _noon(day: date) -> datetime:
    return datetime.combine(day, _NOON)
