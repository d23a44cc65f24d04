"""Create tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.outbox.kit_tables_v1 import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_kit_tables()
    op.create_table(
        "application",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("applicant", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("has_rec_approval", sa.Boolean(), nullable=False),
        sa.Column("is_commercial", sa.Boolean(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_on IS NOT NULL)",
            name=op.f("ck_application_decided_has_day"),
        ),
        sa.CheckConstraint(
            "kind IN ('own_hospital', 'several_hospitals', 'aggregated', 'research')",
            name=op.f("ck_application_kind_known"),
        ),
        sa.CheckConstraint("state = 'draft' OR received_on IS NOT NULL", name=op.f("ck_application_received_has_day")),
        sa.CheckConstraint(
            "state IN ('draft', 'received', 'clarification', 'voting', 'approved', 'rejected')",
            name=op.f("ck_application_state_known"),
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_applicant"), ["applicant"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("extract_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("ordered", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("smallest_cell", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("use_until", sa.Date(), nullable=False),
        sa.Column("use_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'failed', 'ready', 'approved', 'downloaded', 'expired', 'withdrawn')",
            name=op.f("ck_delivery_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.application_id"], name=op.f("fk_delivery_application_id")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("extract_id", name=op.f("uq_delivery_extract_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_application_id"), ["application_id"], unique=False)

    op.create_table(
        "step",
        sa.Column("step_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=140), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.application_id"], name=op.f("fk_step_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_step")),
    )
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_application_id"), ["application_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.application_id"], name=op.f("fk_vote_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", "member", name=op.f("pk_vote")),
    )
    op.create_table(
        "approval",
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.delivery_id"], name=op.f("fk_approval_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "approved_by", name=op.f("pk_approval")),
    )


def downgrade() -> None:
    op.drop_table("approval")
    op.drop_table("vote")
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_step_application_id"))

    op.drop_table("step")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_application_id"))

    op.drop_table("delivery")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_applicant"))

    op.drop_table("application")
    drop_kit_tables()
