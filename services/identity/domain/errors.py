"""The ways a rule of identity says no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class RuleBroken(Exception):  # noqa: N818 - it is a sentence: a rule is broken
    """A rule was broken; `code` is the key of the sentence shown to the user."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values_shown = values


class NotFound(RuleBroken):
    """The thing does not exist, or not for this user; both look the same from outside."""

    def __init__(self) -> None:
        super().__init__("not_found")


class FormRefused(RuleBroken):
    """One or more fields of a form are wrong: `errors` holds one code a field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("form_has_errors")
        self.errors = dict(errors)


class MustWait(RuleBroken):
    """Too many failed tries; nothing more is looked at before `until`, or whatever comes if the code says so."""

    def __init__(self, until: datetime, code: str = "too_many_tries") -> None:
        super().__init__(code)
        self.until = until
