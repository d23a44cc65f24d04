"""The registries, read from their folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.reservation.domain.registry import Registry
from shared.yaml_file import read_yaml_file

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "registries"


def load_registries(folder: Path = FOLDER) -> dict[str, Registry]:
    """All registries that have a registry.yaml, by key."""
    found = (_registry(path) for path in sorted(folder.glob("*/registry.yaml")))
    return {registry.key: registry for registry in found}


def _registry(path: Path) -> Registry:
    body: dict[str, Any] = read_yaml_file(path)
    return Registry(key=body["key"], short_name=body["short_name"], names=body["names"])
