"""What can be wrong with a registry's files, said with file and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong: in which file (relative to the registry), where in it, and what."""

    file: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.message}" if self.path else f"{self.file}: {self.message}"


class DefinitionError(Exception):
    """A registry's files cannot be used; all flaws found are in `flaws`."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("\n".join(str(flaw) for flaw in flaws))
        self.flaws = tuple(flaws)


class UnknownForm(LookupError):  # noqa: N818 - says what is
    """No such registry, form or version; the argument says which."""
