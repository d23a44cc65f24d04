"""Tables of the health database. Nothing here identifies a person: PID only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.registration.store.typed_tables import add_typed_tables
from shared.db.base import new_metadata, privacy
from shared.db.types import JsonDocument, UtcDateTime
from shared.forms.catalogue import registries
from shared.outbox.tables import add_kit_tables
from shared.web.tables import add_tables as add_web_tables

NONE, PSEUDONYM, HEALTH, FREE_TEXT = privacy("none"), privacy("pseudonym"), privacy("health"), privacy("free_text")
# Course ids start here so that a PID and a FID are never the same number in the demo.
_SERIAL = BigInteger().with_variant(Integer, "sqlite")
_SHOWN = ["pid", "course_type", "basis", "placement", "has_consented", "form_status", "location_id", "ward_id"]
_ACTIVE = {"sqlite_where": text("is_active"), "postgresql_where": text("is_active")}
_UNSEEN: dict[str, Any] = {
    "sqlite_where": text("acknowledged_at IS NULL"),
    "postgresql_where": text("acknowledged_at IS NULL"),
}
_LISTED: dict[str, Any] = {**_ACTIVE, "postgresql_include": [*_SHOWN, "has_comment"]}
_LISTED_OF_ALL: dict[str, Any] = {**_ACTIVE, "postgresql_include": [*_SHOWN, "has_comment", "organisation"]}


class Base(DeclarativeBase):
    """All tables of the health database."""

    metadata = new_metadata()


KIT = add_kit_tables(Base.metadata)
add_web_tables(Base.metadata)


class CourseRow(Base):
    """One course (forløp). `form_status` holds one digit a form, in the registry's order of forms."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("course_type IN (1, 2, 3)", name="course_type_known"),
        CheckConstraint("basis IN ('consent', 'reservation')", name="basis_known"),
        CheckConstraint("placement IN ('local', 'national')", name="placement_known"),
        Index("work_list", "registry", "organisation", "started_on", "course_id", **_LISTED),
        Index("work_list_of_all", "registry", "started_on", "course_id", **_LISTED_OF_ALL),
        Index("course_of_person", "pid"),
        # The work list reads its index alone, as far as vacuum has come.
        {"postgresql_with": {"autovacuum_vacuum_scale_factor": 0.01}},
    )

    course_id: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True, info=NONE)
    pid: Mapped[int] = mapped_column(info=PSEUDONYM)
    registry_key: Mapped[str] = mapped_column("registry", String(40), info=NONE)
    organisation: Mapped[int] = mapped_column(info=NONE)
    is_active: Mapped[bool] = mapped_column(default=True, info=NONE)
    started_on: Mapped[date] = mapped_column(info=HEALTH)
    # Its forms are those in force on this day.
    definitions_on: Mapped[date] = mapped_column(info=NONE)
    course_type: Mapped[int] = mapped_column(SmallInteger, info=HEALTH)
    is_included: Mapped[bool | None] = mapped_column(info=HEALTH)
    basis: Mapped[str] = mapped_column(String(12), info=NONE)
    placement: Mapped[str] = mapped_column(String(8), info=NONE)
    has_consented: Mapped[bool | None] = mapped_column(info=HEALTH)
    consent_reason: Mapped[int | None] = mapped_column(SmallInteger, info=HEALTH)
    form_status: Mapped[str] = mapped_column(String(20), info=HEALTH)
    location_id: Mapped[int | None] = mapped_column(info=HEALTH)
    ward_id: Mapped[int | None] = mapped_column(info=HEALTH)
    has_comment: Mapped[bool] = mapped_column(default=False, info=NONE)
    died_on: Mapped[date | None] = mapped_column(info=HEALTH)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    created_by: Mapped[str] = mapped_column(String(40), info=NONE)


class FormRow(Base):
    """The answers of one form of a course: the document is the truth, with the definition version it was made by."""

    __tablename__ = "form"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("course.course_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    form: Mapped[str] = mapped_column(String(20), primary_key=True, info=NONE)
    definition_version: Mapped[int] = mapped_column(info=NONE)
    document: Mapped[dict[str, Any]] = mapped_column(JsonDocument, info=HEALTH)
    state: Mapped[int] = mapped_column(SmallInteger, info=HEALTH)
    revision: Mapped[int] = mapped_column(default=1, info=NONE)
    comment: Mapped[str] = mapped_column(Text, default="", info=FREE_TEXT)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    saved_by: Mapped[str] = mapped_column(String(40), info=NONE)
    finalised_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    finalised_by: Mapped[str | None] = mapped_column(String(40), info=NONE)


class DraftRow(Base):
    """What somebody has typed into a form and not saved: sealed with the patient's key, for its writer alone."""

    __tablename__ = "draft"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("course.course_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    form: Mapped[str] = mapped_column(String(20), primary_key=True, info=NONE)
    actor: Mapped[str] = mapped_column(String(40), primary_key=True, info=NONE)
    opening: Mapped[str] = mapped_column(String(32), info=NONE)
    revision: Mapped[int] = mapped_column(info=NONE)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=HEALTH)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, info=NONE)


