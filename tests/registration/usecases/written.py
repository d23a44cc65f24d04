"""A world in which every form of a course is written, by chance but always the same."""

from __future__ import annotations

import random
from datetime import date

from sqlalchemy import select

from deploy.demo.answers import Filler, Wishes
from services.registration.store.tables import TYPED, FormRow
from services.registration.usecases.open_course import open_course
from shared.forms.catalogue import registry
from tests.registration.usecases.desk import LINE, NOW, NURSE, World

SMERTEREG = registry("smertereg")
STARTED_ON = date(2026, 11, 1)
CONTEXT = {
    "today": NOW.date(),
    "birth_date": date(1969, 5, 3),
    "gender": 2,
    "address_type": 1,
    "deceased": 1,
    "deceased_date": date(2026, 11, 20),
    "legal_basis": "reservation",
    "course_type": 3,
    "referred_on": STARTED_ON,
    "started_on": STARTED_ON,
    "ended_on": date(2026, 11, 10),
    "consent": 1,
    "consent_date": STARTED_ON,
}
WISHES = {"supervision": 1, "norwegian_speaking": 1, "cognitively_impaired": 0, "complete": 1, "end_date": "2026-11-10"}
WISHES |= {"referral_date": "2026-11-01", "start_date": "2026-11-01"}


def filled(form, number=0):
    """A finished document as it is stored."""
    wishes = Wishes(values=WISHES, places={"locations": [1], "wards": [2]})
    return Filler(SMERTEREG.form(form), CONTEXT, wishes, random.Random(f"{form}{number}")).fill()


class Written(World):
    """A world that writes forms."""

    def open(self, number=LINE):
        return open_course(number, started_on=STARTED_ON, by=NURSE, desk=self.desk, uow=self.uow)

    def write(self, course_id, form, document, *, is_typed=True):
        with self.uow() as store:
            row = store.form(course_id, form) or FormRow(course_id=course_id, form=form)
            row.definition_version, row.document, row.state = document["version"], document, 3
            row.saved_at, row.saved_by = NOW, "user:7"
            store.add(row)
            if is_typed:
                store.write_typed("smertereg", row)

    def write_all(self, course_id, number=0, *, is_typed=True):
        for form in SMERTEREG.form_keys:
            self.write(course_id, form, filled(form, number), is_typed=is_typed)

    def save_all(self, course_id, number):
        """The same, as a save at the screen writes it."""
        for form in SMERTEREG.form_keys:
            document = filled(form, number)
            facts = {"definition_version": document["version"], "document": document, "state": 3, "revision": number}
            times = {"saved_at": NOW, "saved_by": "user:7", "finalised_at": NOW, "finalised_by": "user:7"}
            with self.uow() as store:
                row = FormRow(course_id=course_id, form=form, **facts, **times)
                store.keep_form("smertereg", row, SMERTEREG.form(form).stand_stored(document))

    def typed(self, form, question=None):
        """The rows of a form's table, or of one of its tables of rows."""
        typed = TYPED["smertereg", form]
        table = typed.rows[question] if question else typed.table
        with self.database.reading() as session:
            return [dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()]

    def all_typed(self):
        """Everything in the registry's typed tables."""
        found = {}
        for form in SMERTEREG.form_keys:
            found[form] = self.typed(form)
            found |= {(form, question): self.typed(form, question) for question in TYPED["smertereg", form].rows}
        return found
