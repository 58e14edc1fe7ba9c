"""What a store's people chose for tables: which column is what, by the header's fingerprint."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "(select current_setting('app.scope', true)) = 'system' or store_id = any ("
    "(select string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[])::uuid[])"
)


def upgrade() -> None:
    op.create_table(
        "table_choices",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_table_choices_store_id"),
        sa.ForeignKeyConstraint(["chosen_by"], ["people.id"], name="fk_table_choices_chosen_by"),
        sa.PrimaryKeyConstraint("store_id", "fingerprint", name="pk_table_choices"),
    )
    op.execute("alter table table_choices enable row level security")
    op.execute(f"create policy store_scope on table_choices using ({IN_SCOPE})")
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert, update, delete on table_choices to {quoted}")


def downgrade() -> None:
    op.drop_table("table_choices")
