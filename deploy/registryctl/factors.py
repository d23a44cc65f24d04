"""`factors compare`: what a list of opioid factors would change in what registration has stored. Nothing is changed."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from deploy.registryctl.desk import CannotDo, Desk
from services.registration.queries.recalculation import recalculation
from services.registration.settings import Settings
from shared.forms.catalogue import registry
from shared.forms.definition import Preparations
from shared.forms.errors import DefinitionError, UnknownForm
from shared.forms.read_lists import read_factors
from shared.forms.reading import Flaws


def compare_factors(desk: Desk, given: Namespace) -> int:
    """Tell how many stored results a list of factors (v<N>.csv) would change, by organisation, and the largest."""
    if not isinstance(desk.settings, Settings):
        raise CannotDo("Opioid factors are used by registration.")
    factors = _read(given.file)
    desk.note(f"factors {given.registry}/{given.file.name}")
    try:
        with desk.worker.uow() as store:
            report = recalculation(registry(given.registry), factors, store.session)
    except UnknownForm:
        raise CannotDo(f"There is no registry {given.registry}.") from None
    print(f"Version {report.version} against what is stored: nothing is changed.")
    for count in report.counts:
        print(f"{count.organisation}  {count.forms} forms  {count.changed} would change  {count.sums} sums")
    for one in report.largest:
        print(f"FID {one.course_id}  {one.form}  {one.before:.1f} -> {one.after:.1f}")
    return 0


def _read(file: Path) -> Preparations:
    flaws = Flaws(file.parent)
    found = read_factors(file, flaws)
    try:
        flaws.stop()
    except DefinitionError as error:
        raise CannotDo(str(error)) from None
    if found is None:
        raise CannotDo(f"{file.name} is not a list of factors.")
    return found
