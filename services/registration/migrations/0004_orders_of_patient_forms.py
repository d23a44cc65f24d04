"""Orders of patient forms."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
# What was told before says only when it last changed; that is the nearest there is.
IN_SQLITE = "UPDATE patient_form SET noted_on = date(changed_at)"
IN_POSTGRESQL = "UPDATE patient_form SET noted_on = (changed_at AT TIME ZONE 'Europe/Oslo')::date"
SENT = "UPDATE patient_form SET sent_on = noted_on WHERE state IN ('sent', 'reminded', 'answered', 'stored', 'expired')"


def upgrade() -> None:
    with op.batch_alter_table("patient_form", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("noted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("sent_on", sa.Date(), nullable=True))
    is_sqlite = op.get_context().dialect.name == "sqlite"
    op.execute(IN_SQLITE if is_sqlite else IN_POSTGRESQL)
    op.execute(SENT)
    with op.batch_alter_table("patient_form", schema=None) as batch_op:
        batch_op.alter_column("noted_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("patient_form", schema=None) as batch_op:
        batch_op.drop_column("sent_on")
        batch_op.drop_column("noted_on")
        batch_op.drop_column("code")
