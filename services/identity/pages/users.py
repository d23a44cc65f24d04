"""The users a coordinator looks after."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import LOCAL, Place, RoleCode, grantable
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.queries.users import ManagedUsers
from services.identity.usecases.change_role import change_role, give_role, take_role
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.end_sessions import end_sessions
from services.identity.usecases.reset_password import reactivate_user, reset_password
from shared.web.context import current_principal


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
        place = Place(registry=current_principal().registry or "", organisation=_organisation(role))
        give_role(user_id, role, place, reason=_reason(), by=current_principal(), uow=means().uow)

    return _do(user_id, act)


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


def _do(user_id: int, act: Callable[[], None]) -> ResponseReturnValue:
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
        fields=request.form.to_dict(),
        error=error,
    )


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
