"""The patient forms of a course, as the rules on ordering and stopping read them."""

from __future__ import annotations

from services.registration.domain.patient_orders import PatientForms
from services.registration.store.patient_forms import read_patient_forms
from services.registration.store.tables import CourseRow
from shared.db.database import Database


def patient_forms_of(course_id: int, *, database: Database) -> PatientForms:
    """How they stand; the caller has shown that the user may see the course."""
    with database.reading() as session:
        return read_patient_forms(session, session.get_one(CourseRow, course_id))
