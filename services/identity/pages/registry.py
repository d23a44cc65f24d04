"""The national coordinator's overview of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services.identity.domain.application import State
from services.identity.domain.emergency import Judgement
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.queries.emergencies import emergency_tasks
from services.identity.queries.registry_applications import Key, RegistryApplications, WantedApplications
from shared.web.context import current_principal
from shared.web.language import translate
from shared.web.pagination import read_cursor, write_cursor

ROWS = 50
FILTERS = ("organisation", "state")


@pages.get("/registry")
def show_registry() -> ResponseReturnValue:
    """All applications of the registry, over all organisations, and what waits for a judgement."""
    return registry_page()


def registry_page(refused: int | None = None, errors: Mapping[str, str] | None = None) -> str:
    """The page; `errors` belong to the form of the emergency access with the id `refused`."""
    by, wanted, kit = current_principal(), _wanted(), means()
    applications = RegistryApplications(kit.database, kit.seals, kit.clock)
    page = applications.page(wanted, by, after=_after(), limit=ROWS)
    return render_template(
        "identity/registry.html",
        page=page,
        tasks=emergency_tasks(by, seals=kit.seals, database=kit.database),
        judgements=[judgement.value for judgement in Judgement],
        refused=refused,
        errors={name: translate(f"error.{code}") for name, code in (errors or {}).items()},
        fields=request.form.to_dict(),
        done=request.args.get("done", ""),
        organisations=[{"value": str(resh), "name": name} for resh, name in applications.organisations(by)],
        states=[state.value for state in State],
        chosen={name: request.args.get(name, "") for name in FILTERS},
        next_url=_next_url(page.next_key),
    )


def _wanted() -> WantedApplications:
    organisation, state = (request.args.get(name, "") for name in FILTERS)
    if organisation and not (organisation.isascii() and organisation.isdecimal() and len(organisation) < 11):  # noqa: PLR2004 - RESH ids
        raise BadRequest
    if state and state not in {known.value for known in State}:
        raise BadRequest
    return WantedApplications(
        organisation=int(organisation) if organisation else None, state=State(state) if state else None
    )


def _after() -> Key | None:
    key = read_cursor(request.args.get("cursor"), str, str)
    if key is None:
        return None
    try:
        moment = datetime.fromisoformat(key[0] or "")
    except ValueError as error:
        raise BadRequest from error
    if moment.tzinfo is None:
        raise BadRequest
    return moment, key[1] or ""


def _next_url(key: Key | None) -> str | None:
    if key is None:
        return None
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return url_for("pages.show_registry", **kept, cursor=write_cursor([key[0].isoformat(), key[1]]))
