"""What a bundle's failure is told with: which exhibits, which limit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    params = sa.Column(
        "error_params",
        postgresql.JSONB(astext_type=sa.Text()),
        nullable=False,
        server_default=sa.text("'{}'"),
    )
    op.add_column("bundles", params)


def downgrade() -> None:
    op.drop_column("bundles", "error_params")
