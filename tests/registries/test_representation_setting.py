"""What a registry says of parents who answer for children."""

from __future__ import annotations

import pytest

from shared.forms.catalogue import registries
from shared.forms.errors import DefinitionError
from shared.forms.representation import Representation
from tests.registries.test_message_settings import with_messages

pytestmark = pytest.mark.req("EPR-01", "EPR-08", "GEN-01")


def test_the_registries_of_grown_ups_let_nobody_answer_for_another():
    assert {known.rules.messages.representation for known in registries().values()} == {None}


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"parents_until": 16}, Representation(parents_until=16, child_from=16)),
        ({"parents_until": 16, "child_from": 13}, Representation(parents_until=16, child_from=13)),
    ],
)
def test_the_ages_are_read(tmp_path, told, read):
    assert with_messages(tmp_path, representation=told).representation == read


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (16, "messages.representation"),
        ({}, "messages.representation.parents_until"),
        ({"parents_until": "16"}, "messages.representation.parents_until"),
        ({"parents_until": True}, "messages.representation.parents_until"),
        ({"parents_until": 0}, "messages.representation.parents_until"),
        ({"parents_until": 19}, "messages.representation.parents_until"),
        ({"parents_until": 16, "child_from": 17}, "messages.representation.child_from"),
        ({"parents_until": 16, "guardians": True}, "messages.representation.guardians"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_its_place(tmp_path, told, place):
    with pytest.raises(DefinitionError, match=place):
        with_messages(tmp_path, representation=told)
