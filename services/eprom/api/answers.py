"""What registration fetches when a patient has submitted a form."""

from __future__ import annotations

import marshmallow as ma
from flask import current_app
from flask_smorest import Blueprint

from services.eprom.queries.answers import Answers, answers_of
from services.eprom.usecases.means import Means
from shared.web.context import current_principal

answers = Blueprint("answers", __name__, url_prefix="/api", description="For registration")


class MisfitSchema(ma.Schema):
    """What came with the answers and did not fit: a field, its value, or a warning about it."""

    field = ma.fields.String(required=True)
    value = ma.fields.String(required=True)
    warning = ma.fields.String(required=True)


class AnswersSchema(ma.Schema):
    """One submitted form: the document as the form engine reads it, and where it belongs."""

    order_id = ma.fields.String(required=True)
    course_id = ma.fields.Integer(required=True)
    pid = ma.fields.Integer(required=True)
    form = ma.fields.String(required=True)
    definition_version = ma.fields.Integer(required=True)
    document = ma.fields.Dict(required=True)
    answered_at = ma.fields.AwareDateTime(required=True)
    misfits = ma.fields.List(ma.fields.Nested(MisfitSchema), required=True)
    filled_out_by = ma.fields.String(required=True)  # patient or parent


@answers.route("/answers/<order_id>")
@answers.response(200, AnswersSchema)
def fetch(order_id: str) -> Answers:
    """Give the answers of an order; 404 when there are none, or no longer."""
    means: Means = current_app.extensions["eprom"]
    return answers_of(order_id, by=current_principal(), uow=means.uow)