class PatientFormRow(Base):
    """What eprom has told about one patient form of a course."""

    __tablename__ = "patient_form"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("course.course_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    form: Mapped[str] = mapped_column(String(20), primary_key=True, info=NONE)
    # Empty for a form that was stopped or closed before there was an order of it.
    order_id: Mapped[str] = mapped_column(String(32), info=NONE)
    state: Mapped[str] = mapped_column(String(12), info=HEALTH)
    channel: Mapped[str | None] = mapped_column(String(20), info=NONE)
    reason: Mapped[int | None] = mapped_column(SmallInteger, info=HEALTH)
    # Why no channel took the message, in a code of eprom's, or why the answers that came could not be taken.
    code: Mapped[str | None] = mapped_column(String(40), info=HEALTH)
    # Days of the Oslo calendar: when it was ordered, or closed without an order; and when it left, if it did.
    noted_on: Mapped[date] = mapped_column(info=HEALTH)
    sent_on: Mapped[date | None] = mapped_column(info=HEALTH)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class FlagRow(Base):
    """Something in a patient's answers that a clinician must look at, and who has; `rule` is a key of the registry."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("course_id", "rule", "order_id", name="flag_once"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged_by_somebody"),
        CheckConstraint("acknowledged_at IS NULL OR note <> ''", name="acknowledged_with_note"),
        Index("open_flag", "course_id", **_UNSEEN),
    )

    flag_id: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True, info=NONE)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.course_id", ondelete="CASCADE"), info=NONE)
    form: Mapped[str] = mapped_column(String(20), info=NONE)
    order_id: Mapped[str] = mapped_column(String(32), info=NONE)
    rule: Mapped[str] = mapped_column(String(40), info=HEALTH)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)
    acknowledged_by: Mapped[str | None] = mapped_column(String(40), info=NONE)
    note: Mapped[str] = mapped_column(Text, default="", info=FREE_TEXT)


class PlaceRow(Base):
    """A location or a ward of an organisation, kept by its local coordinator."""

    __tablename__ = "place"

    place_id: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True, info=NONE)
    kind: Mapped[str] = mapped_column(String(10), info=NONE)
    organisation: Mapped[int] = mapped_column(info=NONE)
    name: Mapped[str] = mapped_column(String(100), info=NONE)
    short_name: Mapped[str] = mapped_column(String(22), info=NONE)
    resh_id: Mapped[str] = mapped_column(String(10), default="", info=NONE)
    is_active: Mapped[bool] = mapped_column(default=True, info=NONE)


class BlockRow(Base):
    """Somebody who may not be registered: a keyed hash and nothing more."""

    __tablename__ = "blocked_person"

    registry_key: Mapped[str] = mapped_column("registry", String(40), primary_key=True, info=NONE)
    person_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=PSEUDONYM)
    case_id: Mapped[str] = mapped_column(String(32), info=NONE)
    blocked_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)


class FeedRow(Base):
    """How far a feed outside has been read."""

    __tablename__ = "feed"

    name: Mapped[str] = mapped_column(String(20), primary_key=True, info=NONE)
    position: Mapped[int] = mapped_column(BigInteger, info=NONE)


class ExtractRow(Base):
    """A file made for a delivery, and how it came out."""

    __tablename__ = "extract"

    extract_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    delivery_id: Mapped[str] = mapped_column(String(32), info=NONE)
    project_id: Mapped[str] = mapped_column(String(32), info=NONE)
    request: Mapped[dict[str, Any]] = mapped_column(JsonDocument, info=NONE)
    state: Mapped[str] = mapped_column(String(12), info=NONE)
    sha256: Mapped[str | None] = mapped_column(String(64), info=NONE)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NONE)


class ExtractMemberRow(Base):
    """Who is in an extract, so that a reservation finds it."""

    __tablename__ = "extract_member"

    extract_id: Mapped[str] = mapped_column(
        ForeignKey("extract.extract_id", ondelete="CASCADE"), primary_key=True, info=NONE
    )
    pid: Mapped[int] = mapped_column(primary_key=True, index=True, info=PSEUDONYM)


TYPED = add_typed_tables(Base.metadata, registries().values())
