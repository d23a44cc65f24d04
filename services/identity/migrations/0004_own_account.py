"""Own account."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = "purpose IN ('log_in', 'step_up')"
NOW = "purpose IN ('log_in', 'step_up', 'link', 'password', 'mobile', 'email')"
WANTED = "ck_log_in_attempt_contact_is_wanted"


def upgrade() -> None:
    _let_purposes_be(NOW)
    with op.batch_alter_table("log_in_attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wanted", sa.LargeBinary(), nullable=True))
        batch_op.create_check_constraint(op.f(WANTED), "(purpose IN ('mobile', 'email')) = (wanted IS NOT NULL)")
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("system", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("is_moved", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.alter_column("is_moved", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        for name in ("is_moved", "used_at", "system", "browser"):
            batch_op.drop_column(name)
    with op.batch_alter_table("log_in_attempt", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(WANTED), type_="check")
        batch_op.drop_column("wanted")
    op.execute("DELETE FROM log_in_attempt WHERE purpose NOT IN ('log_in', 'step_up')")
    _let_purposes_be(BEFORE)


def _let_purposes_be(condition: str) -> None:
    with op.batch_alter_table("log_in_attempt", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_log_in_attempt_purpose_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_log_in_attempt_purpose_known"), condition)
