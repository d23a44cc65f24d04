"""Where a letter to a person goes: a Norwegian address that is not protected, or nowhere."""

from __future__ import annotations

import pytest

from services.registration.domain.person import PersonFacts
from services.registration.domain.postal_address import postal_address

pytestmark = [pytest.mark.req("EPR-04", "GEN-04")]


def person(address, protection="unclassified"):
    return PersonFacts(
        number="", number_kind="national", name="Ola Nes", birth_on=None, address=address, protection=protection
    )


@pytest.mark.parametrize(
    ("address", "line", "postcode", "city"),
    [
        ("Solsvingen 8B, 5003 Bergen", "Solsvingen 8B", "5003", "Bergen"),
        ("0150 Oslo", "", "0150", "Oslo"),
        ("c/o Vei, Tun 4, 4610 Kristiansand S", "c/o Vei, Tun 4", "4610", "Kristiansand S"),
    ],
)
def test_an_address_is_taken_apart(address, line, postcode, city):
    found = postal_address(person(address))

    assert (found.name, found.line, found.postcode, found.city) == ("Ola Nes", line, postcode, city)
    assert "Ola" not in repr(found)


@pytest.mark.parametrize("address", ["", "Solsvingen 8", "10115 Berlin", "Solsvingen 8, 150 Oslo", "5003"])
def test_without_a_norwegian_postcode_and_place_nobody_can_be_written_to(address):
    assert postal_address(person(address)) is None


@pytest.mark.parametrize("protection", ["confidential", "strictly_confidential"])
def test_a_protected_address_is_not_told_even_if_it_is_known(protection):
    assert postal_address(person("Solsvingen 8, 5003 Bergen", protection)) is None
