"""Until which age parents answer in the place of a child, as a frozen value and read from registry.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from shared.forms.reading import Node

OF_AGE = 18  # from then on nobody has parental responsibility
_UNTIL, _CHILD = "parents_until", "child_from"


@dataclass(frozen=True)
class Representation:
    """Ages in whole years on the day: parents answer below `parents_until`, the child itself too from `child_from`."""

    parents_until: int
    child_from: int


def read_representation(messages: Node) -> Representation | None:
    """The part `representation`; a registry without it lets nobody answer in another's place."""
    inner = messages.node("representation")
    if inner is None:
        return None
    until = inner.integer(_UNTIL, needed=True)
    child = inner.integer(_CHILD, until)
    inner.close()
    if inner.has(_UNTIL) and not 1 <= until <= OF_AGE:
        inner.flaw(_UNTIL, f"is an age in years from 1 to {OF_AGE}: {until}")
    elif not 1 <= child <= until:
        inner.flaw(_CHILD, f"is an age in years from 1 to {_UNTIL}: {child}")
    return Representation(parents_until=until, child_from=child)
