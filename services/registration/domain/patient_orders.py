"""What clinicians may do with the patient forms of a course: order one, stop the sending, close all with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import HELD, PatientFormState, Told

_OUT = frozenset({PatientFormState.SENT, PatientFormState.REMINDED})


class AskedChannel(StrEnum):
    """How a clinician wants an ordered form to reach the patient."""

    SECURE = "secure"  # never by e-mail or SMS
    EMAIL_SMS = "email_sms"


@dataclass(frozen=True, kw_only=True)
class PatientForm:
    """One patient form of a course: its state as the list shows it, and the newest that eprom has told.

    `is_unanswered` is one that was locked because nobody will answer it. `lacks_wording` is one whose licensed text
    nobody has supplied. `waits_days` are the days between what `counts_from` (None while that has not happened) and the
    dispatch.
    """

    key: str
    state: FormState
    is_unanswered: bool = False
    lacks_wording: bool = False
    told: Told | None = None
    waits_days: int = 0
    counts_from: date | None = None

    @property
    def is_begun(self) -> bool:
        """Whether somebody has filled in anything, on paper or on the way of eprom."""
        is_written = self.state in {FormState.IN_PROGRESS, FormState.FINALISED} and not self.is_unanswered
        return is_written or self.is_answered

    @property
    def is_answered(self) -> bool:
        """Whether the patient has submitted it."""
        return self.told is not None and self.told.state in HELD

    @property
    def is_open(self) -> bool:
        """Whether an answer can still come."""
        return self.state is FormState.NEW and not self.is_answered

    @property
    def is_stopped(self) -> bool:
        """Whether its sending was stopped with a reason."""
        return self.told is not None and self.told.reason_of_end is not None

    @property
    def due_on(self) -> date | None:
        """The day from which it is sent; None while that is not known, or when it may be sent at any time."""
        if not self.waits_days or self.counts_from is None:
            return None
        return self.counts_from + timedelta(days=self.waits_days)

    def is_early(self, today: date) -> bool:
        """Whether it is sent by itself only later."""
        return self.waits_days > 0 and (self.due_on is None or today < self.due_on)


@dataclass(frozen=True, kw_only=True)
class PatientForms:
    """The patient forms of one course, and whether the patient may be asked at all."""

    forms: Sequence[PatientForm]
    may_be_asked: bool
    is_dead: bool

    def form(self, key: str) -> PatientForm:
        """One of them; raises NotFound."""
        found = next((form for form in self.forms if form.key == key), None)
        if found is None:
            raise NotFound
        return found

    @property
    def open_forms(self) -> list[PatientForm]:
        """Those that can still be answered."""
        return [form for form in self.forms if form.is_open]


def check_order(course: PatientForms, form: PatientForm) -> None:
    """Refuse an order that would reach nobody, or ask for what is there already."""
    if course.is_dead:
        raise RuleBroken("patient_is_dead")
    if form.state is FormState.CLOSED:
        raise RuleBroken("form_is_closed")
    if form.lacks_wording:
        raise RuleBroken("patient_form_lacks_wording")
    if not course.may_be_asked:
        raise RuleBroken("patient_form_needs_consent")
    if form.is_begun:
        raise RuleBroken("patient_form_is_begun")
    if form.told is not None and form.told.state in _OUT:
        raise RuleBroken("patient_form_is_sent")


def check_time(form: PatientForm, today: date, *, is_confirmed: bool) -> None:
    """Ask whoever orders a form before its time whether that is meant."""
    if form.is_early(today) and not is_confirmed:
        raise RuleBroken("patient_form_comes_later")


def check_stop(course: PatientForms) -> None:
    """Refuse to stop where nothing is sent any more."""
    if not course.open_forms:
        raise RuleBroken("no_patient_form_open")
    if all(form.is_stopped for form in course.open_forms):
        raise RuleBroken("sending_is_stopped")


def check_close_all(course: PatientForms) -> None:
    """Refuse to give all forms one reason when one is begun, or none is open."""
    if any(form.is_begun for form in course.forms):
        raise RuleBroken("a_patient_form_is_begun")
    if not course.open_forms:
        raise RuleBroken("no_patient_form_open")
