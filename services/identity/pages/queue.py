"""The coordinator's queue of applications."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import FormRefused, NotFound, RuleBroken
from services.identity.domain.roles import LOCAL, RoleCode
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.pages.days import read_end
from services.identity.queries.lost_phones import LostPhones
from services.identity.queries.queue import Queue
from services.identity.usecases.decide_application import approve_application, reject_application
from shared.web.context import current_principal

# By which field of the approval a broken rule is told; the others stand by the role.
FIELD_OF = {
    "user_name_taken": "user_name",
    "day_malformed": "ends_on",
    "role_end_is_past": "ends_on",
    "role_end_too_far": "ends_on",
}


@pages.get("/applications")
def show_queue() -> ResponseReturnValue:
    """The applications that wait."""
    return render_template(
        "identity/queue.html",
        waiting=_queue().waiting(current_principal()),
        lost_phones=LostPhones(means().database, means().seals, means().clock).waiting(current_principal()),
        done=request.args.get("done", ""),
    )


@pages.get("/applications/<application_id>")
def show_application(application_id: str) -> ResponseReturnValue:
    """One application, with the buttons to decide it."""
    return _page(application_id)


@pages.post("/applications/<application_id>/approve")
def send_approval(application_id: str) -> ResponseReturnValue:
    """Approve with a role."""
    role = request.form.get("role", "")
    if role not in {code.value for code in LOCAL}:
        return _page(application_id, {"role": "required"}), 422
    user_name = request.form.get("user_name", "").strip() or None
    try:
        approve_application(
            application_id,
            RoleCode(role),
            user_name=user_name,
            ends_at=read_end(request.form.get("ends_on", "")),
            by=current_principal(),
            messages=means().messages,
            hasher=means().hasher,
            uow=means().uow,
        )
    except NotFound:
        raise
    except FormRefused as refused:
        return _page(application_id, refused.errors), 422
    except RuleBroken as broken:
        return _page(application_id, {FIELD_OF.get(broken.code, "role"): broken.code}), 422
    return redirect(url_for("pages.show_queue", done="approved"), 303)


@pages.post("/applications/<application_id>/reject")
def send_rejection(application_id: str) -> ResponseReturnValue:
    """Reject with a reason."""
    try:
        reject_application(
            application_id,
            request.form.get("reason", ""),
            by=current_principal(),
            messages=means().messages,
            uow=means().uow,
        )
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(application_id, {"reason": broken.code}), 422
    return redirect(url_for("pages.show_queue", done="rejected"), 303)


def _page(application_id: str, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "identity/application.html",
        application=_queue().one(application_id, current_principal()),
        registry_names=means().registry_names,
        fields=request.form.to_dict(),
        errors=errors or {},
    )


def _queue() -> Queue:
    return Queue(means().database, means().seals, means().clock)
