"""Guesses passwords as an attacker would: common ones, words about the owner, and what Norwegians like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

# zxcvbn refuses more; what follows only makes a password stronger.
_LONGEST = 72
# 3 of 4: safe against an attacker who may try at leisure, as the library puts it.
_GOOD = 3
_WORDS = Path(__file__).with_name("norwegian_words.txt")
_LETTERS = re.compile(r"[^\W\d_]+")
_LOOKALIKES = str.maketrans("0134578@$!", "oieastba" + "si")


class ZxcvbnStrength:
    """Knows the library's lists, a list of Norwegian words, and what is known about the owner."""

    def __init__(self, extra: Sequence[str] = ()) -> None:
        words = _WORDS.read_text(encoding="utf-8").split()
        self._words = [*words, *(word.casefold() for word in extra)]
        self._alone = {*self._words, *FREQUENCY_LISTS["passwords"]}

    def is_common(self, password: str, *, known: Sequence[str]) -> bool:
        """Tell whether it is guessed soon."""
        if not password:  # the library takes none that is empty
            return True
        about = [part for word in known for part in _LETTERS.findall(word.casefold())]
        if self._is_dressed_word(password, about):
            return True
        inputs = [*self._words, *(word.casefold() for word in known if word)]
        return bool(zxcvbn(password[:_LONGEST], user_inputs=inputs)["score"] < _GOOD)

    def _is_dressed_word(self, password: str, about: Sequence[str]) -> bool:
        """One well-known word, or words about the owner, with a year and signs around: the library is too kind here."""
        plain = password.casefold()
        for spelt in (plain, plain.rstrip("0123456789!?.,+-*#%& ").translate(_LOOKALIKES)):
            words = [word for word in _LETTERS.findall(spelt) if len(word) > 1]
            if (len(words) == 1 and words[0] in self._alone) or (words and set(words) <= set(about)):
                return True
        return False
