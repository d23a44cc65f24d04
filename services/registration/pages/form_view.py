"""What every page of a form is made of: where it is, what came back from it, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict

from services.registration.domain.change_log import COMMENT
from services.registration.domain.errors import NotFound
from services.registration.domain.form_state import FormState
from services.registration.pages.context import form_url, means, registry, typed, who
from services.registration.pages.reserved import with_acceptance, without_reserved
from services.registration.pages.ticket import FIELD as TICKET
from services.registration.pages.ticket import sent_ticket, write_ticket
from services.registration.pages.told import Teller
from services.registration.queries.flags import open_flags, seen_flags_of
from services.registration.queries.person_page import PersonPage, person_page, pid_of_course
from services.registration.queries.places import LOCATION, WARD, places_of
from services.registration.queries.scope import seen_organisations
from services.registration.queries.set_aside import SetAside, set_aside
from services.registration.usecases.course_at import CourseAt, FormAt, Kept
from services.registration.usecases.course_forms import OpenForm
from services.registration.usecases.drafts import Typed
from services.registration.usecases.missing_contact import complete
from services.registration.usecases.two_editors import Mine, at_state, state_of
from shared.auth.principal import Principal
from shared.forms.draft import Draft
from shared.forms.page import Page
from shared.forms.page_maker import Showing
from shared.forms.problems import Problem
from shared.web.context import current_principal
from shared.web.language import current_language

REVISION, AGAINST, PICK = "revision", "_against", "_pick."
_PLAIN: Mapping[str, Any] = {"note": "", "alert_text": "", "errors": {}, "found": None, "is_outdated": False}
_STATUS: Mapping[str, Any] = {"status": "", "log_in_url": None}
_NOT_TYPED = frozenset({"csrf_token", "act", TICKET, REVISION, AGAINST})


def course_at(course_id: int) -> CourseAt:
    """Which course a page is about."""
    by = current_principal()
    return CourseAt(course_id=course_id, by=by, seen=seen_organisations(registry(), by))


def form_at(course_id: int, form: str, *, is_read: bool = False, by: Principal | None = None) -> FormAt:
    """Where a page is; only reading goes for the patients' forms too."""
    by = by or current_principal()
    known = means().registry(by.registry)
    entry = known.form(form)
    if entry is None or (entry.is_patient and not is_read):
        raise NotFound
    return FormAt(course_id=course_id, form=form, by=by, seen=seen_organisations(known, by))


def kept() -> Kept:
    """Where forms and persons are kept."""
    return Kept(persons=means().persons, uow=means().uow)


def person_of(at: CourseAt) -> PersonPage:
    """Whose course it is; the access log is written before anything is shown."""
    known, uow = registry(), means().uow
    pid = pid_of_course(at.course_id, by=at.by, registry=known, uow=uow)
    return person_page(pid, course_id=at.course_id, by=at.by, registry=known, persons=means().persons, uow=uow)


def sent_page(at: FormAt) -> Typed:
    """The page that has come back, as it was typed, and the state of the form that it was made from."""
    ticket = sent_ticket(at.course_id, at.form)
    revision = int(typed(REVISION)) if typed(REVISION).isdecimal() else -1
    fields = {
        name: given for name, given in request.form.lists() if name not in _NOT_TYPED and not name.startswith(PICK)
    }
    return Typed(
        fields=fields,
        opening=ticket.opening if ticket else "",
        revision=revision,
        base=ticket.base if ticket and ticket.revision == revision else None,
    )


def read_fields(opened: OpenForm, page: Typed) -> Draft:
    """What the fields of a page make of the form."""
    return opened.form.read(MultiDict({name: list(given) for name, given in page.fields.items()}), opened.document)


def comment_of(page: Typed) -> str | None:
    """The internal comment as it was typed."""
    return next(iter(page.fields.get(COMMENT, ())), None)


