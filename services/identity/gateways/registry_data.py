"""What identity reads of the registries' folders: names, and the organisations that take part."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.identity.domain.organisation import Unit, UnitKind
from shared.yaml_file import read_yaml_file

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "registries"
# Regions and sample clinics have no RESH id in the data; theirs begin above all real ones.
FIRST_OWN_ID, OWN_IDS = 2_000_000_000, 100_000_000


@dataclass(frozen=True, kw_only=True)
class RegistryData:
    """One registry as identity sees it; `units` is its part of the organisation tree."""

    key: str
    names: Mapping[str, str]
    units: Sequence[Unit]
    participants: Sequence[int]

    def name(self, language: str) -> str:
        """The registry's name in a language."""
        return self.names.get(language) or self.names["nb"]


def load_registries(folder: Path = FOLDER) -> dict[str, RegistryData]:
    """All registries that have a registry.yaml, by key."""
    found = (_read(path) for path in sorted(folder.glob("*/registry.yaml")))
    return {registry.key: registry for registry in found}


def _read(path: Path) -> RegistryData:
    body = read_yaml_file(path)
    organisations = body.get("organisations", [])
    units = [_region(key, name) for key, name in body.get("regions", {}).items()]
    for entry in organisations:
        units += _organisation(entry, body.get("sample_clinics", []))
    return RegistryData(
        key=body["key"],
        names={"nb": body["short_name"], **body["names"]},
        units=units,
        participants=[entry["resh_id"] for entry in organisations],
    )


def _region(key: str, name: str) -> Unit:
    return Unit(resh=_own_id(f"region/{key}"), kind=UnitKind.REGION, name=name)


def _organisation(entry: Mapping[str, Any], samples: Sequence[Mapping[str, Any]]) -> list[Unit]:
    resh = entry["resh_id"]
    parent = _own_id(f"region/{entry['region']}")
    found = [Unit(resh=resh, kind=UnitKind.ORGANISATION, name=entry["name"], parent=parent)]
    for clinic in entry.get("clinics", samples):
        clinic_id = clinic.get("resh_id") or _own_id(f"{resh}/{clinic['name']}")
        found.append(Unit(resh=clinic_id, kind=UnitKind.CLINIC, name=clinic["name"], parent=resh))
        found += [_department(department, clinic_id) for department in clinic.get("departments", [])]
    return found


def _department(entry: str | Mapping[str, Any], clinic: int) -> Unit:
    known: Mapping[str, Any] = {"name": entry} if isinstance(entry, str) else entry
    resh = known.get("resh_id") or _own_id(f"{clinic}/{known['name']}")
    return Unit(resh=resh, kind=UnitKind.DEPARTMENT, name=known["name"], parent=clinic)


def _own_id(path: str) -> int:
    return FIRST_OWN_ID + zlib.crc32(path.encode()) % OWN_IDS
