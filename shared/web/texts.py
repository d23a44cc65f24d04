"""Where the sentences of a page come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from shared.yaml_file import read_yaml_file

HERE = Path(__file__).parent / "translations"
LANGUAGES = ("nb", "nn", "en")


class TextSource(Protocol):
    """Finds the sentence of a key."""

    def text(self, key: str, language: str, **values: object) -> str:
        """Return the sentence with its values filled in."""


class _Texts:
    def __init__(self, folders: Sequence[Path]) -> None:
        self._texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        for folder in folders:
            for language, found in self._texts.items():
                path = folder / f"{language}.yaml"
                if path.is_file():
                    found.update(_sentences(path))

    def text(self, key: str, language: str, **values: object) -> str:
        """Return the sentence with its values filled in."""
        return (self._texts[language].get(key) or self._texts["nb"][key]).format(**values)


def kit_texts(folders: Sequence[Path]) -> TextSource:
    """Return the kit's sentences and those of a service's own folders."""
    return _Texts([HERE, *folders])


@cache
def _sentences(path: Path) -> Mapping[str, str]:
    """The sentences of a file, read once: pages and messages need the same, and so do services side by side."""
    return MappingProxyType(_flat(read_yaml_file(path) or {}))


def _flat(body: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in body.items():
        name = f"{prefix}{key}"
        found.update(_flat(value, f"{name}.") if isinstance(value, Mapping) else {name: str(value)})
    return found
