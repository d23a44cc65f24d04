"""Emergency access: given by a coordinator, looked at by a national one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.deadlines import EMERGENCY_LASTS
from services.identity.domain.emergency import Judgement
from services.identity.domain.errors import FormRefused, NotFound, RuleBroken
from services.identity.domain.roles import LOCAL, Place, RoleCode
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.pages.registry import registry_page
from services.identity.queries.form_lists import read_choices
from services.identity.usecases.give_emergency_access import give_emergency_access
from services.identity.usecases.judge_emergency import judge_emergency
from shared.web.context import current_principal
from shared.web.throttle import throttled

# By which field a broken rule is told; the others stand by the user name.
FIELD_OF = {"reason_missing": "reason", "reason_too_long": "reason", "role_missing": "role", "role_is_held": "role"}
REMARK_OF = {"reason_missing": "remark", "reason_too_long": "remark"}


@pages.get("/emergency")
def show_emergency() -> ResponseReturnValue:
    """The empty form."""
    return _page({})


@pages.post("/emergency")
@throttled(limit=20, window=timedelta(hours=1))
def send_emergency() -> ResponseReturnValue:
    """Let somebody in for an hour."""
    role, by, kit = request.form.get("role", ""), current_principal(), means()
    if role not in {code.value for code in LOCAL}:
        return _page({"role": "role_missing"}), 422
    place = Place(registry=by.registry or "", organisation=by.organisation or _organisation())
    typed = {name: request.form.get(name, "") for name in ("user_name", "reason")}
    try:
        give_emergency_access(
            typed["user_name"],
            RoleCode(role),
            place,
            reason=typed["reason"],
            by=by,
            messages=kit.messages,
            uow=kit.uow,
        )
    except NotFound:
        raise
    except FormRefused as refused:
        return _page(refused.errors), 422
    except RuleBroken as broken:
        return _page({FIELD_OF.get(broken.code, "user_name"): broken.code}), 422
    return redirect(url_for("pages.show_emergency", done=1), 303)


@pages.post("/emergency/<int:emergency_id>/judge")
def send_judgement(emergency_id: int) -> ResponseReturnValue:
    """Say what a national coordinator thinks of it."""
    text, remark = request.form.get("judgement", ""), request.form.get("remark", "")
    if text not in {known.value for known in Judgement}:
        return registry_page(emergency_id, {"judgement": "required"}), 422
    try:
        judge_emergency(emergency_id, Judgement(text), remark, by=current_principal(), uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return registry_page(emergency_id, {REMARK_OF.get(broken.code, "judgement"): broken.code}), 422
    return redirect(url_for("pages.show_registry", done="judged"), 303)


def _page(errors: Mapping[str, str]) -> str:
    by = current_principal()
    choices = read_choices(means().database, means().clock)
    members = [choices.tree.find(resh) for resh in choices.participants.get(by.registry or "", ())]
    return render_template(
        "identity/emergency.html",
        roles=[role.value for role in RoleCode if role in LOCAL],
        organisations=[unit for unit in members if unit is not None and unit.is_active] if not by.organisation else [],
        minutes=int(EMERGENCY_LASTS.total_seconds() // 60),
        fields=request.form.to_dict(),
        errors=errors,
        done=request.args.get("done", ""),
    )


def _organisation() -> int | None:
    text = request.form.get("at", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else None  # noqa: PLR2004 - RESH ids
