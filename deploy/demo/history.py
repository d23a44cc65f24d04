"""What was written in one course: the documents of its forms, in the order in which they were filled in."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.demo.answers import Filler, Wishes
from deploy.demo.plan import PlannedCourse, Stage
from deploy.demo.users import NORPAIN, SMERTEREG
from services.registration.usecases.close_patient_form import unanswered
from shared.forms.registry import Registry

NOT_ANSWERED = 7
_BEGUN_SHARE = 0.5
_ANSWER_SHARE = 0.7
# Days after the start (first) or the end (second) on which a patient answers.
_PATIENT_DAYS = {
    SMERTEREG: {"pasreg": (1, None), "hads": (1, None), "eval": (None, 2), "opioid": (None, 30)},
    NORPAIN: {"baseline": (3, None), "midway": (105, None), "followup": (None, 367)},
}
_FIRST_VISIT = timedelta(days=40)
_MAN, _WOMAN, _IN_NORWAY = 1, 2, 1


@dataclass(frozen=True, kw_only=True)
class Written:
    """One form as it was left."""

    form: str
    version: int
    document: dict[str, Any]
    is_finished: bool
    on: date
    is_answered: bool = True


@dataclass(frozen=True)
class Desk:
    """Fills in courses of a registry; `places` are the locations and wards of each hospital."""

    registry: Registry
    places: Mapping[int, Mapping[str, Sequence[int]]]
    today: date

    def history(self, plan: PlannedCourse) -> Iterator[Written]:
        """The forms of a course."""
        source = random.Random(plan.number)  # noqa: S311 - the same answers each time are the purpose
        known = self._known(plan)
        facts: dict[str, Any] = {**_person(plan, known["today"]), **known}
        finished, begun = self._clinicians_forms(plan.stage)
        for form in finished:
            yield self._write(form, plan, facts, source, share=1.0)
        for form in begun:
            yield self._write(form, plan, facts, source, share=_BEGUN_SHARE)
        for form, on in self.asked(plan):
            if source.random() < _ANSWER_SHARE:
                yield self._write(form, plan, {**facts, "today": on}, source, share=1.0)
            else:
                yield self._close(form, on)

    def asked(self, plan: PlannedCourse) -> Iterator[tuple[str, date]]:
        """The patient forms that were sent out in an ended course, and the days on which they came or were to come."""
        if plan.stage is not Stage.ENDED:
            return
        for form in self.registry.rules.forms["patient"]:
            after_start, after_end = _PATIENT_DAYS[plan.registry][form]
            begin = plan.started_on if after_end is None else plan.ended_on
            on = begin + timedelta(days=after_start or after_end or 0)
            died_on = plan.person.died_on
            is_too_late = form in self._asked_until_end and on >= plan.ended_on
            if on <= self.today and not is_too_late and not (died_on and died_on <= on.isoformat()):
                yield form, on

    def values(self, plan: PlannedCourse, written: Written) -> dict[str, Any]:
        """All answers of a form that count."""
        known = self._known(plan)
        facts = {**_person(plan, known["today"]), **known}
        return self.registry.form(written.form).values(written.document, facts)

    @property
    def _asked_until_end(self) -> frozenset[str]:
        messages = self.registry.rules.messages
        return frozenset(order.form for order in messages.orders if order.until_end) if messages else frozenset()

    def _clinicians_forms(self, stage: Stage) -> tuple[Sequence[str], Sequence[str]]:
        """The forms that are finished and those that are begun: in the registry's order, as far as the stage goes."""
        rules = self.registry.rules
        of_type = {kind.number: kind.forms for kind in rules.course_types}
        forms = [form for form in rules.forms["clinician"] if form in of_type[_TYPES[stage]]]
        treated = (_BEFORE_VISIT[self.registry.key], 1)
        finished, begun = treated if stage is Stage.TREATED else _SO_FAR.get(stage, (len(forms), 0))
        return forms[:finished], forms[finished : finished + begun]

    def _write(
        self, form: str, plan: PlannedCourse, facts: Mapping[str, Any], source: random.Random, *, share: float
    ) -> Written:
        compiled = self.registry.form(form)
        wishes = Wishes(values={**_wishes(plan, source), **_ENDS}, places=self.places[plan.organisation])
        document = Filler(compiled, facts, wishes, source).fill(share=share)
        return Written(
            form=form, version=compiled.version, document=document, is_finished=share >= 1, on=facts["today"]
        )

    def _close(self, form: str, on: date) -> Written:
        """A form that the patient left unanswered."""
        compiled = self.registry.form(form)
        document = compiled.kept(compiled.new(unanswered(compiled, NOT_ANSWERED)), {"today": on})
        return Written(
            form=form, version=compiled.version, document=document, is_finished=True, on=on, is_answered=False
        )

    def _known(self, plan: PlannedCourse) -> dict[str, Any]:
        return {
            "today": min(self.today, plan.ended_on + timedelta(days=1)),
            "legal_basis": str(self.registry.basis_on(plan.started_on)),
            "course_type": _TYPES[plan.stage],
            "referred_on": plan.started_on,
            "started_on": plan.started_on,
            "ended_on": plan.ended_on if plan.stage in {Stage.ENDED, Stage.NOT_INCLUDED} else None,
        }


# How many of a course's clinician forms are finished, and how many after them are begun; otherwise all are finished.
_SO_FAR = {Stage.OPENED: (0, 0), Stage.BEGUN: (1, 1)}
_BEFORE_VISIT = {SMERTEREG: 3, NORPAIN: 2}
_TYPES = {Stage.NOT_SEEN: 1, Stage.TREATED: 3, Stage.ENDED: 3, Stage.OPENED: 2, Stage.BEGUN: 2, Stage.NOT_INCLUDED: 2}
_ENDS = {"complete": 1}


def _person(plan: PlannedCourse, on: date) -> dict[str, Any]:
    person = plan.person
    died_on = date.fromisoformat(person.died_on) if person.died_on and person.died_on <= on.isoformat() else None
    return {
        "birth_date": date.fromisoformat(person.birth_on),
        "gender": _MAN if person.is_male else _WOMAN,
        "address_type": _IN_NORWAY,
        "deceased": int(died_on is not None),
        "deceased_date": died_on,
    }


def _wishes(plan: PlannedCourse, source: random.Random) -> dict[str, Any]:
    """Answers that the stage decides."""
    started = plan.started_on.isoformat()
    wanted: dict[str, Any] = {"referral_date": started, "start_date": started}
    if plan.stage is Stage.NOT_SEEN:
        return {**wanted, "supervision": source.choice((2, 3, 4, 5, 6))}
    if plan.stage is Stage.BEGUN:
        return {**wanted, "supervision": 1}
    wanted |= {"supervision": 1, "norwegian_speaking": 1, "cognitively_impaired": 0, "right_to_health_care": 1}
    if plan.stage is Stage.NOT_INCLUDED:
        wanted[source.choice(("norwegian_speaking", "cognitively_impaired"))] = 9
        wanted["right_to_health_care"] = 0
    else:
        wanted |= {"consent": 1, "consent_date": started}
    if plan.stage in {Stage.ENDED, Stage.NOT_INCLUDED}:
        wanted["end_date"] = plan.ended_on.isoformat()
        wanted["first_visit_date"] = min(plan.started_on + _FIRST_VISIT, plan.ended_on).isoformat()
    return wanted
