"""Create tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.outbox.kit_tables_v1 import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
_SHOWN = ["pid", "course_type", "basis", "placement", "has_consented", "form_status", "location_id", "ward_id"]
_SHOWN += ["has_comment"]


def upgrade() -> None:
    create_kit_tables()
    op.create_table(
        "blocked_person",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("registry", "person_hash", name=op.f("pk_blocked_person")),
    )
    op.create_table(
        "course",
        sa.Column(
            "course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("course_type", sa.SmallInteger(), nullable=False),
        sa.Column("is_included", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("placement", sa.String(length=8), nullable=False),
        sa.Column("has_consented", sa.Boolean(), nullable=True),
        sa.Column("consent_reason", sa.SmallInteger(), nullable=True),
        sa.Column("form_status", sa.String(length=20), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("has_comment", sa.Boolean(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("basis IN ('consent', 'reservation')", name=op.f("ck_course_basis_known")),
        sa.CheckConstraint("placement IN ('local', 'national')", name=op.f("ck_course_placement_known")),
        sa.CheckConstraint("course_type IN (1, 2, 3)", name=op.f("ck_course_course_type_known")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0.01},
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.create_index("course_of_person", ["pid"], unique=False)
        batch_op.create_index(
            "work_list",
            ["registry", "organisation", "started_on", "course_id"],
            unique=False,
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
            postgresql_include=_SHOWN,
        )
        batch_op.create_index(
            "work_list_of_all",
            ["registry", "started_on", "course_id"],
            unique=False,
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
            postgresql_include=[*_SHOWN, "organisation"],
        )

    op.create_table(
        "extract",
        sa.Column("extract_id", sa.String(length=32), nullable=False),
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("request", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("extract_id", name=op.f("pk_extract")),
    )
    op.create_table(
        "feed",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed")),
    )
    op.create_table(
        "place",
        sa.Column("place_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("short_name", sa.String(length=22), nullable=False),
        sa.Column("resh_id", sa.String(length=10), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place")),
    )
    op.create_table(
        "extract_member",
        sa.Column("extract_id", sa.String(length=32), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.extract_id"], name=op.f("fk_extract_member_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extract_id", "pid", name=op.f("pk_extract_member")),
    )
    with op.batch_alter_table("extract_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extract_member_pid"), ["pid"], unique=False)

    op.create_table(
        "form",
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=40), nullable=False),
        sa.Column("finalised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finalised_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.course_id"], name=op.f("fk_form_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "form", name=op.f("pk_form")),
    )
    op.create_table(
        "patient_form",
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.SmallInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.course_id"], name=op.f("fk_patient_form_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "form", name=op.f("pk_patient_form")),
    )


def downgrade() -> None:
    op.drop_table("patient_form")
    op.drop_table("form")
    with op.batch_alter_table("extract_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extract_member_pid"))

    op.drop_table("extract_member")
    op.drop_table("place")
    op.drop_table("feed")
    op.drop_table("extract")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(
            "work_list",
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
            postgresql_include=_SHOWN,
        )
        batch_op.drop_index(
            "work_list_of_all",
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
            postgresql_include=[*_SHOWN, "organisation"],
        )
        batch_op.drop_index("course_of_person")

    op.drop_table("course")
    op.drop_table("blocked_person")
    drop_kit_tables()
