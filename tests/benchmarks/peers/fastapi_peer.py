"""FastAPI as its tutorial writes it: pydantic checks, SQLAlchemy's ORM keeps, the user by a signed token."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Header, HTTPException
from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import Field, create_model
from sqlalchemy.orm import Session, sessionmaker

from tests.benchmarks.peers.web_form import USER, load, serve
from tests.benchmarks.peers.web_models import Course, FormRow, Pain, User, open_database

FORM = load()
SIGNER = URLSafeTimedSerializer("a key of thirty-two bytes or more")
NotSent = None


def among(codes):
    return Literal[tuple(codes)]


def checked(question):
    """The type of a question's answer."""
    codes, limits = question["codes"], dict(zip(("ge", "le"), question["range"] or (), strict=False))
    found = {
        "date": lambda: dt.date | None,
        "choices": lambda: list[among(codes)],
        "integer": lambda: Annotated[int, Field(**limits)] | None,
        "opioid_table": lambda: dict[among(codes), Annotated[float, Field(**limits)]],
        "rows": lambda: list[model("Row", question["questions"])],
        "choice": lambda: (among(codes) if codes else int) | None,
        "text": lambda: Annotated[str, Field(max_length=question["longest"])] | None,
    }
    return found[question["type"]]()


def model(name, questions, **more):
    empty = {"choices": list, "rows": list, "opioid_table": dict}
    parts = {
        q["key"]: (checked(q), Field(default_factory=empty[q["type"]]) if q["type"] in empty else NotSent)
        for q in questions
    }
    return create_model(name, **parts, **more)


Sent = model("Sent", FORM.questions, revision=(int, ...))
make_session = sessionmaker(open_database(FORM))
app = FastAPI()


def database():
    with make_session() as session:
        yield session


def logged_in(session: Annotated[Session, Depends(database)], authorization: Annotated[str, Header()]):
    try:
        user = session.get(User, SIGNER.loads(authorization.removeprefix("Bearer ")))
    except BadSignature as error:
        raise HTTPException(401) from error
    if user is None:
        raise HTTPException(401)
    return user


def save_form(course_id: int, sent, session, user):
    course = session.get(Course, course_id)
    if course is None or course.organisation != user.organisation:
        raise HTTPException(404)
    row = session.get(FormRow, course_id)
    if row is None:
        row = FormRow(course_id=course_id, revision=0)
        session.add(row)
    if row.revision != sent.revision:
        raise HTTPException(409)
    data = sent.model_dump()
    for name, value in FORM.row(data).items():
        setattr(row, name, value)
    row.rows = [Pain(**values) for values in FORM.rows(data)]
    row.revision += 1
    course.state = 2
    session.commit()
    return {"course_id": course_id, "revision": row.revision}


save_form.__annotations__ |= {
    "course_id": int,
    "sent": Sent,
    "session": Annotated[Session, Depends(database)],
    "user": Annotated[User, Depends(logged_in)],
}
app.put("/courses/{course_id}/form")(save_form)
LOOP = asyncio.new_event_loop()
TOKEN = f"Bearer {SIGNER.dumps(USER)}".encode()


def prepared(course_id, body):
    path = f"/courses/{course_id}/form"
    length = str(len(body)).encode()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PUT", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("localhost", 80),
        "client": ("127.0.0.1", 1), "headers": [(b"content-type", b"application/json"), (b"content-length", length),
                                                (b"authorization", TOKEN)],
    }  # fmt: skip

    def send():
        told = []
        asked = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive():
            return next(asked)

        async def answer(message):
            told.append(message)

        LOOP.run_until_complete(app(scope, receive, answer))
        return told[0]["status"]

    return send


if __name__ == "__main__":
    serve(FORM, prepared)
