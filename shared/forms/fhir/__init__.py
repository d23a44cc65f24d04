"""Forms in the words of HL7 FHIR R4 (4.0.1)."""

from shared.forms.fhir.questionnaire import questionnaire
from shared.forms.fhir.response import answers_of, questionnaire_response
from shared.forms.fhir.response_rules import Reason, ResponseFlaw, response_flaws

__all__ = [
    "Reason",
    "ResponseFlaw",
    "answers_of",
    "questionnaire",
    "questionnaire_response",
    "response_flaws",
]
