"""National orders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "national_order",
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("form_order_id", sa.String(length=36), nullable=True),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "standing IN ('asked', 'taken', 'reached', 'unreachable', 'unknown', 'ended')",
            name=op.f("ck_national_order_standing_known"),
        ),
        sa.CheckConstraint(
            "standing NOT IN ('taken', 'reached') OR form_order_id IS NOT NULL",
            name=op.f("ck_national_order_taken_has_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["form_order.order_id"], name=op.f("fk_national_order_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_national_order")),
        sa.UniqueConstraint("form_order_id", name=op.f("uq_national_order_form_order_id")),
        sa.UniqueConstraint("order_id", name=op.f("uq_national_order_order_id")),
    )


def downgrade() -> None:
    op.drop_table("national_order")
