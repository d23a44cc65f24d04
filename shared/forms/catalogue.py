"""Reads registries from their folders, whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shared.forms.coherence import check_form, with_checked_rules
from shared.forms.compiled import CompiledForm, compile_form
from shared.forms.definition import FormDefinition
from shared.forms.errors import UnknownForm
from shared.forms.names import Tell, with_canonical_names
from shared.forms.published import check_published
from shared.forms.read_codings import in_force, read_codings
from shared.forms.read_form import read_form
from shared.forms.read_lists import read_codelists, read_preparations
from shared.forms.read_question import Lists
from shared.forms.read_registry import read_registry
from shared.forms.read_wording import Wordings, read_wordings, with_wording
from shared.forms.reading import Flaws
from shared.forms.registry import Registry
from shared.forms.registry_rules import RegistryRules
from shared.forms.versions import read_mappings

FOLDER = Path(__file__).resolve().parents[1] / "registries"
VERSION_FILE = re.compile(r"v[1-9][0-9]*\Z")
LICENSED_TEXTS = "LICENSED_TEXTS_DIR"
KEPT_FILES, IMPORTED_CODINGS = "FILES_DIR", "codings"  # where an update of the suite leaves them alone
Files = dict[Path, FormDefinition]


def load_registry(folder: Path, licensed_texts: Path | None = None, imported_codings: Path | None = None) -> Registry:
    """The registry of a folder; raises DefinitionError that names everything wrong in it."""
    flaws = Flaws(folder)
    lists = Lists(
        read_codelists(folder / "codelists", flaws),
        read_preparations(folder / "opioids", flaws),
        read_codings(folder, imported_codings, flaws),
    )
    rules = in_force(read_registry(folder / "registry.yaml", flaws), lists.codings)
    read = _forms(folder, lists, licensed_texts, flaws)
    if rules is None:
        flaws.stop()
        raise UnknownForm(folder.name)
    rules = with_checked_rules(rules, read.values(), folder / "registry.yaml", flaws)
    check_published(folder, flaws)
    mappings = read_mappings(folder, read.values(), flaws)
    flaws.stop()
    compiled = _compiled(read, rules, lists, flaws)
    flaws.stop()
    return Registry(rules, compiled, lists.codes, mappings)


@cache
def registries() -> Mapping[str, Registry]:
    """All registries of the suite, by key; read once a process."""
    texts, kept = (Path(place) if place else None for place in map(os.environ.get, (LICENSED_TEXTS, KEPT_FILES)))
    codings = kept / IMPORTED_CODINGS if kept else None
    folders = sorted(path.parent for path in FOLDER.glob("*/registry.yaml"))
    return {folder.name: load_registry(folder, texts, codings) for folder in folders}


def registry(key: str) -> Registry:
    """One registry; raises UnknownForm."""
    found = registries().get(key)
    if found is None:
        raise UnknownForm(key)
    return found


def _forms(folder: Path, lists: Lists, licensed_texts: Path | None, flaws: Flaws) -> Files:
    found: Files = {}
    for file in sorted((folder / "forms").glob("*/*.yaml")):
        if not VERSION_FILE.match(file.stem):
            continue
        form = read_form(file, folder.name, lists, flaws)
        if form is not None:
            found[file] = form
    wordings = read_wordings(found.values(), folder.name, licensed_texts, flaws) if licensed_texts else None
    return {file: _checked(form, file, wordings, flaws) for file, form in found.items()}


def _checked(form: FormDefinition, file: Path, wordings: Wordings | None, flaws: Flaws) -> FormDefinition:
    form = form if wordings is None else with_wording(form, wordings, file, flaws)
    form = with_canonical_names(form, _teller(file, flaws))
    check_form(form, file, flaws)
    return form


def _compiled(read: Files, rules: RegistryRules, lists: Lists, flaws: Flaws) -> dict[str, dict[int, CompiledForm]]:
    found: dict[str, dict[int, CompiledForm]] = {}
    for file, form in read.items():
        made = compile_form(form, rules, lists.preparations, _teller(file, flaws))
        found.setdefault(form.key, {})[form.version] = made
    return found


def _teller(file: Path, flaws: Flaws) -> Tell:
    return lambda place, message: flaws.add(file, place, message)
