"""Definitions of a course."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
IN_SQLITE = "UPDATE course SET definitions_on = date(created_at)"
IN_POSTGRESQL = "UPDATE course SET definitions_on = created_at::date"


def upgrade() -> None:
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("definitions_on", sa.Date(), nullable=True))
    is_sqlite = op.get_context().dialect.name == "sqlite"
    op.execute(IN_SQLITE if is_sqlite else IN_POSTGRESQL)
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.alter_column("definitions_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_column("definitions_on")
