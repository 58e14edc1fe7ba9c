"""What a bundle's bytes are: a PDF, or the archive of a set."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bundles",
        sa.Column(
            "media_type",
            sa.Text(),
            server_default=sa.text("'application/pdf'"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    op.drop_column("bundles", "media_type")
