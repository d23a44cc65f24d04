"""A form with a document and its context: how it stands is worked out once, whatever is asked of it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.forms.checks import errors_of, missing_of, unconfirmed
from shared.forms.context import IDENTIFYING, PREFIX, Context, repeats_identity
from shared.forms.definition import Question
from shared.forms.problems import Problem
from shared.forms.standing import Standing, Worker


@dataclass(frozen=True)
class Filled:
    """Neither the document nor the context may be changed as long as this is in use."""

    worker: Worker
    questions: Mapping[str, Question]
    document: Mapping[str, Any]
    context: Context

    @cached_property
    def standing(self) -> Standing:
        """What shows, what counts and what is needed."""
        return self.worker.stand(self.document["answers"], self.context)

    @cached_property
    def values(self) -> dict[str, Any]:
        """All answers that count, computed ones included, by question."""
        return self.standing.values()

    @cached_property
    def standing_stored(self) -> Standing:
        """The same once it is stored, when nothing is known any more that tells who somebody is."""
        knows_person = any(self.context.get(name) is not None for name in IDENTIFYING)
        return stand_stored(self.worker, self.kept()) if knows_person else self.standing

    def problems(self) -> tuple[Problem, ...]:
        """Answers that cannot be as they are."""
        return tuple(errors_of(self.standing, self.questions))

    def unconfirmed(self) -> tuple[Problem, ...]:
        """Answers that ask to be confirmed and are not."""
        return tuple(unconfirmed(self.standing, self.document.get("confirmed", ())))

    def complete(self) -> tuple[Problem, ...]:
        """Everything that keeps the form from being finalised: errors, what is missing, what is not confirmed."""
        found = [*self.problems(), *missing_of(self.standing), *self.unconfirmed()]
        order = {path: number for number, path in enumerate(self.standing.shown)}
        return tuple(sorted(found, key=lambda problem: order.get(problem.path, len(order))))

    def kept(self) -> dict[str, Any]:
        """The document as it is stored: with the context its conditions used and the values that count.

        What tells who somebody is stays out, with every question that only repeats it; an age may stay.
        """
        view = self.standing.view
        used = {name.removeprefix(PREFIX): value for name, value in view.items() if name.startswith(PREFIX)}
        values = {key: value for key, value in self.values.items() if not repeats_identity(self.questions[key])}
        return {**self.document, "context": {n: v for n, v in used.items() if n not in IDENTIFYING}, "values": values}


def stand_stored(worker: Worker, document: Mapping[str, Any]) -> Standing:
    """How a stored document stands with the context and the values that were stored with it."""
    standing = worker.stand(document["answers"], document["context"])
    return Standing({**standing.view, **document["values"]}, standing.shown)
