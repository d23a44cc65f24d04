"""`forms import-fhir`: a form that somebody has made as a FHIR Questionnaire becomes a form of a registry."""

from __future__ import annotations

from argparse import Namespace

from deploy.registryctl.desk import CannotDo, Desk
from shared.forms.definition import Audience
from shared.forms.errors import DefinitionError, UnknownForm
from shared.forms.import_form import Import, read_import, write_import


def import_fhir(desk: Desk, given: Namespace) -> int:
    """Take in a Questionnaire (FHIR R4, JSON) as the next version of a form. All that cannot be taken over is told."""
    try:
        found = read_import(
            given.file,
            given.registry,
            given.form,
            Audience(given.audience),
            first_day=given.first_day,
            root=given.folder,
        )
    except UnknownForm as error:
        raise CannotDo(f"There is no registry, and can be no form, of this name: {error}.") from None
    except DefinitionError as error:
        raise CannotDo(f"Nothing was taken in:\n{error}") from None
    _tell(found)
    if given.dry_run:
        return 0
    counts = {"version": found.version, "questions": found.questions}
    desk.note(f"forms {given.registry}/{given.form}", counts)
    print(f"Written to {write_import(found, given.registry, given.folder)}.")
    print("Name a new form in registry.yaml. Publish it, then restart the services: they read it when they start.")
    return 0


def _tell(found: Import) -> None:
    print(f"{found.form} version {found.version}: {found.questions} questions")
    for flaw in found.intake.left_out:
        print(f"left out: {flaw}")
    for link, key in found.intake.keys.items():
        print(f"linkId {link} is {key}")
    mapping = found.mapping or {}
    if mapping.get("dropped"):
        print(f"answers with no place any longer: {', '.join(mapping['dropped'])}")
