"""The form for new users ("Ny bruker"), and for users who want access to a further place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import FormRefused
from services.identity.pages.blueprint import pages
from services.identity.pages.context import log_in, means
from services.identity.pages.steps import current_flow, next_step
from services.identity.queries.form_lists import form_lists
from services.identity.usecases.apply_for_user import apply_for_access, apply_for_user
from shared.web.context import is_htmx
from shared.web.language import current_language
from shared.web.throttle import throttled

DETAILS = ("user_name", "full_name", "mobile", "email")
LISTS = ("position", "region", "organisation", "clinic", "department", "registry", "applied_organisation")
# The button that asks for the lists anew, for browsers without scripts.
REFRESH = "refresh"


@pages.get("/new-user")
def show_new_user() -> ResponseReturnValue:
    """The empty form."""
    return _form({}, {}, is_known=False)


@pages.post("/new-user")
@throttled(limit=60, window=timedelta(hours=1))
def send_new_user() -> ResponseReturnValue:
    """Take in the application; the answer is the same whoever is known already."""
    fields = request.form.to_dict()
    if REFRESH in fields or is_htmx():
        return _form(fields, {}, is_known=False)
    try:
        apply_for_user(fields, language=current_language(), seals=means().seals, uow=means().uow)
    except FormRefused as refused:
        return _form(fields, refused.errors, is_known=False), 422
    return redirect(url_for("pages.show_thanks"), 303)


@pages.get("/new-user/thanks")
def show_thanks() -> ResponseReturnValue:
    """Say what happens now."""
    return render_template("identity/thanks.html")


@pages.get("/my-page/access")
def show_more_access() -> ResponseReturnValue:
    """The form of somebody who has an account."""
    return _form({}, {}, is_known=True) if log_in() is not None else next_step(current_flow())


@pages.post("/my-page/access")
@throttled(limit=20, window=timedelta(hours=1))
def send_more_access() -> ResponseReturnValue:
    """Take in the application of somebody who has an account."""
    fields, own = request.form.to_dict(), log_in()
    if own is None:
        return next_step(current_flow())
    if REFRESH in fields or is_htmx():
        return _form(fields, {}, is_known=True)
    try:
        apply_for_access(own.user_id, fields, language=current_language(), uow=means().uow)
    except FormRefused as refused:
        return _form(fields, refused.errors, is_known=True), 422
    return redirect(url_for("pages.show_thanks"), 303)


def _form(fields: Mapping[str, str], errors: Mapping[str, str], *, is_known: bool) -> str:
    order = [*([] if is_known else DETAILS), *LISTS]
    template = "identity/new_user_lists.html" if is_htmx() else "identity/new_user.html"
    return render_template(
        template,
        fields={name: fields.get(name, "") for name in order},
        errors={name: errors[name] for name in order if name in errors},
        lists=form_lists(fields, database=means().database, clock=means().clock),
        registry_names=means().registry_names,
        is_known=is_known,
        action=url_for("pages.send_more_access" if is_known else "pages.send_new_user"),
    )
