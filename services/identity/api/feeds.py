"""What other services ask identity: who was signed out, names of users, the organisation tree."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import current_app
from flask_smorest import Blueprint

from services.identity.queries.feeds import all_units, revoked_since
from services.identity.queries.users import names_of
from services.identity.usecases.means import Means

MOST_USERS = 200
feeds = Blueprint("feeds", __name__, url_prefix="/api", description="For the suite's other services")


class SinceSchema(ma.Schema):
    """From when."""

    since = ma.fields.AwareDateTime(required=True, metadata={"description": "ISO 8601 with offset."})


class RevocationSchema(ma.Schema):
    """Everything issued to the user at that moment or earlier is void."""

    user_id = ma.fields.Integer(required=True)
    not_before = ma.fields.AwareDateTime(required=True)


class RevocationsSchema(ma.Schema):
    """Users signed out, oldest first."""

    revocations = ma.fields.List(ma.fields.Nested(RevocationSchema), required=True)


class UsersQuerySchema(ma.Schema):
    """Which users."""

    user_id = ma.fields.List(
        ma.fields.Integer(validate=ma.validate.Range(min=1, max=2**31 - 1)),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_USERS),
    )


class UserSchema(ma.Schema):
    """A user's name."""

    user_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)


class UsersSchema(ma.Schema):
    """Names of users; unknown ones are left out."""

    users = ma.fields.List(ma.fields.Nested(UserSchema), required=True)


class UnitSchema(ma.Schema):
    """One unit of the organisation tree."""

    resh = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    parent = ma.fields.Integer(required=True, allow_none=True)
    is_active = ma.fields.Boolean(required=True)


class UnitsSchema(ma.Schema):
    """The organisation tree as a list."""

    units = ma.fields.List(ma.fields.Nested(UnitSchema), required=True)


@feeds.route("/revocations")
@feeds.arguments(SinceSchema, location="query")
@feeds.response(200, RevocationsSchema)
def revocations(query: dict[str, datetime]) -> dict[str, Any]:
    """Users signed out since a moment."""
    return {"revocations": revoked_since(query["since"], database=_means().database)}


@feeds.route("/users")
@feeds.arguments(UsersQuerySchema, location="query")
@feeds.response(200, UsersSchema)
def users(query: dict[str, list[int]]) -> dict[str, Any]:
    """Names behind user ids, for lists of who did what."""
    means = _means()
    return {"users": names_of(query["user_id"], seals=means.seals, database=means.database)}


@feeds.route("/organisations")
@feeds.response(200, UnitsSchema)
def organisations() -> dict[str, Any]:
    """The organisation tree."""
    means = _means()
    return {"units": all_units(database=means.database, clock=means.clock)}


def _means() -> Means:
    means: Means = current_app.extensions["identity"]
    return means
