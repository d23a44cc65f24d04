"""A world with finished forms to extract."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pyrage

from services.registration.domain.form_state import FormState
from services.registration.gateways.codebook import load_variables
from services.registration.gateways.extract_files import FolderOfExtracts
from services.registration.gateways.extract_package import AgePackage
from services.registration.handlers import HANDLERS
from services.registration.store.tables import CourseRow, FormRow
from services.registration.usecases.block_person import block_person, confirm_erasure, erase_health_data
from services.registration.usecases.make_extract import ExtractKit, make_extract
from services.registration.usecases.open_course import open_course
from shared.contracts.release import ExtractRequested
from shared.db.keyed_hash import KeyedHash
from shared.forms.catalogue import registry
from tests.registration.usecases.desk import NOW, NURSE, World

EXTRACT = "0e" * 16
RECIPIENT = pyrage.x25519.Identity.generate()
VARIABLES = load_variables()
REQUEST = {
    "extract_id": EXTRACT,
    "delivery_id": "0d" * 16,
    "project_id": "0c" * 16,
    "registry": "smertereg",
    "variables": ("to.supervision", "to.referred_by", "pasreg.contacts_last_year"),
    "from_on": date(2026, 1, 1),
    "to_on": date(2026, 12, 31),
    "organisations": (100082,),
    "recipient_key": str(RECIPIENT.to_public()),
}


class Package(AgePackage):
    """Packing, and something that happens meanwhile."""

    meanwhile = None

    def pack(self, tables, recipient_key):
        if self.meanwhile:
            self.meanwhile()
        return super().pack(tables, recipient_key)


class Stuck(FolderOfExtracts):
    """Files that cannot be deleted just now."""

    def remove(self, extract_id):
        raise OSError("busy")


class Archive(World):
    """A world with finished forms to extract."""

    def __init__(self, database):
        super().__init__(database)
        self.package = Package()
        self.kit = ExtractKit(
            persons=self.persons,
            variables=VARIABLES,
            hash_of=lambda project: KeyedHash(b"p" * 32, project),
            package=self.package,
            files=self.files,
        )

    def register(self, number, day=date(2026, 6, 1), *, placement="national", state=FormState.FINALISED, **answers):
        course_id = open_course(number, started_on=day, by=NURSE, desk=self.desk, uow=self.uow)
        self.write(course_id, "to", state, **(answers or {"supervision": 1, "referred_by": ["phone"]}))
        with self.uow() as store:
            store.session.get(CourseRow, course_id).placement = placement
        return course_id

    def write(self, course_id, form, state=FormState.FINALISED, **answers):
        compiled = registry("smertereg").form(form)
        document = compiled.kept(compiled.new(answers), {"today": NOW.date()})
        values = {"definition_version": compiled.version, "saved_at": NOW, "saved_by": "user:7", "state": state}
        row = FormRow(course_id=course_id, form=form, document=document, **values)
        with self.uow() as store:
            store.add(row)
            store.write_typed("smertereg", row)

    def ask(self, **changes):
        HANDLERS[ExtractRequested](ExtractRequested(**{**REQUEST, **changes}), self.uow)

    def make(self, **changes):
        self.ask(**changes)
        make_extract(**self.jobs()["make_extract"], kit=self.kit, uow=self.uow)
        return self.events()[-1]

    def rows_of(self, name="data"):
        with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(self.files.read(EXTRACT), [RECIPIENT]))) as archive:
            text = archive.read(f"{name}.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def reserve(self, number):
        block_person("smertereg", self.persons.block_hash(number), case_id="1a" * 16, uow=self.uow)

    def erase(self):
        job = self.jobs()["erase_health_data"]
        erase_health_data(**job, persons=self.persons, uow=self.uow)

    def confirm(self):
        job = self.jobs()["confirm_erasure"]
        confirm_erasure(**job, persons=self.persons, files=self.files, uow=self.uow)
