"""Reminders: who was told what of a case, and whether it has left."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "(select current_setting('app.scope', true)) = 'system' or store_id = any ("
    "(select string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[])::uuid[])"
)


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reminders_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reminders_person_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_reminders_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
    )
    op.create_index("ix_reminders_case_id", "reminders", ["case_id"])
    op.create_index("ix_reminders_store_id", "reminders", ["store_id"])
    op.execute("alter table reminders enable row level security")
    op.execute(f"create policy store_scope on reminders using ({IN_SCOPE})")
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert, update, delete on reminders to {quoted}")


def downgrade() -> None:
    op.drop_table("reminders")
