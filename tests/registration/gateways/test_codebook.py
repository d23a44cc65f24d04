"""Which variables of a registry may be handed out."""

from __future__ import annotations

import pytest

from services.registration.gateways.codebook import load_variables
from services.release.gateways.registry_folders import load_catalog

VARIABLES = load_variables()["smertereg"]


@pytest.mark.req("REL-07", "GEN-04")
@pytest.mark.parametrize("name", ["po.birth_date", "po.phone", "to.comment", "b11.admission_diagnosis"])
def test_what_says_who_somebody_is_and_free_text_may_not_leave(name):
    assert name not in VARIABLES


@pytest.mark.req("REL-07")
def test_rows_leave_as_part_of_the_variable_that_holds_them():
    inner = [variable.question for variable in VARIABLES["b11.pain_diagnoses"].inner]

    assert {"pain_category", "procedure_code"} < set(inner)
    assert not any(name.startswith("b11.pain_diagnoses.") for name in VARIABLES)


@pytest.mark.req("REL-07")
def test_each_column_has_the_name_of_the_reports_and_its_codes():
    (supervision,), (strongest,) = VARIABLES["to.supervision"].fields, VARIABLES["b12.strongest_at_rest"].fields
    _, phone = VARIABLES["to.referred_by"].fields

    assert (supervision.name, supervision.column, supervision.codes["1"]) == ("Tilsett", "supervision", "Ja")
    assert supervision.codes["4"] == "Nei - gitt råd; i versjon 1: Nei - ikke prioritert, men gitt råd"
    assert strongest.codes["99"] == "Vet ikke"
    assert (phone.name, phone.label, phone.codes) == ("TelefonCalling", "Telefon/Calling", {"0": "Nei", "1": "Ja"})


@pytest.mark.req("REL-07")
def test_names_of_columns_are_unique_in_a_registry():
    names = [
        field.name for variable in VARIABLES.values() for one in (variable, *variable.inner) for field in one.fields
    ]

    assert len(set(names)) == len(names)


@pytest.mark.req("REL-07", "GEN-01")
def test_what_can_be_applied_for_is_what_an_extract_can_hold():
    catalog = load_catalog()["smertereg"]

    assert catalog.variables([form.key for form in catalog.forms]) == list(VARIABLES)
