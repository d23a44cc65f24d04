"""The one way a rule of release says no."""

from __future__ import annotations

from collections.abc import Mapping


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
    """Fields of a form are not right; `errors` holds the code of the sentence for each."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("form_refused")
        self.errors = dict(errors)
