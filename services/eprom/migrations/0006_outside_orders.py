"""Outside orders."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orderer",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("base_url", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_orderer")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_orderer_key_hash")),
    )
    op.create_table(
        "outside_order",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("form_order_id", sa.String(length=36), nullable=False),
        sa.Column("orderer", sa.String(length=60), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["form_order.order_id"], name=op.f("fk_outside_order_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["orderer"], ["orderer.name"], name=op.f("fk_outside_order_orderer")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_outside_order")),
        sa.UniqueConstraint("form_order_id", name=op.f("uq_outside_order_form_order_id")),
    )
    with op.batch_alter_table("outside_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outside_order_orderer"), ["orderer"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outside_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outside_order_orderer"))

    op.drop_table("outside_order")
    op.drop_table("orderer")
