"""Who answers in the place of a child: those who have parental responsibility today, until an age the registry sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.registration.domain.national_id import NumberKind
from services.registration.domain.person import PROTECTED, PersonFacts


@dataclass(frozen=True, kw_only=True)
class RepresentationRule:
    """Ages in whole years: parents answer below `parents_until`, the child itself too from `child_from`."""

    parents_until: int
    child_from: int


@dataclass(frozen=True, kw_only=True)
class Representative:
    """A parent who may answer for a child. `is_protected` when nobody may learn where the parent lives."""

    number: str
    is_protected: bool

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Representative(...)"


@dataclass(frozen=True, kw_only=True)
class Family:
    """What the population register says of a child: whether its address is protected, and its living parents.

    Only parents who have the responsibility are among them.
    """

    is_protected: bool
    parents: Sequence[Representative]


@dataclass(frozen=True, kw_only=True)
class Representation:
    """Who answers for somebody today, which may be nobody; and whether the child may do so itself."""

    representatives: Sequence[Representative]
    answers_self: bool


_OF_REGISTER = frozenset({NumberKind.NATIONAL, NumberKind.D_NUMBER})
NOBODY = Representation(representatives=(), answers_self=False)


def is_represented(facts: PersonFacts, rule: RepresentationRule | None, today: date) -> bool:
    """Whether parents answer today; of somebody whose birth date is not known nobody can tell that they do not."""
    return rule is not None and (facts.birth_on is None or age_on(facts.birth_on, today) < rule.parents_until)


def has_family(facts: PersonFacts) -> bool:
    """Whether the register can be asked for parents: not for somebody it does not know, or that is hidden."""
    is_known = facts.number_kind in _OF_REGISTER and facts.birth_on is not None
    return is_known and facts.protection not in PROTECTED


def representation(facts: PersonFacts, rule: RepresentationRule, family: Family, today: date) -> Representation:
    """Who answers; nobody for a child whose address is protected, which may be hidden from one of them."""
    if family.is_protected or facts.birth_on is None:
        return NOBODY
    is_old_enough = age_on(facts.birth_on, today) >= rule.child_from
    return Representation(representatives=family.parents, answers_self=is_old_enough)


def age_on(birth_on: date, today: date) -> int:
    """The age in whole years."""
    return today.year - birth_on.year - ((today.month, today.day) < (birth_on.month, birth_on.day))
