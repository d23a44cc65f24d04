"""The applicant's pages: own applications, and the form for a new one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.release.domain.catalog import RegistryEntry
from services.release.domain.errors import FormRefused, NotFound
from services.release.domain.research import DATES, FIELDS, LEGAL_BASES, tidy
from services.release.pages.blueprint import pages
from services.release.pages.context import means
from services.release.queries.applications import Applications
from services.release.usecases.apply import remove_draft, save_draft, start_application, submit
from shared.forms.problems import Refused
from shared.forms.values import read_date
from shared.web.context import current_principal
from shared.web.language import translate

_TOLD = (*FIELDS, "forms", "is_commercial")


@pages.get("/applications")
def show_own_applications() -> ResponseReturnValue:
    """The applicant's own applications."""
    lines = _applications().of_applicant(current_principal().subject)
    registries = list(means().catalog.values())
    return render_template("release/own.html", lines=lines, registries=registries, done=request.args.get("done", ""))


@pages.get("/applications/new/<registry>")
def show_new_application(registry: str) -> ResponseReturnValue:
    """An empty form; the leader is proposed to be the applicant."""
    return _form(_registry(registry), {**tidy({}, [], is_commercial=False), "leader": current_principal().name})


@pages.post("/applications/new/<registry>")
def send_new_application(registry: str) -> ResponseReturnValue:
    """Keep what was typed, and send it in if that was asked for."""
    kit, content = means(), _typed(_registry(registry))
    application_id = start_application(registry, content, by=current_principal(), catalog=kit.catalog, uow=kit.uow)
    return _go_on(application_id, registry, content)


@pages.get("/applications/<application_id>")
def show_own_application(application_id: str) -> ResponseReturnValue:
    """One application: the form while it is a draft, its state and deliveries afterwards."""
    application = _applications().own(application_id, current_principal().subject)
    registry = _registry(application.registry)
    if application.state == "draft":
        return _form(registry, application.content, application_id)
    return render_template(
        "release/own_application.html",
        application=application,
        registry=registry,
        day=date.fromisoformat,
        done=request.args.get("done", ""),
    )


@pages.post("/applications/<application_id>")
def send_application(application_id: str) -> ResponseReturnValue:
    """Keep the draft, and send it in if that was asked for."""
    registry = _applications().own(application_id, current_principal().subject).registry
    content = _typed(_registry(registry))
    save_draft(application_id, content, by=current_principal(), uow=means().uow)
    return _go_on(application_id, registry, content)


@pages.post("/applications/<application_id>/remove")
def send_removal(application_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    remove_draft(application_id, by=current_principal(), uow=means().uow)
    return redirect(url_for("pages.show_own_applications", done="removed"), 303)


def _go_on(application_id: str, registry: str, content: dict[str, Any]) -> ResponseReturnValue:
    if request.form.get("action") != "submit":
        return redirect(url_for("pages.show_own_applications", done="saved"), 303)
    kit = means()
    try:
        submit(
            application_id,
            by=current_principal(),
            catalog=kit.catalog,
            recipient_keys=kit.recipient_keys,
            uow=kit.uow,
        )
    except FormRefused as refused:
        return _form(_registry(registry), content, application_id, refused.errors), 422
    return redirect(url_for("pages.show_own_application", application_id=application_id, done="submitted"), 303)


def _typed(registry: RegistryEntry) -> dict[str, Any]:
    forms = [form.key for form in registry.forms if f"form_{form.key}" in request.form]
    fields = {**request.form.to_dict(), **{name: _read(request.form.get(name, "")) for name in DATES}}
    return tidy(fields, forms, is_commercial="is_commercial" in request.form)


def _read(text: str) -> str:
    """A day as ISO; what is none stays as it was typed."""
    try:
        return read_date(text) or ""
    except Refused:
        return text


def _shown(text: str) -> str:
    """A day as it is written in Norway; what is none stays as it was typed."""
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def _form(
    registry: RegistryEntry,
    fields: Any,
    application_id: str = "",
    errors: dict[str, str] | None = None,
) -> str:
    new = url_for("pages.send_new_application", registry=registry.key)
    return render_template(
        "release/form.html",
        registry=registry,
        fields={**fields, **{name: _shown(fields[name]) for name in DATES}},
        errors={name: translate(f"error.{code}") for name, code in (errors or {}).items()},
        labels={name: translate(f"release.field.{name}") for name in _TOLD},
        legal_bases=[{"value": name, "name": translate(f"release.legal_basis.{name}")} for name in LEGAL_BASES],
        application_id=application_id,
        action=url_for("pages.send_application", application_id=application_id) if application_id else new,
    )


def _registry(key: str) -> RegistryEntry:
    found = means().catalog.get(key)
    if found is None:
        raise NotFound
    return found


def _applications() -> Applications:
    return Applications(means().database)
