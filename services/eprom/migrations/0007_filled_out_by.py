"""Who has filled a form out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("answer", schema=None) as batch_op:
        # Until now it was the person itself in every case.
        batch_op.add_column(sa.Column("filled_out_by", sa.String(length=10), nullable=False, server_default="patient"))
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.alter_column("filled_out_by", existing_type=sa.String(length=10), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("filled_out_by")
