"""Direct uploads, and bytes that may be sent again after they were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "(select current_setting('app.scope', true)) = 'system' or store_id = any ("
    "(select string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[])::uuid[])"
)


def upgrade() -> None:
    op.drop_constraint("uq_evidence_case_id_sha256", "evidence", type_="unique")
    op.create_index(
        "uq_evidence_case_id_sha256",
        "evidence",
        ["case_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("char_length(file_name) <= 255", name="ck_uploads_file_name"),
        sa.CheckConstraint("char_length(caption) <= 2000", name="ck_uploads_caption"),
        sa.CheckConstraint("char_length(source_url) <= 2000", name="ck_uploads_source_url"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_uploads_sha256"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_uploads_case_id"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_uploads_evidence_id"),
        sa.ForeignKeyConstraint(["started_by"], ["people.id"], name="fk_uploads_started_by"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_uploads_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )
    for column in ("case_id", "evidence_id", "store_id"):
        op.create_index(f"ix_uploads_{column}", "uploads", [column])
    op.execute("alter table uploads enable row level security")
    op.execute(f"create policy store_scope on uploads using ({IN_SCOPE})")
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert, update, delete on uploads to {quoted}")


def downgrade() -> None:
    op.drop_table("uploads")
    op.drop_index("uq_evidence_case_id_sha256", "evidence")
    op.create_unique_constraint("uq_evidence_case_id_sha256", "evidence", ["case_id", "sha256"])
