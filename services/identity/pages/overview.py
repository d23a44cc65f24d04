"""Choose registry, organisation and role (Prosjektoversikt)."""

from __future__ import annotations

from itertools import groupby

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from services.identity.domain.roles import RoleCode
from services.identity.pages.blueprint import pages
from services.identity.pages.context import follow, log_in, means
from services.identity.pages.flow import end_flow, note_choice
from services.identity.pages.steps import current_flow, next_step
from services.identity.queries.own_log_in import RoleChoice, own_roles
from services.identity.usecases.choose_role import choose_role

# Where the work of a role begins.
HOME_OF = {
    RoleCode.LU: "registration",
    RoleCode.LC: "registration",
    RoleCode.SC: "registration",
    RoleCode.SECRETARIAT: "reservation",
    RoleCode.MANAGER: "release",
    RoleCode.COUNCIL: "release",
    RoleCode.PVO: "release",
    RoleCode.STATISTICIAN: "release",
}


@pages.get("/projects")
def show_overview() -> ResponseReturnValue:
    """The projects of the user, each with the organisations and roles to choose from."""
    own, flow = log_in(), current_flow()
    if own is None or own.sign_on.must_replace_password:
        return next_step(flow)
    roles = own_roles(own.user_id, database=means().database)
    projects = [(key, list(held)) for key, held in groupby(roles, key=lambda role: role.registry)]
    return render_template(
        "identity/overview.html",
        flow=flow,
        projects=projects,
        chosen=own.role_id,
        registry_names=means().registry_names,
        homes=_homes(roles),
    )


@pages.post("/projects")
def choose() -> ResponseReturnValue:
    """Take the choice and go on: to the service that asked, else to the one where the role's work begins."""
    own, flow = log_in(), current_flow()
    if own is None or own.sign_on.must_replace_password:
        return next_step(flow)
    role_id = request.form.get("role_id", "")
    if not (role_id.isascii() and role_id.isdecimal() and len(role_id) < 19):  # noqa: PLR2004 - digits of the largest id
        raise NotFound
    follow(choose_role(own.sid, int(role_id), uow=means().uow))
    if not flow.to.startswith(url_for("pages.show_overview").removeprefix(request.script_root)):
        note_choice(flow)
        return next_step(flow)
    end_flow(flow)
    chosen = [role for role in own_roles(own.user_id, database=means().database) if role.role_id == int(role_id)]
    return redirect(_homes(chosen)[int(role_id)], 303)


def _homes(roles: list[RoleChoice]) -> dict[int, str]:
    urls = means().public_urls
    return {role.role_id: f"{urls[HOME_OF[RoleCode(role.role)]]}/login?door=user" for role in roles}
