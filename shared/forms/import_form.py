"""Takes in a form as a FHIR Questionnaire: as the next version of a form of a registry, or as its first."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.forms.catalogue import FOLDER, load_registry
from shared.forms.definition import Audience, FormDefinition, Question
from shared.forms.errors import DefinitionError, Flaw, UnknownForm
from shared.forms.fhir.intake import Intake, Wanted, form_of
from shared.forms.read_codings import read_codings
from shared.forms.read_form import read_form
from shared.forms.read_lists import read_codelists, read_preparations
from shared.forms.read_question import Lists
from shared.forms.reading import KEY, Flaws
from shared.yaml_file import yaml_text


@dataclass(frozen=True)
class Import:
    """A form that can be taken in: its file, and how answers of the version before become answers of this one."""

    form: str
    version: int
    intake: Intake
    mapping: Mapping[str, Any] | None

    @property
    def questions(self) -> int:
        """How many questions it has, without those inside rows."""
        return sum(len(section["questions"]) for section in self.intake.body["sections"])


def read_import(
    file: Path, registry: str, form: str, audience: Audience, *, first_day: date | None = None, root: Path = FOLDER
) -> Import:
    """The form of a file, tried in the registry. DefinitionError tells all that is wrong; UnknownForm."""
    folder = root / registry
    if not KEY.match(registry) or not (folder / "registry.yaml").exists():
        raise UnknownForm(registry)
    if not KEY.match(form):
        raise UnknownForm(form)
    flaws = Flaws(folder)
    lists = _lists(folder, flaws)
    flaws.stop()
    before = _newest(folder, form, lists)
    version = before.version + 1 if before else 1
    wanted = Wanted(registry, form, version, audience, lists.codes, first_day)
    intake = form_of(_json(file), file, wanted)
    with TemporaryDirectory() as place:
        trial = Path(shutil.copytree(folder, Path(place, registry)))
        made = _write(trial, form, f"v{version}.yaml", intake.body)
        after = read_form(made, registry, lists, Flaws(trial))
        mapping = _mapping(before, after) if before and after else None
        if mapping:
            _write(trial, form, f"v{version - 1}_to_v{version}.yaml", mapping)
        load_registry(trial)
    return Import(form, version, intake, mapping)


def write_import(found: Import, registry: str, root: Path = FOLDER) -> Path:
    """Put the version into the registry's folder; services have it from their next start."""
    if found.mapping:
        _write(root / registry, found.form, f"v{found.version - 1}_to_v{found.version}.yaml", found.mapping)
    return _write(root / registry, found.form, f"v{found.version}.yaml", found.intake.body)


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DefinitionError([Flaw(file.name, "", f"is not JSON: {type(error).__name__}")]) from None


def _lists(folder: Path, flaws: Flaws) -> Lists:
    preparations = read_preparations(folder / "opioids", flaws)
    return Lists(read_codelists(folder / "codelists", flaws), preparations, read_codings(folder, None, flaws))


def _newest(folder: Path, form: str, lists: Lists) -> FormDefinition | None:
    files = [file for file in (folder / "forms" / form).glob("v*.yaml") if file.stem[1:].isdecimal()]
    newest = max(files, key=lambda file: int(file.stem[1:]), default=None)
    return read_form(newest, folder.name, lists, Flaws(folder)) if newest else None


def _write(folder: Path, form: str, name: str, body: Mapping[str, Any]) -> Path:
    """A whole file or none: nobody reads one that is half written."""
    home = folder / "forms" / form
    home.mkdir(parents=True, exist_ok=True)
    unready = home / f"{name}.unready"
    unready.write_text(yaml_text(body), encoding="utf-8")
    return unready.replace(home / name)


def _mapping(before: FormDefinition, after: FormDefinition) -> dict[str, Any]:
    """What is gone is dropped, and codes that are gone are no answer; the rest is kept."""
    now = {question.key: question for question in after.questions()}
    rows = {
        question.key: inner
        for question in before.questions()
        if question.questions
        and (found := now.get(question.key))
        and (inner := _lost(question.questions, found.questions))
    }
    head = {"form": before.key, "from": before.version, "to": after.version}
    return {**head, **_lost(list(before.questions()), list(after.questions())), **({"rows": rows} if rows else {})}


def _lost(before: Sequence[Question], after: Iterable[Question]) -> dict[str, Any]:
    now = {question.key: question for question in after}
    dropped = [q.key for q in before if q.key not in now or now[q.key].type is not q.type]
    codes = {
        question.key: gone
        for question in before
        if question.key not in dropped and (gone := _gone(question, now[question.key]))
    }
    return {**({"dropped": dropped} if dropped else {}), **({"codes": codes} if codes else {})}


def _gone(before: Question, after: Question) -> dict[Any, None]:
    kept = {option.code for option in after.options}
    return {option.code: None for option in before.options if option.code not in kept}
