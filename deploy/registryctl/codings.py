"""`codings list|import`: the lists of ICD-10, NCSP and other code systems that answers are picked from."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from deploy.registryctl.desk import CannotDo, Desk
from services.registration.settings import Settings
from shared.forms.catalogue import IMPORTED_CODINGS, registries
from shared.forms.errors import DefinitionError
from shared.forms.import_codings import Comparison, compare, list_in_force, read_given, write_list

MOST_NAMED = 20


def list_codings(desk: Desk, _given: Namespace) -> int:
    """Tell which version of each code system is in force, and how many codes it has."""
    folder = _folder(desk)
    for key, registry in registries().items():
        for name in registry.rules.codings:
            found = list_in_force(key, name, folder)
            print(f"{key}  {name}  version {found.version}  {len(found)} codes")
    return 0


def import_coding(desk: Desk, given: Namespace) -> int:
    """Take in a list: a file in UTF-8 with the columns code;text;valid_from;valid_to. Codes that it lost are ended."""
    folder, first_day = _folder(desk), given.first_day or date(given.version, 1, 1)
    try:
        before = list_in_force(given.registry, given.coding, folder)
        found = compare(before, read_given(given.file, given.coding, given.version), first_day)
        _tell(found)
        if given.version < before.version:
            raise CannotDo(f"Version {before.version} is in force, which is newer.")
        if given.dry_run:
            return 0
        counts = {"new": len(found.new), "changed": len(found.changed), "gone": len(found.gone)}
        desk.note(f"codings {given.registry}/{given.coding}", {"version": given.version, **counts})
        file = write_list(given.registry, given.coding, given.version, found.options, folder)
    except KeyError:
        raise CannotDo(f"{given.registry} uses no code system {given.coding}.") from None
    except DefinitionError as error:
        raise CannotDo(str(error)) from None
    print(f"Written to {file}. Restart the services: they read it when they start.")
    return 0


def _folder(desk: Desk) -> Path:
    if not isinstance(desk.settings, Settings):
        raise CannotDo("Code systems are used by registration.")
    return desk.settings.files_dir.parent / IMPORTED_CODINGS


def _tell(found: Comparison) -> None:
    for what, codes in (("new", found.new), ("changed", found.changed), ("out of use", found.gone)):
        more = "" if len(codes) <= MOST_NAMED else " ..."
        print(f"{len(codes)} {what}{': ' if codes else ''}{', '.join(codes[:MOST_NAMED])}{more}")
