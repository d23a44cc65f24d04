"""Number claims."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_claim",
        sa.Column("claim", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("binding", sa.String(length=32), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_number_claim")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("number_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_number_claim_until"), ["until"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("number_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_number_claim_until"))

    op.drop_table("number_claim")
