"""What must not stand in a message that others than the receiver may see: national numbers and words about health."""

from __future__ import annotations

import re

from deploy.standins.numbers import is_valid

_ADDRESS = re.compile(r"https?://\S+")
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")
# Whole words, or beginnings where a star stands; registry names, departments, diagnoses, instruments, treatment.
_WORDS = (
    "smerte* norpain pain opioid* morfin* hads angst* depresjon* depression anxiety eval pasreg diagnos* kreft* "
    "sykdom* lidelse* operasjon* legemid* medisin* "
    "sykehus* sjukehus* hospital* haukeland* rikshospitalet radiumhospitalet ullevål ahus avdeling* "
    "poliklinikk* klinikk* sengepost* tilsyn* "
    "kvalitetsregist* helseregister* smerteregister* registeret"
)
_PATTERNS = (rf"{word[:-1]}\w*" if word.endswith("*") else word for word in _WORDS.split())
_HEALTH = re.compile(rf"\b(?:{'|'.join(_PATTERNS)})\b", re.IGNORECASE)


def national_number_in(text: str) -> bool:
    """Tell whether the text, web addresses too, holds a number with the form and check digits of a national one."""
    return any(is_valid(re.sub(r"\D", "", found)) for found in _ELEVEN_DIGITS.findall(text))


def health_word_in(text: str) -> str | None:
    """Return the first word about health, department or registry; web addresses are not looked at."""
    found = _HEALTH.search(_ADDRESS.sub(" ", text))
    return found.group(0) if found else None


def links_in(text: str) -> tuple[str, ...]:
    """Return the web addresses in a text, in order, without the full stop that ends a sentence."""
    return tuple(address.rstrip(".,;:)>") for address in _ADDRESS.findall(text))
