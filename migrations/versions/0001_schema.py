"""The schema: tables, limits, row-level security, append-only chains, the four-eyes trigger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# (table, column, most characters); PostgreSQL itself refuses NUL in text.
LIMITS = (
    ("stores", "name", 200),
    ("people", "email", 320),
    ("tokens", "name", 100),
    ("idempotency_keys", "key", 255),
    ("cases", "reason", 100),
    ("cases", "dispute_ref", 200),
    ("cases", "buyer_ref", 200),
    ("cases", "claim_text", 20_000),
    ("cases", "stage", 100),
    ("parties", "name", 300),
    ("evidence", "file_name", 255),
    ("evidence", "caption", 2000),
    ("evidence", "source_url", 2000),
    ("waivers", "reason", 2000),
    ("reviews", "comment", 5000),
    ("bundles", "missing_glyphs", 10_000),
    ("submissions", "reference", 500),
    ("submissions", "reason", 2000),
    ("outcomes", "note", 5000),
)
CHECKS = (
    ("cases", "currency", "currency ~ '^[A-Z]{3}$'"),
    ("evidence", "sha256", "sha256 ~ '^[0-9a-f]{64}$'"),
)
STORE_TABLES = (
    "bundles",
    "cases",
    "checklist_reports",
    "contributors",
    "evidence",
    "messages",
    "normal_forms",
    "outcomes",
    "packages",
    "parties",
    "reviews",
    "statements",
    "submissions",
    "waivers",
)
# On these the system chain's rows have no store: only the system scope sees them.
CHAIN_TABLES = ("events", "event_texts")

# A transaction says which stores it sees (unit_of_work.set_scope). The sub-select makes the
# planner read the setting once; on a reused connection an unset one is '' and not null.
IN_SCOPE = (
    "(select current_setting('app.scope', true)) = 'system' or {column} = any ("
    "(select string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[])::uuid[])"
)


def upgrade() -> None:
    create_tables()
    constrain()
    op.execute("create index ix_messages_tokens on messages using gin (tokens)")
    op.execute("create index ix_cases_due on cases (store_id, state, next_due_at, id)")
    op.execute("create index ix_cases_opened on cases (store_id, opened_at, id)")
    op.execute("create index ix_cases_order_numbers on cases using gin (order_numbers)")
    secure_rows()
    op.execute(REFUSE_CHANGE)
    for table in CHAIN_TABLES:
        op.execute(
            f"create trigger append_only before update on {table}"
            " for each row execute function refuse_change()"
        )
        op.execute(
            f"create trigger no_truncate before truncate on {table}"
            " for each statement execute function refuse_change()"
        )
    op.execute(
        "create trigger kept before delete on events for each row execute function refuse_change()"
    )
    op.execute(FOUR_EYES)
    op.execute(
        "create trigger four_eyes before insert or update on reviews"
        " for each row execute function refuse_contributor()"
    )
    op.execute(SEARCH)
    grant()


REFUSE_CHANGE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$
"""

FOUR_EYES = """
create function refuse_contributor() returns trigger language plpgsql as $$
begin
    if new.decision = 'approve' and exists (
        select from contributors c
        where c.case_id = new.case_id and c.person_id = new.reviewed_by
    ) then
        raise exception 'a contributor cannot approve' using errcode = 'check_violation';
    end if;
    return new;
end $$
"""

# Runs as the owner, whom no policy binds, so the index is used; it repeats the store scope and
# returns ids only.
SEARCH = """
create function search_messages(wanted text, most int)
returns table (evidence_id uuid, message_position int)
language sql stable security definer set search_path = public, pg_temp as $$
    select m.evidence_id, m.position
    from messages m
    where m.tokens @@ to_tsquery('simple', wanted)
      and (current_setting('app.scope', true) = 'system' or m.store_id = any (
          string_to_array(nullif(current_setting('app.stores', true), ''), ',')::uuid[]))
    order by m.evidence_id, m.position
    limit most
$$
"""


def constrain() -> None:
    for table, column, most in LIMITS:
        op.create_check_constraint(
            f"ck_{table}_{column}", table, f"char_length({column}) <= {most}"
        )
    for table, column, condition in CHECKS:
        op.create_check_constraint(f"ck_{table}_{column}", table, condition)


def secure_rows() -> None:
    for table in (*STORE_TABLES, *CHAIN_TABLES, "stores"):
        column = "id" if table == "stores" else "store_id"
        condition = IN_SCOPE.format(column=column)
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy store_scope on {table} using ({condition})")


def grant() -> None:
    """The service's role reads and writes rows; it owns nothing and cannot change a chain."""
    role = op.get_context().config.attributes["app_role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant usage on schema public to {quoted}")
    op.execute(f"grant select, insert, update, delete on all tables in schema public to {quoted}")
    op.execute(f"revoke insert, update, delete on alembic_version from {quoted}")
    op.execute(f"revoke update, delete, truncate on events from {quoted}")
    op.execute(f"revoke update, truncate on event_texts from {quoted}")
    # Who had a hand in a case and what was decided is never unsaid.
    op.execute(f"revoke update, delete on contributors, reviews from {quoted}")
    op.execute("revoke execute on function search_messages from public")
    op.execute(f"grant execute on function search_messages to {quoted}")


