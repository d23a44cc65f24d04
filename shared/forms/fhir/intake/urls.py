"""Names of extensions and code systems: HL7's, SDC's, and those of Helsenorge's editor."""

from __future__ import annotations

from collections.abc import Mapping

from shared.forms.fhir.elements import HL7, SDC

EHELSE, HELSENORGE = "http://ehelse.no/fhir/StructureDefinition/", "http://helsenorge.no/fhir/StructureDefinition/"
ITEM_CONTROL_EXTENSION = f"{HL7}questionnaire-itemControl"
ORDINAL = f"{HL7}ordinalValue"
HIDDEN = f"{HL7}questionnaire-hidden"
EXPRESSIONS = (f"{SDC}sdc-questionnaire-calculatedExpression", f"{EHELSE}sdf-calculatedExpression")
SCORE, FORMULAS = "http://ehelse.no/Score", "http://ehelse.no/scoringFormulas"

# How a page may show something; the form's own pages decide that themselves.
HARMLESS = frozenset(
    {
        f"{HL7}rendering-markdown",
        f"{HL7}rendering-xhtml",
        f"{HL7}rendering-style",
        f"{HL7}questionnaire-choiceOrientation",
        f"{HL7}questionnaire-displayCategory",
        f"{HL7}questionnaire-optionPrefix",
        f"{HL7}questionnaire-sliderStepValue",
        f"{HL7}valueset-label",
        f"{EHELSE}sdf-itemControl-visibility",
        f"{HELSENORGE}sdf-hyperlink-target",
    }
)
# What belongs to the way Helsenorge sends and keeps a form, or is only a remark; it is told, and not taken over.
ABOUT_SENDING: Mapping[str, str] = {
    **{
        f"{EHELSE}{name}": "how the form is sent and kept is the registry's to say"
        for name in (
            *("sdf-endpoint", "sdf-authenticationrequirement", "sdf-canbeperformedby", "sdf-accessibilitytoresponse"),
            *("sdf-discretion", "sdf-generatepdf", "sdf-generatenarrative", "sdf-questionnaire-endpoint"),
            *("sdf-sidebar", "sdf-information-message"),
        )
    },
    **{
        f"{HELSENORGE}{name}": "how the form is sent and kept is the registry's to say"
        for name in (
            *("sdf-save-capabilities", "sdf-questionnaire-print-version", "sdf-presentationbuttons"),
            *("sdf-questionnaire-navgiator-state", "sdf-guidanceparameter", "sdf-guidanceaction"),
        )
    },
    f"{EHELSE}validationtext": "the engine has its own words for what is wrong",
    f"{EHELSE}repeatstext": "the engine has its own words on its buttons",
    f"{HL7}entryFormat": "fields of the engine take an answer in every usual way of writing it",
    f"{HL7}designNote": "a remark of the author; rules it speaks of are not taken over",
}
CONTROLS = frozenset(
    {
        *("check-box", "drop-down", "radio-button", "autocomplete", "slider", "table", "htable", "gtable", "atable"),
        *("grid", "inline", "highlight", "help", "help-link", "prompt", "sidebar", "receiver-component", "text-box"),
        "data-receiver",
        *("unit", "list", "header", "footer", "page", "tab-container", "flyover", "lower", "upper", "spinner"),
    }
)
TEXT_ONLY = frozenset({"help", "help-link", "prompt", "sidebar", "inline", "highlight", "flyover"})
