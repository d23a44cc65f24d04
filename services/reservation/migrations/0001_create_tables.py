"""Create tables."""

import sqlalchemy as sa
from alembic import op

from shared.outbox.kit_tables_v1 import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_kit_tables()
    op.create_table(
        "reserved_person",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("registry", "person_hash", name=op.f("pk_reserved_person")),
    )
    op.create_table(
        "rights_case",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("letter", sa.String(length=8), nullable=False),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(letter IN ('due', 'refused', 'to_print')) = (sealed_number IS NOT NULL)",
            name=op.f("ck_rights_case_number_until_letter_is_out"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_rights_case_closed_has_moment")
        ),
        sa.CheckConstraint(
            "kind IN ('reservation', 'withdrawal', 'access', 'correction', 'deletion')",
            name=op.f("ck_rights_case_kind_known"),
        ),
        sa.CheckConstraint(
            "letter IN ('none', 'due', 'sent', 'refused', 'to_print', 'posted')",
            name=op.f("ck_rights_case_letter_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'waiting', 'closed')", name=op.f("ck_rights_case_state_known")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_rights_case")),
    )
    with op.batch_alter_table("rights_case", schema=None) as batch_op:
        batch_op.create_index("ix_rights_case_open", ["registry", "state", "due_on"], unique=False)
        batch_op.create_index("ix_rights_case_person", ["registry", "person_hash"], unique=False)

    op.create_table(
        "receipt",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("projects", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["rights_case.case_id"], name=op.f("fk_receipt_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "service", name=op.f("pk_receipt")),
    )


def downgrade() -> None:
    op.drop_table("receipt")
    with op.batch_alter_table("rights_case", schema=None) as batch_op:
        batch_op.drop_index("ix_rights_case_person")
        batch_op.drop_index("ix_rights_case_open")

    op.drop_table("rights_case")
    op.drop_table("reserved_person")
    drop_kit_tables()
