"""The history of answers: who changed what when, of a form or of all forms of a course. Reading it is logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.registration.domain.change_log import BY, SET_ASIDE
from services.registration.domain.errors import NotFound
from services.registration.domain.flag import ACKNOWLEDGED, ACKNOWLEDGERS
from services.registration.domain.registry import Registry
from services.registration.queries.course_lines import accesses
from services.registration.queries.person_page import pid_of_course
from services.registration.store.store import Store
from services.registration.store.tables import FlagRow, FormRow
from shared.audit.history import Entry, changes_of
from shared.auth.principal import Principal
from shared.forms import catalogue
from shared.forms.flag_rules import FlagRule
from shared.outbox.unit_of_work import UnitOfWork

LINES = 50
_REASON = "reason"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One change: `place` names the answer as the log does, `old` and `new` are codes; no place is an act alone.

    `version` is the version of the form, whose words the codes have; `name` is that of the user at that time. `rule` is
    what a flag that was raised or acknowledged is about, `note` what was written then.
    """

    sequence: int
    form: str
    version: int = 0
    at: datetime
    actor: str
    role: str
    action: str
    reason: str = ""
    name: str = ""
    is_of_flag: bool = False
    rule: FlagRule | None = None
    note: str = field(default="", repr=False)
    place: str = ""
    old: Any = None
    new: Any = None
    by_system: bool = False


@dataclass(frozen=True, kw_only=True)
class History:
    """One page of it, newest first; `rows` are the ids of the rows that questions have now, in their order."""

    pid: int
    lines: Sequence[Line]
    number: int
    has_next: bool
    rows: Mapping[tuple[str, str], Sequence[str]]


def history(
    course_id: int, form: str | None, *, by: Principal, registry: Registry, number: int, uow: UnitOfWork[Store]
) -> History:
    """A page of the history; NotFound for a course the user does not see."""
    if form is not None and registry.form(form) is None:
        raise NotFound
    pid = pid_of_course(course_id, by=by, registry=registry, uow=uow)
    place = f"{course_id}/{form or ''}"
    with uow() as store:
        written, flags = _written(store, course_id), _flags(store, course_id, form)
        entries = changes_of(store.session, uow.kit.audit, pid, f"form:{place}")
        acts = changes_of(store.session, uow.kit.audit, pid, f"flag:{course_id}/")
        store.log_access(*accesses([pid], what=f"history:{place}", reason="care", registry=registry, by=by))
    told = [line for entry in entries if form in {None, _form(entry)} for line in _lines(entry, written)]
    told += [_of_flag(entry, flags[entry.object], by, registry) for entry in acts if entry.object in flags]
    told.sort(key=lambda line: line.sequence, reverse=True)
    first = (number - 1) * LINES
    return History(
        pid=pid,
        lines=told[first : first + LINES],
        number=number,
        has_next=len(told) > first + LINES,
        rows=_rows(written),
    )


def _written(store: Store, course_id: int) -> Mapping[str, FormRow]:
    rows = store.session.scalars(select(FormRow).where(FormRow.course_id == course_id))
    return {row.form: row for row in rows}


def _flags(store: Store, course_id: int, form: str | None) -> Mapping[str, FlagRow]:
    """The flags of the course, or of one form, by the names that the log has for them."""
    rows = store.session.scalars(select(FlagRow).where(FlagRow.course_id == course_id))
    return {f"flag:{course_id}/{row.flag_id}": row for row in rows if form in {None, row.form}}


def _of_flag(entry: Entry, row: FlagRow, by: Principal, registry: Registry) -> Line:
    """That a flag was raised or acknowledged; its note is read by those who treat."""
    rules = catalogue.registry(registry.key).rules.flags
    is_read = entry.action == ACKNOWLEDGED and by.role in ACKNOWLEDGERS
    return Line(
        **_signed(entry, row.form),
        is_of_flag=True,
        rule=next((rule for rule in rules if rule.key == row.rule), None),
        note=row.note if is_read else "",
    )


def _rows(written: Mapping[str, FormRow]) -> Mapping[tuple[str, str], Sequence[str]]:
    found = {}
    for form, row in written.items():
        for key, value in (row.document or {}).get("answers", {}).items():
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                found[form, key] = [one["id"] for one in value]
    return found


def _form(entry: Entry) -> str:
    return entry.object.partition("/")[2]


def _lines(entry: Entry, written: Mapping[str, FormRow]) -> Iterator[Line]:
    form = _form(entry)
    reason = entry.change.get(_REASON, "")
    facts = _signed(entry, form) | {
        "version": written[form].definition_version if form in written else 0,
        "reason": reason if isinstance(reason, str) else "",
    }
    changed = {place: values for place, values in entry.change.items() if _is_told(values)}
    if not changed or entry.action not in {"write", SET_ASIDE}:
        yield Line(**facts)
    for place, (old, new, *more) in changed.items():
        yield Line(**facts, place=place, old=old, new=new, by_system=bool(more))


def _signed(entry: Entry, form: str) -> dict[str, Any]:
    facts = {name: getattr(entry, name) for name in ("sequence", "at", "actor", "role", "action")}
    return {**facts, "form": form, "name": entry.change.get(BY, "")}


def _is_told(values: Any) -> bool:
    """Whether it is a change that people see: no answer and no box ticked look alike."""
    return isinstance(values, list) and any(value not in (None, []) for value in values[:2])
