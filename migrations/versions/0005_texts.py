"""What is made of an original: its derivatives, and the words that are read in it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "(select current_setting('app.scope', true)) = 'system' or store_id = any ("
    "(select string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[])::uuid[])"
)


def upgrade() -> None:
    op.add_column(
        "evidence",
        sa.Column(
            "derivatives",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    op.create_table(
        "evidence_texts",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(text) <= 100000", name="ck_evidence_texts_text"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_evidence_texts_case_id"),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name="fk_evidence_texts_evidence_id"
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_evidence_texts_store_id"),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name="fk_evidence_texts_written_by"),
        sa.PrimaryKeyConstraint("evidence_id", name="pk_evidence_texts"),
    )
    op.create_index("ix_evidence_texts_case_id", "evidence_texts", ["case_id"])
    op.create_index("ix_evidence_texts_store_id", "evidence_texts", ["store_id"])
    op.execute("alter table evidence_texts enable row level security")
    op.execute(f"create policy store_scope on evidence_texts using ({IN_SCOPE})")
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert, update, delete on evidence_texts to {quoted}")


def downgrade() -> None:
    op.drop_table("evidence_texts")
    op.drop_column("evidence", "derivatives")
