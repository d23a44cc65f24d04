"""The reach ledger, orders that nobody could be reached for, and what the dispatch has queued."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATE_KNOWN, HAS_CODE = "ck_form_order_state_known", "ck_form_order_undelivered_has_code"
BEFORE = "state IN ('waiting', 'sent', 'reminded', 'answered', 'stored', 'expired', 'stopped')"
NOW = f"{BEFORE[:-1]}, 'failed', 'unreachable')"


def upgrade() -> None:
    with op.batch_alter_table("form_order", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(length=10), type_=sa.String(length=12))
        batch_op.add_column(sa.Column("code", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("queued_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(op.f(STATE_KNOWN), type_="check")
        batch_op.create_check_constraint(op.f(STATE_KNOWN), NOW)
        batch_op.create_check_constraint(op.f(HAS_CODE), "(state IN ('failed', 'unreachable')) = (code IS NOT NULL)")
        batch_op.drop_index("ix_form_order_due")
        for name in ("due", "remind", "lock"):
            batch_op.create_index(f"ix_form_order_{name}", ["state", f"{name}_at", "order_id"], unique=False)
    op.create_table(
        "reach_attempt",
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_reach_attempt")),
    )
    with op.batch_alter_table("reach_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reach_attempt_order_id"), ["order_id"], unique=False)


def downgrade() -> None:
    op.drop_table("reach_attempt")
    with op.batch_alter_table("form_order", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(HAS_CODE), type_="check")
        batch_op.drop_constraint(op.f(STATE_KNOWN), type_="check")
    op.execute("UPDATE form_order SET state = 'stopped' WHERE state IN ('failed', 'unreachable')")
    with op.batch_alter_table("form_order", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f(STATE_KNOWN), BEFORE)
        batch_op.alter_column("state", existing_type=sa.String(length=12), type_=sa.String(length=10))
        for name in ("lock", "remind", "due"):
            batch_op.drop_index(f"ix_form_order_{name}")
        batch_op.create_index("ix_form_order_due", ["state", "due_at"], unique=False)
        for name in ("claimed_until", "queued_on", "code"):
            batch_op.drop_column(name)
