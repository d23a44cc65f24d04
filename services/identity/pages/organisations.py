"""The organisation tree out of and into a file, for the national coordinator."""

from __future__ import annotations

import base64
import binascii

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.queries.organisation_file import organisation_file
from services.identity.usecases.import_tree import TreeChange, import_tree, preview_tree
from shared.web.context import current_principal


@pages.get("/organisations")
def show_organisations() -> ResponseReturnValue:
    """The way out and the way in."""
    return _page(done=request.args.get("done", ""))


@pages.get("/organisations/file")
def show_organisation_file() -> ResponseReturnValue:
    """The whole tree."""
    answer = Response(organisation_file(database=means().database, clock=means().clock), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="organisations.csv"'
    return answer


@pages.post("/organisations/preview")
def send_organisation_preview() -> ResponseReturnValue:
    """Show what a file would do; nothing is changed yet."""
    sent = request.files.get("file")
    content = sent.read() if sent is not None else b""
    if not content:
        return _page(error="file_missing"), 422
    change = _previewed(content)
    return (_preview(change, content), 422) if change.faults else _preview(change, content)


@pages.post("/organisations/import")
def send_organisation_import() -> ResponseReturnValue:
    """Take in the file that was looked at, which the page has kept."""
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        return _page(error="file_missing"), 422
    mark, kit = request.form.get("mark", ""), means()
    try:
        import_tree(content, mark, registries=kit.registry_names, by=current_principal(), uow=kit.uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _preview(_previewed(content), content, error=broken.code), 422
    return redirect(url_for("pages.show_organisations", done=1), 303)


def _previewed(content: bytes) -> TreeChange:
    kit = means()
    return preview_tree(content, registries=kit.registry_names, by=current_principal(), uow=kit.uow)


def _page(error: str = "", done: str = "") -> str:
    return render_template("identity/organisations.html", error=error, done=done)


def _preview(change: TreeChange, content: bytes, error: str = "") -> str:
    kept = base64.b64encode(content).decode()
    return render_template("identity/organisation_change.html", change=change, content=kept, error=error)