def mine_of(opened: OpenForm, page: Typed) -> tuple[OpenForm, Mine]:
    """The form as it stood when the page was opened, and what was typed upon it."""
    begun = at_state(opened, page.base, page.revision)
    return begun, Mine(draft=read_fields(begun, page), comment=comment_of(page), base=page.base)


def drawn(opened: OpenForm, draft: Draft | None = None, problems: Sequence[Problem] = ()) -> Page:
    """The questions as they stand."""
    showing = Showing(
        language=current_language(),
        draft=draft,
        problems=problems,
        person={"phone": opened.facts.phone, "email": opened.facts.email} if opened.facts else {},
        places=places,
        is_read_only=opened.state is FormState.FINALISED,
    )
    document = draft.document if draft else opened.document
    page = without_reserved(opened.form.page(document, opened.context, showing), opened.form)
    return with_acceptance(page, opened.form, document.get("confirmed", ()))


def places(source: str) -> list[tuple[int, str]]:
    """The locations or wards of the user's organisation."""
    kind = {"locations": LOCATION, "wards": WARD}[source]
    found = places_of(current_principal(), registry(), database=means().database)
    return [(place.place_id, place.name) for place in found if place.kind == kind]


def missing_count(opened: OpenForm, draft: Draft | None = None) -> int:
    """How many answers keep the form from being finalised."""
    return len(complete(opened, draft))


def addresses(at: FormAt) -> dict[str, str]:
    """Where the page of a form sends what."""
    place = {"course_id": at.course_id, "form": at.form}
    routes = {
        "send_to": "pages.send_form",
        "draw_at": "pages.draw_form",
        "draft_at": "pages.send_draft",
        "discard_at": "pages.send_discard",
        "reopen_at": "pages.send_reopen",
    }
    return {name: url_for(route, **place) for name, route in routes.items()}  # type: ignore[arg-type]


def framed(at: FormAt, person: PersonPage) -> dict[str, Any]:
    """What stands around a form: whose it is, and the way through the course."""
    course = person.courses[0]
    return {"page": person, "course": course, "forms": registry().forms, "form_url": form_url, **addresses(at)}


def _beside_answers(at: FormAt, person: PersonPage, opened: OpenForm) -> dict[str, Any]:
    """What a clinician must look at in the patient's answers, what was acknowledged, and what did not fit the form."""
    known, by, kept = registry(), at.by, means()
    if not any(form.key == at.form and form.is_patient for form in known.forms):
        return {"flags": (), "seen": (), "aside": SetAside(), "misfits": ()}
    now = kept.clock.now()
    waiting = open_flags(by=by, registry=known, now=now, database=kept.database, course_id=at.course_id)
    seen = seen_flags_of(at.course_id, by=by, registry=known, uow=kept.uow)
    here = [[flag for flag in flags if flag.form == at.form] for flags in (waiting, seen)]
    aside = set_aside(at.course_id, at.form, person.person.pid, uow=kept.uow)
    told = Teller(form=opened.form, rows={}, place_name=str).misfits(aside.misfits)
    return {"flags": here[0], "seen": here[1], "who": who, "aside": aside, "misfits": told}


def show(
    at: FormAt,
    person: PersonPage,
    opened: OpenForm,
    page: Page,
    *,
    base: Mapping[str, Any] | None = None,
    draft: Draft | None = None,
    **more: Any,
) -> str:
    """The whole page; `base` is the state of the form it begins with, if that is not how the form stands."""
    is_locked = opened.state is FormState.FINALISED
    return render_template(
        "registration/form.html",
        **{**_PLAIN, **_STATUS, "comment": request.form.get(COMMENT, opened.comment), **framed(at, person), **more},
        **_beside_answers(at, person, opened),
        form_page=page,
        revision=opened.revision,
        ticket=write_ticket(at, revision=opened.revision, base=base or state_of(opened)),
        missing=None if is_locked else missing_count(opened, draft),
        is_locked=is_locked,
        is_from_parent=opened.is_from_parent,
        may_reopen=at.by.role in {"LC", "SC"} and any(f.key == at.form and not f.is_patient for f in registry().forms),
    )
