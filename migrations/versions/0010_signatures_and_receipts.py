"""By whom a bundle is signed, and what the platform gave for a submission."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "(select current_setting('app.scope', true)) = 'system' or store_id = any ("
    "(select string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[])::uuid[])"
)


def upgrade() -> None:
    op.add_column("bundles", sa.Column("signed_by", sa.Text(), nullable=True))
    op.add_column("bundles", sa.Column("time_stamp", sa.Text(), nullable=True))
    op.create_table(
        "receipts",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(file_name) <= 500", name="ck_receipts_file_name"),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name="fk_receipts_added_by"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_receipts_case_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_receipts_store_id"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_receipts_submission_id"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_case_id", "receipts", ["case_id"])
    op.create_index("ix_receipts_store_id", "receipts", ["store_id"])
    op.execute("alter table receipts enable row level security")
    op.execute(f"create policy store_scope on receipts using ({IN_SCOPE})")
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert, update, delete on receipts to {quoted}")


def downgrade() -> None:
    op.drop_table("receipts")
    op.drop_column("bundles", "time_stamp")
    op.drop_column("bundles", "signed_by")
