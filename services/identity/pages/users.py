"""The users a coordinator looks after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import LOCAL, Place, RoleCode, grantable
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.pages.days import end_shown, read_end
from services.identity.queries.users import ManagedUsers
from services.identity.usecases.apply_for_own_role import apply_for_own_role
from services.identity.usecases.change_role import change_role, give_role, take_role
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.end_sessions import end_sessions
from services.identity.usecases.reset_password import reactivate_user, reset_password
from shared.web.context import current_principal
from shared.web.language import translate

# By which field a broken rule is told; the others stand on top.
FIELD_OF = {
    "reason_missing": "reason",
    "reason_too_long": "reason",
    "role_missing": "role",
    "role_is_held": "role",
    "role_not_yours_to_give": "role",
    "application_waits": "role",
    "role_needs_organisation": "at",
    "day_malformed": "ends_on",
    "role_end_is_past": "ends_on",
    "role_end_too_far": "ends_on",
}


@pages.get("/users")
def show_users() -> ResponseReturnValue:
    """The users of the organisation, for a national coordinator of the registry."""
    return render_template("identity/users.html", users=_users().all(current_principal()))


@pages.get("/users/<int:user_id>")
def show_user(user_id: int) -> ResponseReturnValue:
    """One user, with what may be done."""
    return _page(user_id)


@pages.post("/users/<int:user_id>/deactivate")
def send_deactivation(user_id: int) -> ResponseReturnValue:
    """Switch the account off."""
    return _do(user_id, lambda: deactivate_user(user_id, reason=_reason(), by=current_principal(), uow=means().uow))


@pages.post("/users/<int:user_id>/reactivate")
def send_reactivation(user_id: int) -> ResponseReturnValue:
    """Switch the account on again, with a first password."""
    kit = means()
    return _do(
        user_id,
        lambda: reactivate_user(
            user_id,
            reason=_reason(),
            by=current_principal(),
            messages=kit.messages,
            hasher=kit.hasher,
            uow=kit.uow,
        ),
    )


@pages.post("/users/<int:user_id>/reset-password")
def send_password_reset(user_id: int) -> ResponseReturnValue:
    """Send a first password."""
    kit = means()
    return _do(
        user_id,
        lambda: reset_password(
            user_id,
            reason=_reason(),
            by=current_principal(),
            messages=kit.messages,
            hasher=kit.hasher,
            uow=kit.uow,
        ),
    )


@pages.post("/users/<int:user_id>/end-sessions")
def send_end_sessions(user_id: int) -> ResponseReturnValue:
    """End all log-ins."""
    return _do(user_id, lambda: end_sessions(user_id, reason=_reason(), by=current_principal(), uow=means().uow))


@pages.post("/users/<int:user_id>/roles")
def send_new_role(user_id: int) -> ResponseReturnValue:
    """Give one more role; a local one in an organisation the user has a role in, a national one in the registry."""

    def act() -> None:
        role = _role()
        by, ends_at = current_principal(), read_end(request.form.get("ends_on", ""))
        place = Place(registry=by.registry or "", organisation=_organisation(role))
        give_role(user_id, role, place, reason=_reason(), ends_at=ends_at, by=by, uow=means().uow)

    return _do(user_id, act)


@pages.post("/users/own-role")
def send_own_role_wish() -> ResponseReturnValue:
    """Ask for another role in the place of an own one, for somebody else to decide."""
    by = current_principal()
    user_id, role_id = by.user_id or 0, request.form.get("role_id", "")
    if not (role_id.isascii() and role_id.isdecimal() and len(role_id) < 19):  # noqa: PLR2004 - digits of the largest id
        raise NotFound
    answer = _do(user_id, lambda: apply_for_own_role(int(role_id), _role(), by=by, uow=means().uow))
    is_done = not isinstance(answer, tuple)
    return redirect(url_for("pages.show_user", user_id=user_id, done="asked"), 303) if is_done else answer


@pages.post("/users/<int:user_id>/roles/<int:role_id>/change")
def send_role_change(user_id: int, role_id: int) -> ResponseReturnValue:
    """Replace a role."""
    return _do(
        user_id, lambda: change_role(role_id, _role(), reason=_reason(), by=current_principal(), uow=means().uow)
    )


@pages.post("/users/<int:user_id>/roles/<int:role_id>/take")
def send_role_end(user_id: int, role_id: int) -> ResponseReturnValue:
    """Take a role away."""
    return _do(user_id, lambda: take_role(role_id, reason=_reason(), by=current_principal(), uow=means().uow))


def _do(user_id: int, act: Callable[[], object]) -> ResponseReturnValue:
    try:
        act()
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(user_id, error=broken.code), 422
    return redirect(url_for("pages.show_users"), 303)


def _page(user_id: int, error: str | None = None) -> str:
    principal = current_principal()
    user = _users().one(user_id, principal)
    return render_template(
        "identity/user.html",
        user=user,
        grantable=[role.value for role in grantable(RoleCode(principal.role or RoleCode.LU))],
        local=[role.value for role in LOCAL],
        sent=_sent(error),
        error=error,
        done=request.args.get("done", ""),
        end_shown=end_shown,
    )


def _sent(error: str | None) -> dict[str, Any]:
    """What was typed into which form, and the fault by its field if it belongs to one."""
    form, field = request.form.get("form", ""), FIELD_OF.get(error or "")
    errors = {field: translate(f"error.{error}")} if form and field else {}
    return {"form": form, "fields": request.form.to_dict(), "errors": errors}


def _role() -> RoleCode:
    text = request.form.get("role", "")
    if text not in {role.value for role in RoleCode}:
        raise RuleBroken("role_missing")
    return RoleCode(text)


def _organisation(role: RoleCode) -> int | None:
    if role not in LOCAL:
        return None
    own, text = current_principal().organisation, request.form.get("at", "")
    if own is not None:
        return own
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else None  # noqa: PLR2004 - RESH ids


def _reason() -> str:
    return request.form.get("reason", "")


def _users() -> ManagedUsers:
    return ManagedUsers(means().database, means().seals, means().clock)
