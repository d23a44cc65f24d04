"""How many patient forms are answered: counts a unit, form and month, and what of them may be shown to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

HIDDEN = -1  # stands for a count that is not shown


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The patient forms of a unit that were first heard of in one month (its first day).

    All of them are answered, open or ended; `reasons` counts the ended by the registry's code, None where there is
    none. Some were closed without an order, and some orders never left.
    """

    organisation: int
    form: str
    month: date
    ordered: int = 0
    sent: int = 0
    answered: int = 0
    still_open: int = 0
    undelivered: int = 0
    reasons: Mapping[int | None, int] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        """How many will not be answered."""
        return HIDDEN if HIDDEN in self.reasons.values() else sum(self.reasons.values())

    @property
    def share(self) -> float | None:
        """The answered of those that were sent, from 0 to 1; None where none was, or it is not shown."""
        if self.sent <= 0 or self.answered == HIDDEN:
            return None
        return self.answered / self.sent


def disclosed(counts: Counts, least: int) -> Counts:
    """The counts without those below `least`, and without those that the others would give away.

    The parts add up to a whole that is known elsewhere, so more are hidden until those hidden are no small number.
    """
    names = ("answered", "still_open", "undelivered")
    reasons = list(counts.reasons)
    parts = _hidden([getattr(counts, name) for name in names] + [counts.reasons[one] for one in reasons], least)
    ordered, sent = _wholes(counts, least)
    return Counts(
        organisation=counts.organisation,
        form=counts.form,
        month=counts.month,
        ordered=ordered,
        sent=sent,
        **dict(zip(names, parts[: len(names)], strict=True)),
        reasons=dict(zip(reasons, parts[len(names) :], strict=True)),
    )


def _wholes(counts: Counts, least: int) -> tuple[int, int]:
    """The orders and those sent; neither where the difference between two of the sums is itself a small number."""
    everything = counts.answered + counts.still_open + counts.undelivered + sum(counts.reasons.values())
    tells_ordered = (counts.ordered, everything - counts.ordered)
    tells_sent = (counts.sent, counts.ordered - counts.sent, counts.sent - counts.answered)
    return (
        HIDDEN if any(_is_small(one, least) for one in tells_ordered) else counts.ordered,
        HIDDEN if any(_is_small(one, least) for one in tells_sent) else counts.sent,
    )


def _hidden(parts: Sequence[int], least: int) -> list[int]:
    shown = [HIDDEN if _is_small(part, least) else part for part in parts]
    for place in sorted((n for n, part in enumerate(shown) if part > 0), key=lambda n: parts[n]):
        if not _is_small(sum(part for part, one in zip(parts, shown, strict=True) if one == HIDDEN), least):
            break
        shown[place] = HIDDEN
    return shown


def _is_small(count: int, least: int) -> bool:
    return 0 < count < least
