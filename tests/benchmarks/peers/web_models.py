"""The tables of the peers that use SQLAlchemy: a user, a course, the form's columns, its rows."""

from __future__ import annotations

from sqlalchemy import Date, Float, ForeignKey, Integer, Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from tests.benchmarks.peers.web_form import ORGANISATION, USER, load

FORM = load()
KINDS = {"integer": Integer, "decimal": Float, "date": Date}


class Base(DeclarativeBase):
    """All tables."""


class User(Base):
    """Who is logged in."""

    __tablename__ = "app_user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    organisation: Mapped[int]


class Course(Base):
    """One course."""

    __tablename__ = "course"
    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[int]
    organisation: Mapped[int]
    state: Mapped[int]


def columns(described):
    return {one["name"]: mapped_column(KINDS.get(one["kind"], Text), nullable=True) for one in described}


Pain = type(
    "Pain",
    (Base,),
    {
        "__tablename__": "form_row",
        "id": mapped_column(Integer, primary_key=True),
        "course_id": mapped_column(ForeignKey("form.course_id")),
        **columns(FORM.child_columns),
    },
)
FormRow = type(
    "FormRow",
    (Base,),
    {
        "__tablename__": "form",
        "course_id": mapped_column(ForeignKey("course.id"), primary_key=True),
        "revision": mapped_column(Integer),
        "rows": relationship("Pain", cascade="all, delete-orphan", order_by=Pain.id),
        **columns(FORM.columns),
    },
)


def open_database(form):
    """The engine of a database with a user and the courses."""
    engine = create_engine(form.address)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add(User(id=USER, name="Kari Prøve", role="LU", organisation=ORGANISATION))
        ids = range(1, form.courses + 1)
        session.add_all(Course(id=n, pid=n, organisation=ORGANISATION, state=1) for n in ids)
    return engine
