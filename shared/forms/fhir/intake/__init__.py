"""Brings in a form that somebody made as a FHIR R4 Questionnaire, such as with Helsenorge's editor."""

from shared.forms.fhir.intake.form import Intake, Wanted, form_of

__all__ = ["Intake", "Wanted", "form_of"]
