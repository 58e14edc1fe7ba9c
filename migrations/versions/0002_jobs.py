"""Jobs: the schema of Procrastinate 3.10.0, word for word, and what the service's role may do."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A copy and not the library's own file: what a migration did may not change with an upgrade.
SCHEMA = Path(__file__).with_name("procrastinate_3_10_0.sql")
TABLES = (
    "procrastinate_jobs",
    "procrastinate_workers",
    "procrastinate_periodic_defers",
    "procrastinate_events",
)


def upgrade() -> None:
    with op.get_bind().connection.cursor() as cursor:
        # Without parameters psycopg sends it as it is: many statements, and each % a plain %.
        cursor.execute(SCHEMA.read_text(encoding="utf-8"))
    # Queueing asks whether there is such a job; theirs covers waiting ones alone.
    op.execute("create index ix_jobs_queueing_lock on procrastinate_jobs (queueing_lock)")
    grant()


def downgrade() -> None:
    """Take everything of Procrastinate's away, and all jobs with it."""
    op.execute(f"drop table {', '.join(TABLES)} cascade")
    op.execute(DROP_FUNCTIONS)
    op.execute(
        "drop type procrastinate_job_to_defer_v1, procrastinate_job_status,"
        " procrastinate_job_event_type"
    )


DROP_FUNCTIONS = r"""
do $$
declare
    found regprocedure;
begin
    for found in
        select oid::regprocedure from pg_proc
        where pronamespace = 'public'::regnamespace and proname like 'procrastinate\_%'
    loop
        execute 'drop function ' || found;
    end loop;
end $$
"""


def grant() -> None:
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant select, insert, update, delete on {', '.join(TABLES)} to {quoted}")
    for table in TABLES:
        op.execute(f"grant usage on sequence {table}_id_seq to {quoted}")
