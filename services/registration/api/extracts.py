"""What release fetches: finished extracts, encrypted to their recipient."""

from __future__ import annotations

from flask import Response
from flask_smorest import Blueprint

from services.registration.api.context import means
from services.registration.queries.extract_file import allow_extract
from shared.web.context import current_principal

extracts = Blueprint("extracts", __name__, url_prefix="/api", description="For release")
MEDIA_TYPE = "application/octet-stream"


@extracts.route("/extracts/<extract_id>")
@extracts.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPE)
def fetch(extract_id: str) -> Response:
    """Give the file of an extract that is ready."""
    parts = means()
    allow_extract(extract_id, by=current_principal(), uow=parts.uow)
    return Response(parts.files.read(extract_id), mimetype=MEDIA_TYPE)
