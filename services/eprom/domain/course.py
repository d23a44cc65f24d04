"""What eprom knows of a course, and which forms that makes it send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.eprom.domain.deadlines import dispatch_on, next_dispatch, oslo_date
from services.eprom.domain.schedule import Rule, Schedule, Trigger

RESERVATION = "reservation"


@dataclass(frozen=True, kw_only=True)
class CourseName:
    """Which course of which person, where."""

    course_id: int
    pid: int
    registry: str
    organisation: int


@dataclass(frozen=True, kw_only=True)
class Course:
    """The facts that orders hang on. `finalised` holds each locked form with the end of the course it tells.

    `closed` are forms that were answered on paper; `is_stopped` when a clinician wants nothing more to be sent.
    """

    included: bool | None = None
    basis: str | None = None
    course_type: int | None = None
    consented: bool | None = None
    opened_on: date | None = None
    finalised: Mapping[str, date | None] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    is_stopped: bool = False


def has_ground(course: Course, schedule: Schedule) -> bool:
    """Whether the person may be asked: included, and with consent unless the law lets people reserve instead."""
    is_included = course.included is True or not schedule.needs_inclusion
    return is_included and (course.basis == RESERVATION or course.consented is True)


def is_refused(course: Course) -> bool:
    """Whether it is known that the person may not be asked; what is only not known yet is no refusal."""
    return course.included is False or (course.basis != RESERVATION and course.consented is False)


def wanted(course: Course, schedule: Schedule, now: datetime) -> dict[str, datetime]:
    """The forms to be ordered by the registry's rules, each with its moment."""
    if course.is_stopped or not has_ground(course, schedule):
        return {}
    of_type = schedule.forms_of_type.get(course.course_type or 0)
    found: dict[str, datetime] = {}
    for rule in schedule.rules:
        start = _start(rule, course, oslo_date(now))
        if start is None or rule.form in course.closed or (of_type is not None and rule.form not in of_type):
            continue
        if rule.until_end and _ended_on(course):
            continue
        found[rule.form] = _moment(rule, start, schedule, now)
    return found


def _start(rule: Rule, course: Course, today: date) -> date | None:
    """The day a rule counts from; None while its trigger has not come."""
    if rule.trigger is Trigger.FORM_FINALISED:
        if rule.of is None or rule.of not in course.finalised:
            return None
        return (course.finalised[rule.of] or today) if rule.counts_from_end else today
    if rule.trigger is Trigger.COURSE_OPENED:
        return course.opened_on
    if rule.trigger is Trigger.COURSE_ENDED:
        return _ended_on(course)
    return today


def _ended_on(course: Course) -> date | None:
    return max((day for day in course.finalised.values() if day), default=None)


def _moment(rule: Rule, start: date, schedule: Schedule, now: datetime) -> datetime:
    planned = dispatch_on(start + timedelta(days=rule.days_after), schedule.at)
    day = schedule.closed.next_open(oslo_date(max(planned, next_dispatch(now, schedule.at))))
    return dispatch_on(day, schedule.at) + timedelta(minutes=rule.minutes_after)
