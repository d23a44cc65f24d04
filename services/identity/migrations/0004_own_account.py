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
    op.create_table(
        "lost_phone",
        sa.Column("matter_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mobile", sa.LargeBinary(), nullable=False),
        sa.Column("checked_how", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "checked_how IN ('in_person', 'known', 'called_back')", name=op.f("ck_lost_phone_checked_how_known")
        ),
        sa.CheckConstraint("begun_by <> user_id", name=op.f("ck_lost_phone_not_for_oneself")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_lost_phone_user_id")),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_lost_phone")),
        sa.UniqueConstraint("user_id", name=op.f("uq_lost_phone_user_id")),
    )


def downgrade() -> None:
    op.drop_table("lost_phone")
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
