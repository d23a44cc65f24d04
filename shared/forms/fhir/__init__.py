"""Forms in the words of HL7 FHIR R4 (4.0.1)."""

from shared.forms.fhir.handed_in import Fault, HandedIn, read_response
from shared.forms.fhir.questionnaire import questionnaire
from shared.forms.fhir.response import answers_of, questionnaire_response
from shared.forms.fhir.response_rules import Reason, ResponseFlaw, response_flaws

__all__ = [
    "Fault",
    "HandedIn",
    "Reason",
    "ResponseFlaw",
    "answers_of",
    "questionnaire",
    "questionnaire_response",
    "read_response",
    "response_flaws",
]
