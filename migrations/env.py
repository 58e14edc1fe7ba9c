"""Alembic's environment: migrations run as the owner, one at a time, and never wait long."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from evidence_service.adapters.db.tables import metadata


def ours(_object: object, name: str | None, kind: str, _reflected: object, _to: object) -> bool:
    """Procrastinate's tables are its own business (0002 copies its schema)."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    engine = create_engine(str(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        # Two deployments at once must not both migrate; a busy table must not stall the service.
        connection.execute(text("select pg_advisory_lock(hashtext('evidence:migrate'))"))
        connection.execute(text("set lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=ours,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
