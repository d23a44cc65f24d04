"""Two editors at the screen: what both have changed is asked, what one has changed is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.registration.domain.merge import Difference, Side
from services.registration.pages.answer_text import Wording
from services.registration.pages.context import day_and_time, typed
from services.registration.pages.form_view import AGAINST, PICK, framed, kept, mine_of, person_of
from services.registration.pages.ticket import FIELD as TICKET
from services.registration.usecases.course_at import FormAt
from services.registration.usecases.course_forms import OpenForm
from services.registration.usecases.drafts import Typed, keep_draft
from services.registration.usecases.save_form import Saved, open_form, save_form
from services.registration.usecases.two_editors import Joined, join, last_save
from shared.web.language import current_language, translate

CONFLICT = 409


class Line(NamedTuple):
    """A difference in words; `error` where a choice is missing."""

    place: str
    label: str
    mine: str
    theirs: str
    error: str = ""


def has_chosen() -> bool:
    """Whether the post comes from the page of differences."""
    return AGAINST in request.form


def save_chosen(at: FormAt, page: Typed) -> Saved | None:
    """Store what both wrote as it was chosen; None when a choice is missing or somebody has saved again meanwhile."""
    opened = open_form(at, kept())
    joined = _joined(opened, page)
    is_open = any(one.place not in _picks() for one in joined.merged.asked)
    if is_open or typed(AGAINST) != str(opened.revision):
        return None
    return save_form(at, lambda _: joined.draft, revision=opened.revision, kept=kept(), comment=joined.comment)


def show_conflict(at: FormAt, page: Typed) -> ResponseReturnValue:
    """Both answers beside each other; what the second editor typed is kept as a draft until it is saved."""
    keep_draft(at, page, kept())
    person, opened = person_of(at), open_form(at, kept())
    joined = _joined(opened, page)
    merged, words = joined.merged, Wording(opened.form, opened.document["answers"], joined.draft.document["answers"])
    is_again = has_chosen() and typed(AGAINST) != str(opened.revision)
    asked = _lines(words, merged.asked, must_choose=has_chosen() and not is_again)
    shown = render_template(
        "registration/conflict.html",
        **framed(at, person),
        title=opened.form.definition.title.get(current_language()) or opened.form.definition.title["nb"],
        form=at.form,
        asked=asked,
        only_mine=_lines(words, merged.only_mine),
        only_theirs=_lines(words, merged.only_theirs),
        problems=[line for line in asked if line.error],
        is_again=is_again,
        saver=_saver(at),
        sent={**page.fields, "revision": [page.revision], AGAINST: [opened.revision], TICKET: [typed(TICKET)]},
    )
    return shown, CONFLICT


def _joined(opened: OpenForm, page: Typed) -> Joined:
    return join(opened, mine_of(opened, page)[1], _picks())


def _picks() -> dict[str, Side]:
    sides = {side.value: side for side in Side}
    given = {name.removeprefix(PICK): value for name, value in request.form.items() if name.startswith(PICK)}
    return {place: sides[value] for place, value in given.items() if value in sides}


def _lines(words: Wording, differences: Sequence[Difference], *, must_choose: bool = False) -> list[Line]:
    picks = _picks()
    return [
        Line(
            one.place,
            words.label(one.place),
            words.answer(one.place, one.mine),
            words.answer(one.place, one.theirs),
            translate("registration.conflict.choose") if must_choose and one.place not in picks else "",
        )
        for one in differences
    ]


def _saver(at: FormAt) -> str:
    last = last_save(at, kept())
    when = day_and_time(last.at)
    if last.actor == at.by.actor:
        return translate("registration.conflict.by_yourself", when=when)
    name = last.name or translate("registration.history.user", number=last.actor.partition(":")[2])
    return translate("registration.conflict.by_other", user=name, when=when)
