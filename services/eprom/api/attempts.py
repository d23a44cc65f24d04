"""What registration shows clinicians of the attempts to reach a patient."""

from __future__ import annotations

from collections.abc import Sequence

import marshmallow as ma
from flask import current_app
from flask_smorest import Blueprint

from services.eprom.domain.reach import Outcome, ReachCode
from services.eprom.queries.reach import AttemptLine, attempts_of_course
from services.eprom.usecases.means import Means
from shared.web.context import current_principal

attempts = Blueprint("attempts", __name__, url_prefix="/api", description="For registration")


class AttemptSchema(ma.Schema):
    """One attempt to reach a patient with one message; codes only, never contact data."""

    order_id = ma.fields.String(required=True)
    form = ma.fields.String(required=True)
    message_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    channel = ma.fields.String(required=True)
    tried_at = ma.fields.AwareDateTime(required=True)
    outcome = ma.fields.Enum(Outcome, by_value=True, required=True)
    code = ma.fields.Enum(ReachCode, by_value=True, required=True, allow_none=True)


@attempts.route("/courses/<int:course_id>/attempts")
@attempts.response(200, AttemptSchema(many=True))
def of_course(course_id: int) -> Sequence[AttemptLine]:
    """Give the ledger of a course's orders, oldest first; 404 for a course nothing was ordered for."""
    means: Means = current_app.extensions["eprom"]
    return attempts_of_course(course_id, by=current_principal(), uow=means.uow)
