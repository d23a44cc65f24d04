"""The key files of reservation, and the one it has in common with registration."""

from __future__ import annotations

import pytest

from services.registration.app import BLOCK_KEYS as REGISTRATIONS_FILE
from services.registration.app import _keyed_hash as registrations_hash
from services.reservation.app import BLOCK_KEYS

NUMBER = "01888912345"


@pytest.mark.req("RES-05")
def test_registration_finds_a_person_by_the_same_hash(site):
    theirs = registrations_hash(site.settings.keys_dir / REGISTRATIONS_FILE, "block-list")

    assert BLOCK_KEYS == REGISTRATIONS_FILE
    assert site.means.numbers.hash_of(NUMBER) == theirs.digest(NUMBER)
