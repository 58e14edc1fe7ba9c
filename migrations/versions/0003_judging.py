"""What judging needs: digests of readings, packs as they were, what a platform asked itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
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
            "digest",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.create_table(
        "packs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_packs"),
    )
    op.create_table(
        "platform_requirements",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("requirements", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(source) <= 2000", name="ck_platform_requirements_source"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_platform_requirements_case_id"),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_platform_requirements_store_id"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["people.id"], name="fk_platform_requirements_recorded_by"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_platform_requirements"),
    )
    op.create_index("ix_platform_requirements_store_id", "platform_requirements", ["store_id"])
    op.execute("alter table platform_requirements enable row level security")
    op.execute(f"create policy store_scope on platform_requirements using ({IN_SCOPE})")
    grant()


def downgrade() -> None:
    op.drop_table("platform_requirements")
    op.drop_table("packs")
    op.drop_column("evidence", "digest")


def grant() -> None:
    """Rules by which a case was judged are never changed afterwards."""
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert on packs to {quoted}")
    op.execute(f"grant select, insert, update, delete on platform_requirements to {quoted}")
