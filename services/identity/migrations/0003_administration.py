"""Administration."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_review",
        sa.Column(
            "review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation"], ["unit.resh"], name=op.f("fk_access_review_organisation")),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_access_review")),
    )
    with op.batch_alter_table("access_review", schema=None) as batch_op:
        batch_op.create_index(
            "uq_access_review_open",
            ["registry", "organisation"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "access_review_line",
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('confirmed', 'removed', 'unconfirmed')", name=op.f("ck_access_review_line_verdict_known")
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_access_review_line_verdict_has_moment")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["access_review.review_id"], name=op.f("fk_access_review_line_review_id")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["role_held.role_id"], name=op.f("fk_access_review_line_role_id")),
        sa.PrimaryKeyConstraint("review_id", "role_id", name=op.f("pk_access_review_line")),
    )
    op.create_table(
        "emergency_access",
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("verdict IN ('approved', 'not_approved')", name=op.f("ck_emergency_access_verdict_known")),
        sa.CheckConstraint(
            "(verdict IS NULL) = (judged_at IS NULL)", name=op.f("ck_emergency_access_verdict_has_moment")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["role_held.role_id"], name=op.f("fk_emergency_access_role_id")),
        sa.PrimaryKeyConstraint("role_id", name=op.f("pk_emergency_access")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wished_role", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("replaces", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("role_held", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("end_told_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("idle_month_told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("idle_week_told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_because", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("digest_on", sa.Date(), nullable=True))

    # When accounts were last used was not kept; counted from their making, all old ones would be warned at once.
    op.execute("UPDATE user_account SET used_at = CURRENT_TIMESTAMP")


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_column("digest_on")
        batch_op.drop_column("closed_because")
        batch_op.drop_column("idle_week_told_at")
        batch_op.drop_column("idle_month_told_at")
        batch_op.drop_column("used_at")

    with op.batch_alter_table("role_held", schema=None) as batch_op:
        batch_op.drop_column("end_told_at")
        batch_op.drop_column("ends_at")

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("replaces")
        batch_op.drop_column("wished_role")

    op.drop_table("emergency_access")
    op.drop_table("access_review_line")
    with op.batch_alter_table("access_review", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_access_review_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("access_review")
