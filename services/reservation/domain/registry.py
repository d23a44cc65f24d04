"""A registry somebody can reserve against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Registry:
    """A registry by its key; `names` by language."""

    key: str
    short_name: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """The name in a language, or in Bokmål."""
        return self.names.get(language) or self.names["nb"]
