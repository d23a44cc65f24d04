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
        "guess_counter",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_guess_counter")),
    )
    with op.batch_alter_table("guess_counter", schema=None) as batch_op:
        batch_op.create_index("ix_guess_counter_last_at", ["last_at"], unique=False)

    op.create_table(
        "log_out_notice",
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("sid", sa.String(length=43), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_log_out_notice")),
    )
    op.create_table(
        "outgoing_message",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useless_after", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('sms', 'email')", name=op.f("ck_outgoing_message_kind_known")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outgoing_message")),
    )
    op.create_table(
        "revoked_token",
        sa.Column("token_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_revoked_token")),
    )
    op.create_table(
        "unit",
        sa.Column("resh", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'region') = (parent IS NULL)", name=op.f("ck_unit_only_regions_stand_alone")),
        sa.CheckConstraint(
            "kind IN ('region', 'organisation', 'clinic', 'department')", name=op.f("ck_unit_kind_known")
        ),
        sa.ForeignKeyConstraint(["parent"], ["unit.resh"], name=op.f("fk_unit_parent")),
        sa.PrimaryKeyConstraint("resh", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_parent", ["parent"], unique=False)

    op.create_table(
        "participation",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["unit.resh"], name=op.f("fk_participation_organisation")),
        sa.PrimaryKeyConstraint("registry", "organisation", name=op.f("pk_participation")),
    )
    op.create_table(
        "user_account",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_name_hash", sa.String(length=64), nullable=False),
        sa.Column("mobile_hash", sa.String(length=64), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("user_name", sa.LargeBinary(), nullable=False),
        sa.Column("full_name", sa.LargeBinary(), nullable=False),
        sa.Column("mobile", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.String(length=30), nullable=False),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_is_first", sa.Boolean(), nullable=False),
        sa.Column("password_is_used", sa.Boolean(), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('active', 'deactivated')", name=op.f("ck_user_account_status_known")),
        sa.ForeignKeyConstraint(["department"], ["unit.resh"], name=op.f("fk_user_account_department")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email_hash", name=op.f("uq_user_account_email_hash")),
        sa.UniqueConstraint("mobile_hash", name=op.f("uq_user_account_mobile_hash")),
        sa.UniqueConstraint("user_name_hash", name=op.f("uq_user_account_user_name_hash")),
    )
    op.create_table(
        "application",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("applicant", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("user_name_hash", sa.String(length=64), nullable=True),
        sa.Column("mobile_hash", sa.String(length=64), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("position", sa.String(length=30), nullable=False),
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'approved') = (role IS NOT NULL)", name=op.f("ck_application_approved_has_role")),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_application_decided_has_moment")
        ),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'rejected')", name=op.f("ck_application_state_known")),
        sa.ForeignKeyConstraint(["applicant"], ["user_account.user_id"], name=op.f("fk_application_applicant")),
        sa.ForeignKeyConstraint(["department"], ["unit.resh"], name=op.f("fk_application_department")),
        sa.ForeignKeyConstraint(["organisation"], ["unit.resh"], name=op.f("fk_application_organisation")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_queue", ["registry", "organisation", "state"], unique=False)

    op.create_table(
        "code_sent",
        sa.Column(
            "code_sent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_code_sent_user_id")),
        sa.PrimaryKeyConstraint("code_sent_id", name=op.f("pk_code_sent")),
    )
    with op.batch_alter_table("code_sent", schema=None) as batch_op:
        batch_op.create_index("ix_code_sent_user", ["user_id", "sent_at"], unique=False)

    op.create_table(
        "known_device",
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_known_device_user_id")),
        sa.PrimaryKeyConstraint("device_hash", "user_id", name=op.f("pk_known_device")),
    )
    op.create_table(
        "log_in_attempt",
        sa.Column("attempt_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.CheckConstraint("purpose IN ('log_in', 'step_up')", name=op.f("ck_log_in_attempt_purpose_known")),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_log_in_attempt_at_most_five_tries")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_log_in_attempt_user_id")),
        sa.PrimaryKeyConstraint("attempt_hash", name=op.f("pk_log_in_attempt")),
    )
    with op.batch_alter_table("log_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_log_in_attempt_begun_at", ["begun_at"], unique=False)

    op.create_table(
        "role_held",
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('LU', 'LC', 'SC', 'SECRETARIAT', 'MANAGER', 'COUNCIL', 'PVO', 'STATISTICIAN')",
            name=op.f("ck_role_held_role_known"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('LU', 'LC') OR organisation > 0", name=op.f("ck_role_held_local_role_has_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_role_held_user_id")),
        sa.PrimaryKeyConstraint("role_id", name=op.f("pk_role_held")),
    )
    with op.batch_alter_table("role_held", schema=None) as batch_op:
        batch_op.create_index("ix_role_held_place", ["registry", "organisation"], unique=False)
        batch_op.create_index(
            "uq_role_held_active",
            ["user_id", "registry", "organisation", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "upstream_link",
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_upstream_link_user_id")),
        sa.PrimaryKeyConstraint("subject_hash", name=op.f("pk_upstream_link")),
        sa.UniqueConstraint("user_id", name=op.f("uq_upstream_link_user_id")),
    )
    op.create_table(
        "sign_on",
        sa.Column("sid", sa.String(length=43), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["role_id"], ["role_held.role_id"], name=op.f("fk_sign_on_role_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_sign_on_user_id")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_sign_on")),
    )
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.create_index("ix_sign_on_begun_at", ["begun_at"], unique=False)
        batch_op.create_index("ix_sign_on_user", ["user_id"], unique=False)

    op.create_table(
        "authorization_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("redirect_uri", sa.String(length=2000), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("nonce", sa.String(length=2000), nullable=False),
        sa.Column("challenge", sa.String(length=128), nullable=False),
        sa.Column("sid", sa.String(length=43), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sid"], ["sign_on.sid"], name=op.f("fk_authorization_code_sid"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_authorization_code")),
        sa.UniqueConstraint("family", name=op.f("uq_authorization_code_family")),
    )
    op.create_table(
        "client_session",
        sa.Column("sid", sa.String(length=43), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["sid"], ["sign_on.sid"], name=op.f("fk_client_session_sid"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sid", "client_id", name=op.f("pk_client_session")),
    )
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("sid", sa.String(length=43), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sid"], ["sign_on.sid"], name=op.f("fk_refresh_token_sid"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_token")),
    )
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.create_index("ix_refresh_token_family", ["family"], unique=False)
        batch_op.create_index("ix_refresh_token_sid", ["sid"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.drop_index("ix_refresh_token_sid")
        batch_op.drop_index("ix_refresh_token_family")

    op.drop_table("refresh_token")
    op.drop_table("client_session")
    op.drop_table("authorization_code")
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_on_user")
        batch_op.drop_index("ix_sign_on_begun_at")

    op.drop_table("sign_on")
    op.drop_table("upstream_link")
    with op.batch_alter_table("role_held", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_held_active",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_role_held_place")

    op.drop_table("role_held")
    with op.batch_alter_table("log_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_log_in_attempt_begun_at")

    op.drop_table("log_in_attempt")
    op.drop_table("known_device")
    with op.batch_alter_table("code_sent", schema=None) as batch_op:
        batch_op.drop_index("ix_code_sent_user")

    op.drop_table("code_sent")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_queue")

    op.drop_table("application")
    op.drop_table("user_account")
    op.drop_table("participation")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_parent")

    op.drop_table("unit")
    op.drop_table("revoked_token")
    op.drop_table("outgoing_message")
    op.drop_table("log_out_notice")
    with op.batch_alter_table("guess_counter", schema=None) as batch_op:
        batch_op.drop_index("ix_guess_counter_last_at")

    op.drop_table("guess_counter")
    drop_kit_tables()
