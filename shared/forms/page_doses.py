"""The opioid table as a page shows it: doses, equivalents, and where each factor comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.forms.definition import Preparation, Preparations, say
from shared.forms.page import PageDose, PageFactor
from shared.forms.problems import Problem, shown_value
from shared.forms.standing import Shown


@dataclass(frozen=True)
class Doses:
    """One opioid table; `typed` is what was written and could not be read."""

    shown: Shown
    language: str
    typed: Mapping[str, str]
    problems: Sequence[Problem]

    def table(self, preparations: Preparations) -> dict[str, Any]:
        """The parts of its question."""
        answer = self.shown.value or {}
        doses, omeq = answer.get("doses", {}), answer.get("omeq", {})
        rows = (self._row(item, doses.get(item.key), omeq.get(item.key)) for item in preparations.items)
        return {
            "doses": tuple(rows),
            "total": self._number(answer.get("sum")),
            "factors": answer.get("factors", preparations.version),
        }

    def _row(self, item: Preparation, dose: float | None, omeq: float | None) -> PageDose:
        path = f"{self.shown.path}.{item.key}"
        return PageDose(
            name=path,
            label=say(item.label, self.language),
            unit=item.unit,
            dose=self.typed.get(path) or self._number(dose),
            omeq=self._number(omeq),
            factor=_factor(item, self.language),
            errors=tuple(problem.message(self.language) for problem in self.problems if problem.path == path),
        )

    def _number(self, value: float | None) -> str:
        return "" if value is None else shown_value(value, self.language)


def _factor(item: Preparation, language: str) -> PageFactor:
    return PageFactor(
        steps="|".join(f"{start}:{factor}" for start, factor in item.steps),
        parts=tuple((shown_value(float(s), language), shown_value(float(f), language)) for s, f in item.steps),
        status=item.status,
        source=item.source,
        since=shown_value(item.valid_from, language),
        note=item.note,
    )
