"""Numbers that eprom lays down here while an outside order lasts, and asks for at each dispatch."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_smorest import Blueprint

from services.registration.api.context import means
from services.registration.usecases.claim_number import claim_number, redeem_claim, release_claim
from shared.web.context import current_principal

claims = Blueprint("claims", __name__, url_prefix="/api", description="For eprom")


class NumberSchema(ma.Schema):
    """A national number; sent, and never part of an address."""

    number = ma.fields.String(required=True, validate=ma.validate.Length(equal=11))
    until = ma.fields.AwareDateTime(required=True)


class ClaimSchema(ma.Schema):
    """What stands for a number."""

    claim = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(min=1, max=2**31 - 1))


class ClaimedSchema(ma.Schema):
    """Who a claim stands for."""

    number = ma.fields.String(required=True)
    is_protected = ma.fields.Boolean(required=True)


@claims.route("/claims", methods=["POST"])
@claims.arguments(NumberSchema)
@claims.response(201, ClaimSchema)
def make(given: dict[str, Any]) -> dict[str, int]:
    """Keep a number for a while; 404 when nobody living has it."""
    parts, until = means(), given["until"]
    claim = claim_number(
        given["number"],
        until,
        persons=parts.persons,
        population=parts.population,
        accepts_synthetic=parts.accepts_synthetic,
    )
    return {"claim": claim}


@claims.route("/claims/redeem", methods=["POST"])
@claims.arguments(ClaimSchema)
@claims.response(200, ClaimedSchema)
def redeem(given: dict[str, int]) -> dict[str, Any]:
    """Tell the number; 404 when it is forgotten or nobody may be written to."""
    parts = means()
    number, is_protected = redeem_claim(
        given["claim"], by=current_principal(), persons=parts.persons, population=parts.population, uow=parts.uow
    )
    return {"number": number, "is_protected": is_protected}


@claims.route("/claims/release", methods=["POST"])
@claims.arguments(ClaimSchema)
@claims.response(204)
def release(given: dict[str, int]) -> None:
    """Forget the number."""
    release_claim(given["claim"], persons=means().persons)