def create_tables() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("all_stores", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
    )
    op.create_table(
        "stores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stores"),
        sa.UniqueConstraint("name", name="uq_stores_name"),
    )
    op.create_table(
        "browser_sessions",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_browser_sessions_person_id"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_browser_sessions"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("order_numbers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("dispute_ref", sa.Text(), nullable=True),
        sa.Column("buyer_ref", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "next_due_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("'9999-12-31T23:59:59.999999Z'"),
            nullable=False,
        ),
        sa.Column("claim_text", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("assignee", sa.Uuid(), nullable=True),
        sa.Column("pack_id", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("key_wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_revision", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archive_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archive_progress", sa.Double(), nullable=True),
        sa.Column("completeness", sa.Double(), nullable=False),
        sa.Column("missing_count", sa.Integer(), nullable=False),
        sa.Column("legal_hold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["assignee"], ["people.id"], name="fk_cases_assignee"),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name="fk_cases_created_by"),
        sa.ForeignKeyConstraint(["follows"], ["cases.id"], name="fk_cases_follows"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_cases_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_store_id", "cases", ["store_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_events_store_id"),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_events"),
    )
    op.create_index("ix_events_store_id", "events", ["store_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_idempotency_keys_person_id"),
        sa.PrimaryKeyConstraint("person_id", "path", "key", name="pk_idempotency_keys"),
    )
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_memberships_person_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_memberships_store_id"),
        sa.PrimaryKeyConstraint("person_id", "store_id", name="pk_memberships"),
    )
    op.create_index("ix_memberships_store_id", "memberships", ["store_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tokens_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("token_sha256", name="uq_tokens_token_sha256"),
    )
    op.create_table(
        "bundles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("preview", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.Text(), nullable=True),
        sa.Column("version_id", sa.Text(), nullable=True),
        sa.Column("omissions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing_glyphs", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_bundles_case_id"),
        sa.ForeignKeyConstraint(["requested_by"], ["people.id"], name="fk_bundles_requested_by"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_bundles_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bundles"),
    )
    op.create_index("ix_bundles_case_id", "bundles", ["case_id"], unique=False)
    op.create_index("ix_bundles_store_id", "bundles", ["store_id"], unique=False)
    op.create_table(
        "checklist_reports",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_checklist_reports_case_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_checklist_reports_store_id"),
        sa.PrimaryKeyConstraint("case_id", "revision", name="pk_checklist_reports"),
    )
    op.create_index(
        "ix_checklist_reports_store_id", "checklist_reports", ["store_id"], unique=False
    )
    op.create_table(
        "contributors",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_contributors_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_contributors_person_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_contributors_store_id"),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_contributors"),
    )
    op.create_index("ix_contributors_store_id", "contributors", ["store_id"], unique=False)
    op.create_table(
        "event_texts",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain", "seq"], ["events.chain", "events.seq"], name="fk_event_texts_chain_seq"
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_event_texts_store_id"),
        sa.PrimaryKeyConstraint("chain", "seq", "name", name="pk_event_texts"),
    )
    op.create_index("ix_event_texts_store_id", "event_texts", ["store_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_for", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("warnings", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("facts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name="fk_evidence_added_by"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_evidence_case_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_evidence_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("case_id", "sha256", name="uq_evidence_case_id_sha256"),
    )
    op.create_index("ix_evidence_store_id", "evidence", ["store_id"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_outcomes_case_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name="fk_outcomes_recorded_by"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_outcomes_store_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_store_id", "outcomes", ["store_id"], unique=False)
    op.create_table(
        "packages",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_packages_case_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_packages_store_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_packages"),
    )
    op.create_index("ix_packages_store_id", "packages", ["store_id"], unique=False)
    op.create_table(
        "parties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_parties_case_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_parties_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_parties"),
    )
    op.create_index("ix_parties_case_id", "parties", ["case_id"], unique=False)
    op.create_index("ix_parties_store_id", "parties", ["store_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reviews_case_id"),
        sa.ForeignKeyConstraint(["reviewed_by"], ["people.id"], name="fk_reviews_reviewed_by"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_reviews_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_case_id", "reviews", ["case_id"], unique=False)
    op.create_index("ix_reviews_store_id", "reviews", ["store_id"], unique=False)
    op.create_table(
        "statements",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_statements_case_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_statements_store_id"),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name="fk_statements_written_by"),
        sa.PrimaryKeyConstraint("case_id", name="pk_statements"),
    )
    op.create_index("ix_statements_store_id", "statements", ["store_id"], unique=False)
    op.create_table(
        "waivers",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_by", sa.Uuid(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_waivers_case_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_waivers_store_id"),
        sa.ForeignKeyConstraint(["waived_by"], ["people.id"], name="fk_waivers_waived_by"),
        sa.PrimaryKeyConstraint("case_id", "requirement", name="pk_waivers"),
    )
    op.create_index("ix_waivers_store_id", "waivers", ["store_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("message_text", sa.Text(), nullable=False),
        sa.Column("tokens", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_messages_case_id"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_messages_evidence_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_messages_store_id"),
        sa.PrimaryKeyConstraint("evidence_id", "position", name="pk_messages"),
    )
    op.create_index("ix_messages_case_id", "messages", ["case_id"], unique=False)
    op.create_index("ix_messages_store_id", "messages", ["store_id"], unique=False)
    op.create_table(
        "normal_forms",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_normal_forms_case_id"),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name="fk_normal_forms_evidence_id"
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_normal_forms_store_id"),
        sa.PrimaryKeyConstraint("evidence_id", name="pk_normal_forms"),
    )
    op.create_index("ix_normal_forms_case_id", "normal_forms", ["case_id"], unique=False)
    op.create_index("ix_normal_forms_store_id", "normal_forms", ["store_id"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundles.id"], name="fk_submissions_bundle_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_submissions_case_id"),
        sa.ForeignKeyConstraint(["corrects"], ["submissions.id"], name="fk_submissions_corrects"),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name="fk_submissions_recorded_by"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_submissions_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
    )
    op.create_index("ix_submissions_case_id", "submissions", ["case_id"], unique=False)
    op.create_index("ix_submissions_store_id", "submissions", ["store_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("the first migration has nothing to go back to")
