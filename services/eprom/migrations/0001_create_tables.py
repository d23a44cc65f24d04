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
        "course",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.String(length=20), nullable=True),
        sa.Column("course_type", sa.SmallInteger(), nullable=True),
        sa.Column("consented", sa.Boolean(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("finalised", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("closed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course")),
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_pid"), ["pid"], unique=False)

    op.create_table(
        "form_order",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lock_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.SmallInteger(), nullable=True),
        sa.Column("asked_channel", sa.String(length=20), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("may_return", sa.Boolean(), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'reminded', 'answered', 'stored', 'expired', 'stopped')",
            name=op.f("ck_form_order_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'reminded') OR lock_at IS NOT NULL", name=op.f("ck_form_order_out_has_deadline")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_form_order")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_form_order_link_hash")),
    )
    with op.batch_alter_table("form_order", schema=None) as batch_op:
        batch_op.create_index("ix_form_order_course", ["course_id", "form"], unique=False)
        batch_op.create_index("ix_form_order_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_order_pid"), ["pid"], unique=False)

    op.create_table(
        "sent_message",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_sent_message")),
    )
    with op.batch_alter_table("sent_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_message_order_id"), ["order_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["form_order.order_id"], name=op.f("fk_answer_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_answer")),
    )


def downgrade() -> None:
    op.drop_table("answer")
    with op.batch_alter_table("sent_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_message_order_id"))

    op.drop_table("sent_message")
    with op.batch_alter_table("form_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_order_pid"))
        batch_op.drop_index("ix_form_order_due")
        batch_op.drop_index("ix_form_order_course")

    op.drop_table("form_order")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_pid"))

    op.drop_table("course")
    drop_kit_tables()
