"""What eprom asks at each dispatch: who the form goes to."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_smorest import Blueprint

from services.registration.api.context import means
from services.registration.queries.recipient import recipient_of
from services.registration.usecases.find_representatives import find_representatives
from shared.web.context import current_principal

recipients = Blueprint("recipients", __name__, url_prefix="/api", description="For eprom")
_ID = ma.validate.Range(min=1, max=2**31 - 1)


class RecipientQuerySchema(ma.Schema):
    """A person in a course; the number never stands in an address, so this is sent and not asked for.

    `with_address` is for a letter on paper, when no other way leads to the person.
    """

    pid = ma.fields.Integer(required=True, strict=True, validate=_ID)
    course_id = ma.fields.Integer(required=True, strict=True, validate=_ID)
    with_address = ma.fields.Boolean(load_default=False)


class PostalAddressSchema(ma.Schema):
    """Where a letter goes; the street may be empty, the postcode is a text of four digits."""

    name = ma.fields.String(required=True)
    line = ma.fields.String(required=True)
    postcode = ma.fields.String(required=True)
    city = ma.fields.String(required=True)


class RepresentativeSchema(ma.Schema):
    """A parent who may answer for the person."""

    number = ma.fields.String(required=True)
    is_protected = ma.fields.Boolean(required=True)


class RecipientSchema(ma.Schema):
    """The person's number; whoever is dead is not found."""

    number = ma.fields.String(required=True)
    is_dead = ma.fields.Boolean(required=True)
    is_protected = ma.fields.Boolean(required=True)  # the address is confidential
    address = ma.fields.Nested(PostalAddressSchema)  # only where it was asked for and may be told
    # Only of a child for whom parents answer today: who they are, and whether the child may answer too.
    representatives = ma.fields.List(ma.fields.Nested(RepresentativeSchema))
    answers_self = ma.fields.Boolean()


@recipients.route("/recipients", methods=["POST"])
@recipients.arguments(RecipientQuerySchema)
@recipients.response(200, RecipientSchema)
def look_up(query: dict[str, Any]) -> dict[str, Any]:
    """Tell who a form goes to; 404 when nobody may be written to."""
    parts, by = means(), current_principal()
    found = recipient_of(**query, by=by, persons=parts.persons, uow=parts.uow)
    told = {"number": found.number, "is_dead": False, "is_protected": found.is_protected}
    if found.address is not None:
        told["address"] = found.address
    who = find_representatives(query["pid"], query["course_id"], by=by, sources=parts.sources(), uow=parts.uow)
    return told if who is None else {**told, **vars(who)}
