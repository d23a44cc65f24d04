"""What a registry lets its patients do, as frozen values and read from registry.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.forms.definition import Text
from shared.forms.reading import Node


class LogIn(StrEnum):
    """A way for patients to prove who they are."""

    IDPORTEN = "idporten"
    SMS_CODE = "sms_code"


@dataclass(frozen=True)
class PatientRules:
    """How patients log in, whether they may have their answers as a file, and what happens to the answers."""

    log_in: tuple[LogIn, ...] = (LogIn.IDPORTEN,)
    own_copy: bool = False
    thanks: Text | None = None


def read_patients(node: Node) -> PatientRules:
    """The part `patients`; a registry without it has the strictest rules."""
    inner = node.node("patients")
    if inner is None:
        return PatientRules()
    rules = PatientRules(
        log_in=_ways(inner),
        own_copy=inner.flag("own_copy"),
        thanks=inner.text("thanks"),
    )
    inner.close()
    return rules


def _ways(node: Node) -> tuple[LogIn, ...]:
    told = node.take("log_in", list) or [LogIn.IDPORTEN]
    known = [way for way in LogIn if way in told]
    if len(known) != len(told) or LogIn.IDPORTEN not in known:
        node.flaw("log_in", "is a list of idporten and perhaps sms_code")
    return tuple(known)
