"""What eprom asks at each dispatch: who the form goes to."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_smorest import Blueprint

from services.registration.api.context import means
from services.registration.queries.recipient import recipient_of
from shared.web.context import current_principal

recipients = Blueprint("recipients", __name__, url_prefix="/api", description="For eprom")
_ID = ma.validate.Range(min=1, max=2**31 - 1)


class RecipientQuerySchema(ma.Schema):
    """A person in a course; the number never stands in an address, so this is sent and not asked for."""

    pid = ma.fields.Integer(required=True, strict=True, validate=_ID)
    course_id = ma.fields.Integer(required=True, strict=True, validate=_ID)


class RecipientSchema(ma.Schema):
    """The person's number; whoever is dead is not found."""

    number = ma.fields.String(required=True)
    is_dead = ma.fields.Boolean(required=True)
    is_protected = ma.fields.Boolean(required=True)  # the address is confidential


@recipients.route("/recipients", methods=["POST"])
@recipients.arguments(RecipientQuerySchema)
@recipients.response(200, RecipientSchema)
def look_up(query: dict[str, int]) -> dict[str, Any]:
    """Tell who a form goes to; 404 when nobody may be written to."""
    parts = means()
    found = recipient_of(**query, by=current_principal(), persons=parts.persons, uow=parts.uow)
    return {"number": found.number, "is_dead": False, "is_protected": found.is_protected}
