"""The code in a letter: as secret as a link, and forgiving to whoever types it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.eprom.domain.links import CODE_SIGNS, grouped, letter_code, link_token, typed_letter_code

pytestmark = [pytest.mark.req("EPR-04", "EPR-08")]
KEY, ORDER = b"k" * 32, "0a" * 16


def test_a_code_has_140_bits_of_signs_that_are_not_mixed_up():
    codes = {letter_code(KEY, f"{number:032x}") for number in range(500)}
    signs = set("".join(codes))

    assert (len(codes), {len(code) for code in codes}) == (500, {CODE_SIGNS})
    assert len(signs) ** CODE_SIGNS >= 2**140
    assert not signs & set("ILOU")


def test_it_is_made_anew_by_who_has_the_key_and_leads_to_no_link():
    code = letter_code(KEY, ORDER)

    assert code == letter_code(KEY, ORDER)
    assert len({code, letter_code(b"l" * 32, ORDER), letter_code(KEY, "0b" * 16), link_token(KEY, ORDER)}) == 4


@given(st.binary(min_size=32, max_size=32))
def test_however_it_is_typed_it_is_meant_as_printed(key):
    code = letter_code(key, ORDER)
    sloppy = f" {grouped(code).lower()}.".replace("0", "o").replace("1", "l").replace(" ", "- ")

    assert grouped(code).count(" ") == CODE_SIGNS // 4 - 1
    assert {typed_letter_code(typed) for typed in (code, grouped(code), sloppy)} == {code}


@pytest.mark.parametrize("typed", ["", " ", "æøå", "https://", "0" * 500])
def test_what_is_no_code_is_just_another_wrong_one(typed):
    assert typed_letter_code(typed) != letter_code(KEY, ORDER)
