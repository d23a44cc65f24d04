"""Flask as it is usually written: marshmallow checks, SQLAlchemy's ORM keeps; no log, no event, nothing typed twice."""

from __future__ import annotations

import io
import json
import sys

from flask import Flask, abort, jsonify, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import scoped_session, sessionmaker

from tests.benchmarks.peers.web_form import ALONE, USER, load, serve
from tests.benchmarks.peers.web_models import Course, FormRow, Pain, User, open_database

FORM = load()


def checked(question):
    """The field of a question."""
    codes, limits = question["codes"], validate.Range(*question["range"]) if question["range"] else None
    among = validate.OneOf(codes) if codes else None
    choice = fields.Integer if not codes or isinstance(codes[0], int) else fields.String
    found = {
        "date": lambda: fields.Date(allow_none=True),
        "choices": lambda: fields.List(fields.String(validate=among)),
        "integer": lambda: fields.Integer(allow_none=True, validate=limits),
        "opioid_table": lambda: fields.Dict(keys=fields.String(validate=among), values=fields.Float(validate=limits)),
        "rows": lambda: fields.List(fields.Nested(schema(question["questions"]))),
        "choice": lambda: choice(allow_none=True, validate=among),
        "text": lambda: fields.String(allow_none=True, validate=validate.Length(max=question["longest"])),
    }
    return found[question["type"]]()


def schema(questions, **more):
    return Schema.from_dict({**{q["key"]: checked(q) for q in questions}, **more})


SCHEMA = Schema.from_dict(
    {**{q["key"]: checked(q) for q in FORM.questions}, "revision": fields.Integer(required=True)}
)()
Database = scoped_session(sessionmaker(open_database(FORM)))
app = Flask("plain")
app.secret_key = "a key of thirty-two bytes or more"
CSRFProtect(app)


@app.teardown_appcontext
def close(_error):
    Database.remove()


@app.put("/courses/<int:course_id>/form")
def save_form(course_id):
    try:
        revision = write(course_id, session["user_id"], request.get_json())
    except ValidationError as error:
        return jsonify(error.messages), 422
    return jsonify(course_id=course_id, revision=revision)


def write(course_id, user_id, given):
    """Check and keep what was given; returns the new revision."""
    user, course = Database.get(User, user_id), Database.get(Course, course_id)
    if course is None or course.organisation != user.organisation:
        abort(404)
    data = SCHEMA.load(given)
    row = Database.get(FormRow, course_id)
    if row is None:
        row = FormRow(course_id=course_id, revision=0)
        Database.add(row)
    if row.revision != data["revision"]:
        abort(409)
    for name, value in FORM.row(data).items():
        setattr(row, name, value)
    row.rows = [Pain(**values) for values in FORM.rows(data)]
    row.revision += 1
    course.state = 2
    Database.commit()
    return row.revision


def visit():
    """The headers of a logged-in user."""
    content = {"user_id": USER, "csrf_token": "c" * 40}
    cookie = SecureCookieSessionInterface().get_signing_serializer(app).dumps(content)
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("c" * 40)
    return {"HTTP_COOKIE": f"session={cookie}", "HTTP_X_CSRFTOKEN": token}


def prepared(course_id, body, headers=visit()):  # noqa: B008 - the same for all
    environ = {
        "REQUEST_METHOD": "PUT", "PATH_INFO": f"/courses/{course_id}/form", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), **headers,
    }  # fmt: skip

    def send():
        told = []
        answer = app(environ, lambda status, *_: told.append(status))
        b"".join(answer)
        answer.close()
        return int(told[0].split()[0])

    return send


def without_page(course_id, body):
    """The same save, called by name: no request, no answer, no cookie."""
    given = json.loads(body)

    def send():
        write(course_id, USER, given)
        Database.remove()
        return 200

    return send


if __name__ == "__main__":
    serve(FORM, without_page if ALONE in sys.argv else prepared)
