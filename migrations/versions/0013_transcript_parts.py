"""A chat's messages as some rows beside its normal form, so that nobody holds all at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

IN_SCOPE = (
    "(select current_setting('app.scope', true)) = 'system' or store_id = any ("
    "(select string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[])::uuid[])"
)
MOVE = """
insert into transcript_parts (evidence_id, place, number, store_id, case_id, messages)
select n.evidence_id, c.at - 1, (m.at - 1) / 500, n.store_id, n.case_id,
       jsonb_agg(m.message order by m.at)
  from normal_forms n
 cross join jsonb_array_elements(n.content -> 'contents') with ordinality c (content, at)
 cross join jsonb_array_elements(c.content -> 'messages') with ordinality m (message, at)
 where c.content ->> 'form' = 'transcript'
 group by n.evidence_id, n.store_id, n.case_id, c.at, (m.at - 1) / 500
"""
EMPTY = """
update normal_forms set content = jsonb_set(content, '{contents}', (
    select jsonb_agg(
        case c.content ->> 'form' when 'transcript' then c.content || '{"messages": []}'
        else c.content end order by c.at)
      from jsonb_array_elements(content -> 'contents') with ordinality c (content, at)))
 where evidence_id in (select evidence_id from transcript_parts)
"""
PUT_BACK = """
update normal_forms n set content = jsonb_set(n.content, '{contents}', (
    select jsonb_agg(
        case c.content ->> 'form' when 'transcript' then c.content || jsonb_build_object('messages', (
            select coalesce(jsonb_agg(m.message order by p.number, m.at), '[]')
              from transcript_parts p
             cross join jsonb_array_elements(p.messages) with ordinality m (message, at)
             where p.evidence_id = n.evidence_id and p.place = c.at - 1))
        else c.content end order by c.at)
      from jsonb_array_elements(n.content -> 'contents') with ordinality c (content, at)))
 where evidence_id in (select evidence_id from transcript_parts)
"""


def upgrade() -> None:
    op.create_table(
        "transcript_parts",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("messages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_transcript_parts_case_id"),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name="fk_transcript_parts_evidence_id"
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_transcript_parts_store_id"),
        sa.PrimaryKeyConstraint("evidence_id", "place", "number", name="pk_transcript_parts"),
    )
    op.create_index("ix_transcript_parts_case_id", "transcript_parts", ["case_id"])
    op.create_index("ix_transcript_parts_store_id", "transcript_parts", ["store_id"])
    op.execute(MOVE)
    op.execute(EMPTY)
    op.execute("alter table transcript_parts enable row level security")
    op.execute(f"create policy store_scope on transcript_parts using ({IN_SCOPE})")
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert, update, delete on transcript_parts to {quoted}")


def downgrade() -> None:
    op.execute(PUT_BACK)
    op.drop_table("transcript_parts")
