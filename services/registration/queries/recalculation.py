"""What other factors would make of the morphine equivalents that are stored. It only looks.

A result stands with the version of its factors, here and in what was published from it. Reckoning old results anew
would change figures that others have used; so nothing here offers to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import nlargest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.domain.registry import Registry as CourseRegistry
from services.registration.queries.course_lines import accesses
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FormRow
from shared.auth.principal import Principal
from shared.forms.definition import Preparations, Type
from shared.forms.opioids import table_answer
from shared.forms.registry import Registry
from shared.outbox.unit_of_work import UnitOfWork

MOST_LISTED = 20
_AT_A_TIME = 1000


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One sum that would be another."""

    course_id: int
    pid: int
    organisation: int
    form: str
    before: float
    after: float

    @property
    def size(self) -> float:
        """How far the two lie apart."""
        return abs(self.after - self.before)


@dataclass(frozen=True, kw_only=True)
class Count:
    """Forms of an organisation with doses in them, those with a row that would change, and those whose sum would."""

    organisation: int
    forms: int = 0
    changed: int = 0
    sums: int = 0


@dataclass(frozen=True, kw_only=True)
class Recalculation:
    """The report on one version of the factors: counts by organisation, and the largest differences first."""

    version: int
    counts: Sequence[Count] = ()
    largest: Sequence[Difference] = field(default=(), repr=False)


def recalculation(registry: Registry, factors: Preparations, session: Session) -> Recalculation:
    """Reckon every stored table anew and write nothing. Rows come in portions, so the session is in a transaction."""
    counts: dict[int, Count] = {}
    differences = []
    for row, answer in _tables(registry, session):
        after = _anew(answer, factors)
        before = counts.get(row.organisation, Count(organisation=row.organisation))
        is_changed, is_sum = after["omeq"] != answer["omeq"], after["sum"] != answer["sum"]
        counts[row.organisation] = replace(
            before, forms=before.forms + 1, changed=before.changed + is_changed, sums=before.sums + is_sum
        )
        if is_sum:
            differences.append(replace(row, before=answer["sum"], after=after["sum"]))
    largest = nlargest(MOST_LISTED, differences, key=lambda one: (one.size, -one.course_id))
    return Recalculation(version=factors.version, counts=[counts[key] for key in sorted(counts)], largest=largest)


def shown_recalculation(
    registry: Registry, factors: Preparations, *, known: CourseRegistry, by: Principal, uow: UnitOfWork[Store]
) -> Recalculation:
    """The same for a user: whoever is listed has a line in the access log."""
    with uow() as store:
        report = recalculation(registry, factors, store.session)
        pids = [one.pid for one in report.largest]
        store.log_access(*accesses(pids, what="recalculation", reason="opioid_factors", registry=known, by=by))
    return report


def factors_of(registry: Registry) -> dict[int, Preparations]:
    """All versions of the registry's factors; none where no form asks for doses."""
    compiled = (form for versions in registry.forms.values() for form in versions.values())
    return {number: found for form in compiled for number, found in form.preparations.items()}


def _tables(registry: Registry, session: Session) -> Iterator[tuple[Difference, dict[str, Any]]]:
    for form, question in sorted(_questions(registry)):
        answer = FormRow.document["values"][question]
        rows = session.execute(
            select(CourseRow.course_id, CourseRow.pid, CourseRow.organisation, answer)
            .join(FormRow, FormRow.course_id == CourseRow.course_id)
            .where(CourseRow.registry_key == registry.key, FormRow.form == form)
            .execution_options(yield_per=_AT_A_TIME)
        )
        for course_id, pid, organisation, table in rows:
            if table:
                place = {"course_id": course_id, "pid": pid, "organisation": organisation, "form": form}
                yield Difference(**place, before=0, after=0), table


def _questions(registry: Registry) -> set[tuple[str, str]]:
    versions = ((key, form) for key, forms in registry.forms.items() for form in forms.values())
    return {(key, q.key) for key, form in versions for q in form.questions.values() if q.type is Type.OPIOID_TABLE}


def _anew(answer: dict[str, Any], factors: Preparations) -> dict[str, Any]:
    """The table by other factors; a preparation that they leave out counts for nothing."""
    known = {item.key for item in factors.items}
    doses = {key: dose for key, dose in answer["doses"].items() if key in known}
    return table_answer(doses, factors, None) or {"omeq": {}, "sum": 0.0}
