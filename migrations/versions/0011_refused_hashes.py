"""Of a refused upload no hash is kept: it may be of a text that shows a card number."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("evidence", "uploads")


def upgrade() -> None:
    for table in TABLES:
        _check(table, "sha256 ~ '^([0-9a-f]{64})?$'")
    op.execute(
        "update uploads set sha256 = '' from evidence"
        " where evidence.id = uploads.evidence_id and evidence.state = 'refused'"
    )
    op.execute("update evidence set sha256 = '' where state = 'refused'")


def downgrade() -> None:
    """The hashes do not come back; zeros stand for them."""
    op.execute("update uploads set sha256 = repeat('0', 64) where sha256 = ''")
    op.execute("update evidence set sha256 = repeat('0', 64) where sha256 = ''")
    for table in TABLES:
        _check(table, "sha256 ~ '^[0-9a-f]{64}$'")


def _check(table: str, condition: str) -> None:
    op.drop_constraint(f"ck_{table}_sha256", table, type_="check")
    op.create_check_constraint(f"ck_{table}_sha256", table, condition)
