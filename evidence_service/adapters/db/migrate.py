"""Bring the schema to the newest migration, as the owner; roles are never created here."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text

MIGRATIONS = Path(__file__).parents[3] / "migrations"


def config(owner_url: str, app_role: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    made.attributes["app_role"] = app_role
    return made


def upgrade(owner_url: str, app_url: str) -> None:
    """Migrate to head and grant to the role that `app_url` names."""
    role = make_url(app_url).username
    if role is None:
        raise ValueError("the service's database URL names no role")
    command.upgrade(config(owner_url, role), "head")


def is_newest(app_url: str) -> bool:
    """Whether the database stands at this release's last migration."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    engine = create_engine(app_url)
    try:
        with engine.connect() as connection:
            known = connection.scalar(text("select to_regclass('alembic_version')"))
            return known is not None and head == connection.scalar(
                text("select version_num from alembic_version")
            )
    finally:
        engine.dispose()


def refusals(app_url: str) -> list[str]:
    """What is wrong with the service's own role or server, in words; empty when all is well."""
    engine = create_engine(app_url)
    try:
        with engine.connect() as connection:
            row = connection.execute(
                text(
                    "select rolsuper, rolbypassrls, current_setting('server_encoding') as encoding,"
                    " current_setting('server_version_num')::int as version,"
                    " (select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace"
                    "  where relowner = r.oid and nspname = 'public') as owned"
                    " from pg_roles r where rolname = current_user"
                )
            ).one()
    finally:
        engine.dispose()
    found = []
    if row.rolsuper:
        found.append("DATABASE_URL: the role is a superuser; name one without special rights")
    if row.rolbypassrls:
        found.append("DATABASE_URL: the role has BYPASSRLS; row-level security would not hold")
    if row.owned:
        found.append(f"DATABASE_URL: the role owns {row.owned} objects; the owner must be another")
    if row.encoding != "UTF8":
        found.append(f"DATABASE_URL: the server's encoding is {row.encoding}; UTF8 is needed")
    if row.version < 150000:  # noqa: PLR2004 - PostgreSQL 15, the oldest supported
        found.append("DATABASE_URL: the server is older than PostgreSQL 15")
    return found
