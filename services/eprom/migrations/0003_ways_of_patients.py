"""Ways of patients: what was skipped, and one-time codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_in_code",
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["form_order.order_id"], name=op.f("fk_log_in_code_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_log_in_code")),
    )
    with op.batch_alter_table("log_in_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_in_code_order_id"), ["order_id"], unique=False)

    skipped = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skipped", skipped, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("skipped")

    with op.batch_alter_table("log_in_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_in_code_order_id"))

    op.drop_table("log_in_code")
