"""What a picture looks like beside its size, where the items of its case are compared."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COPY = """
update evidence e
   set digest = jsonb_set(e.digest, '{pictures,0,edges}', n.content #> '{contents,0,edges}')
  from normal_forms n
 where n.evidence_id = e.id and e.digest ? 'pictures'
   and n.content #>> '{contents,0,form}' = 'picture'
   and n.content #> '{contents,0,edges}' is not null
"""
FORGET = """
update evidence set digest = jsonb_set(digest, '{pictures,0,edges}', '""')
 where digest ? 'pictures'
"""


def upgrade() -> None:
    op.execute(COPY)


def downgrade() -> None:
    op.execute(FORGET)
