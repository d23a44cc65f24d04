"""Flags."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flag",
        sa.Column("flag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name=op.f("ck_flag_acknowledged_by_somebody")
        ),
        sa.CheckConstraint("acknowledged_at IS NULL OR note <> ''", name=op.f("ck_flag_acknowledged_with_note")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.course_id"], name=op.f("fk_flag_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("flag_id", name=op.f("pk_flag")),
        sa.UniqueConstraint("course_id", "rule", "order_id", name="flag_once"),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index(
            "open_flag",
            ["course_id"],
            unique=False,
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("flag")
