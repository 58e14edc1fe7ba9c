"""The tables, as SQLAlchemy Core. The schema itself is made by migrations/versions.

Every table that holds a case's data carries `store_id`: row-level security compares it with the
scope of the transaction (unit_of_work.py). Money is minor units and a currency; instants are
timestamptz; free text has a limit and refuses NUL (PostgreSQL does by itself).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.types import TypeDecorator

from evidence_service.domain.access import Role
from evidence_service.domain.case import CaseState
from evidence_service.domain.digest import Digest
from evidence_service.domain.evidence import Derivative, EvidenceKind, HeldFor, ItemState, Shape
from evidence_service.domain.records import Decision
from evidence_service.domain.sending import BundleState, OutcomeReason, OutcomeResult, TimeStamp
from evidence_service.domain.words import MOST_CHARS, TextSource

if TYPE_CHECKING:
    from collections.abc import Callable

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Converted(TypeDecorator[Any]):
    """A column whose Python value is another type than the driver's."""

    impl = Text
    cache_ok = True

    def __init__(
        self, stored: Any, to_stored: Callable[[Any], Any], from_stored: Callable[[Any], Any]
    ) -> None:
        super().__init__()
        self.impl = stored
        self.to_stored = to_stored
        self.from_stored = from_stored

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - its interface
        return None if value is None else self.to_stored(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - its interface
        return None if value is None else self.from_stored(value)


def enum(of: type[Any]) -> Converted:
    return Converted(Text(), lambda v: v.value, of)


def strings(of: type[Any], item: Callable[[str], Any] = str) -> Converted:
    """A text array as a tuple or frozenset; a set is stored sorted, so equal sets are equal."""

    def to_stored(value: Any) -> list[str]:
        plain = [str(v) for v in value]
        return sorted(plain) if of is frozenset else plain

    return Converted(ARRAY(Text()), to_stored, lambda v: of(item(i) for i in v))


def _derivatives(stored: Any) -> tuple[Derivative, ...]:
    return tuple(Derivative(**(one | {"shape": Shape(one["shape"])})) for one in stored)


DERIVATIVES = Converted(JSONB(), lambda made: [asdict(one) for one in made], _derivatives)
DIGEST = Converted(JSONB(), Digest.to_plain, Digest.from_plain)


def at(name: str, *, nullable: bool = False, default: str | None = None) -> Column[Any]:
    server_default = text(default) if default else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=server_default)


def limited(name: str, max_chars: int, *, nullable: bool = False) -> Column[Any]:
    return Column(
        name,
        Text,
        CheckConstraint(f"char_length({name}) <= {max_chars}", name=name),
        nullable=nullable,
    )


def store_id() -> Column[Any]:
    return Column("store_id", Uuid, ForeignKey("stores.id"), nullable=False, index=True)


def case_id(*, index: bool = True) -> Column[Any]:
    return Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False, index=index)


def hash_or_none() -> Column[Any]:
    """Empty where nothing of the bytes is kept, as of a refused upload."""
    check = CheckConstraint("sha256 ~ '^([0-9a-f]{64})?$'", name="sha256")
    return Column("sha256", Text, check, nullable=False)


def person(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Uuid, ForeignKey("people.id"), nullable=nullable)


stores = Table(
    "stores",
    metadata,
    Column("id", Uuid, primary_key=True),
    limited("name", 200),
    Column("platform", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("language", Text, nullable=False),
    at("added_at"),
    UniqueConstraint("name"),
)

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    limited("email", 320),
    Column("password_hash", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="en"),
    Column("roles", strings(frozenset, Role), nullable=False),
    Column("all_stores", Boolean, nullable=False, server_default=text("false")),
    Column("failed_sign_ins", Integer, nullable=False, server_default=text("0")),
    at("locked_until", nullable=True),
    at("disabled_at", nullable=True),
    at("added_at"),
    UniqueConstraint("email"),
)

memberships = Table(
    "memberships",
    metadata,
    person("person_id"),
    Column("store_id", Uuid, ForeignKey("stores.id"), nullable=False, index=True),
    PrimaryKeyConstraint("person_id", "store_id"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    person("person_id"),
    limited("name", 100),
    Column("token_sha256", LargeBinary, nullable=False),
    at("issued_at"),
    at("expires_at", nullable=True),
    at("revoked_at", nullable=True),
    UniqueConstraint("token_sha256"),
)

browser_sessions = Table(
    "browser_sessions",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    person("person_id"),
    at("signed_in_at"),
    at("seen_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    person("person_id"),
    Column("path", Text, nullable=False),
    limited("key", 255),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("body", LargeBinary),
    Column("headers", JSONB),
    at("created_at"),
    PrimaryKeyConstraint("person_id", "path", "key"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    Column("platform", Text, nullable=False),
    limited("reason", 100),
    Column("state", enum(CaseState), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("order_numbers", strings(tuple), nullable=False),
    limited("dispute_ref", 200, nullable=True),
    limited("buyer_ref", 200, nullable=True),
    Column("amount_minor", BigInteger),
    Column("currency", Text, CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency")),
    at("opened_at"),
    at("respond_by", nullable=True),
    # The last instant Python knows stands for "never": the driver cannot load 'infinity'.
    at("next_due_at", default="'9999-12-31T23:59:59.999999Z'"),
    limited("claim_text", 20_000, nullable=True),
    Column("details", JSONB, nullable=False),
    Column("follows", Uuid, ForeignKey("cases.id")),
    limited("stage", 100, nullable=True),
    person("assignee", nullable=True),
    Column("pack_id", Text, nullable=False),
    Column("pack_version", Text, nullable=False),
    Column("key_wrapped", LargeBinary),
    person("created_by"),
    at("created_at"),
    Column("approved_revision", Integer),
    at("approved_at", nullable=True),
    at("archive_requested_at", nullable=True),
    at("sealed_at", nullable=True),
    at("archived_at", nullable=True),
    Column("archive_progress", Double),
    Column("completeness", Double, nullable=False),
    Column("missing_count", Integer, nullable=False),
    Column("legal_hold", Boolean, nullable=False, server_default=text("false")),
    # The queue's keyset and the archive's; both begin with the store a list is narrowed to.
    Index("ix_cases_due", "store_id", "state", "next_due_at", "id"),
    Index("ix_cases_opened", "store_id", "opened_at", "id"),
    Index("ix_cases_order_numbers", "order_numbers", postgresql_using="gin"),
)

contributors = Table(
    "contributors",
    metadata,
    case_id(index=False),
    person("person_id"),
    store_id(),
    PrimaryKeyConstraint("case_id", "person_id"),
)

parties = Table(
    "parties",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    case_id(),
    Column("role", Text, nullable=False),
    limited("name", 300),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    case_id(index=False),
    Column("kind", enum(EvidenceKind), nullable=False),
    Column("state", enum(ItemState), nullable=False),
    Column("held_for", enum(HeldFor)),
    hash_or_none(),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("reader", Text),
    limited("file_name", 255),
    limited("caption", 2000),
    Column("position", Integer, nullable=False),
    person("added_by"),
    at("added_at"),
    Column("version_id", Text, nullable=False),
    at("captured_at", nullable=True),
    limited("source_url", 2000, nullable=True),
    Column("warnings", strings(tuple), nullable=False),
    Column("facts", strings(frozenset), nullable=False),
    Column("digest", DIGEST, nullable=False, server_default=text("'{}'")),
    Column("derivatives", DERIVATIVES, nullable=False, server_default=text("'[]'")),
    at("checked_at", nullable=True),
    # What was refused may be sent again.
    Index(
        "uq_evidence_case_id_sha256",
        "case_id",
        "sha256",
        unique=True,
        postgresql_where=text("state <> 'refused'"),
    ),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    case_id(),
    limited("file_name", 255),
    Column("kind", enum(EvidenceKind)),
    Column("size_bytes", BigInteger, nullable=False),
    hash_or_none(),
    limited("caption", 2000),
    at("captured_at", nullable=True),
    limited("source_url", 2000, nullable=True),
    person("started_by"),
    at("started_at"),
    at("expires_at"),
    Column("token_sha256", LargeBinary),
    Column("evidence_id", Uuid, ForeignKey("evidence.id"), index=True),
)

normal_forms = Table(
    "normal_forms",
    metadata,
    Column("evidence_id", Uuid, ForeignKey("evidence.id"), primary_key=True),
    store_id(),
    case_id(),
    Column("content", JSONB, nullable=False),
)

# What the chats of a normal form hold: `place` is the chat's among its contents.
transcript_parts = Table(
    "transcript_parts",
    metadata,
    Column("evidence_id", Uuid, ForeignKey("evidence.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    store_id(),
    case_id(),
    Column("messages", JSONB, nullable=False),
    PrimaryKeyConstraint("evidence_id", "place", "number"),
)

table_choices = Table(
    "table_choices",
    metadata,
    Column("store_id", Uuid, ForeignKey("stores.id"), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("choices", JSONB, nullable=False),
    person("chosen_by"),
    at("chosen_at"),
    PrimaryKeyConstraint("store_id", "fingerprint"),
)

evidence_texts = Table(
    "evidence_texts",
    metadata,
    Column("evidence_id", Uuid, ForeignKey("evidence.id"), primary_key=True),
    store_id(),
    case_id(),
    Column("language", Text, nullable=False),
    limited("text", MOST_CHARS),
    Column("source", enum(TextSource), nullable=False),
    person("written_by", nullable=True),
    at("written_at"),
    Column("is_settled", Boolean, nullable=False, server_default="true"),
)

messages = Table(
    "messages",
    metadata,
    Column("evidence_id", Uuid, ForeignKey("evidence.id"), nullable=False),
    Column("position", Integer, nullable=False),
    store_id(),
    case_id(),
    Column("message_text", Text, nullable=False),
    Column("tokens", TSVECTOR, nullable=False),
    PrimaryKeyConstraint("evidence_id", "position"),
    Index("ix_messages_tokens", "tokens", postgresql_using="gin"),
)

statements = Table(
    "statements",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    store_id(),
    Column("language", Text, nullable=False),
    Column("fields", JSONB, nullable=False),
    person("written_by"),
    at("written_at"),
)

platform_requirements = Table(
    "platform_requirements",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    store_id(),
    limited("source", 2000),
    Column("requirements", JSONB, nullable=False),
    person("recorded_by"),
    at("recorded_at"),
)

waivers = Table(
    "waivers",
    metadata,
    case_id(index=False),
    Column("requirement", Text, nullable=False),
    store_id(),
    limited("reason", 2000),
    person("waived_by"),
    at("waived_at"),
    PrimaryKeyConstraint("case_id", "requirement"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    case_id(),
    Column("revision", Integer, nullable=False),
    Column("decision", enum(Decision), nullable=False),
    limited("comment", 5000),
    Column("items", JSONB, nullable=False),
    person("reviewed_by"),
    at("reviewed_at"),
)

checklist_reports = Table(
    "checklist_reports",
    metadata,
    case_id(index=False),
    Column("revision", Integer, nullable=False),
    store_id(),
    Column("report", JSONB, nullable=False),
    at("judged_at"),
    PrimaryKeyConstraint("case_id", "revision"),
)

bundles = Table(
    "bundles",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    case_id(),
    Column("revision", Integer, nullable=False),
    Column("delivery", Text, nullable=False),
    Column("preview", Boolean, nullable=False),
    Column("state", enum(BundleState), nullable=False),
    Column("progress", Double, nullable=False),
    Column("pages", Integer),
    Column("size_bytes", BigInteger),
    Column("sha256", Text),
    Column("content_sha256", Text),
    Column("signed_by", Text),
    Column("time_stamp", enum(TimeStamp)),
    Column("version_id", Text),
    Column("omissions", JSONB, nullable=False),
    Column("media_type", Text, nullable=False, server_default=text("'application/pdf'")),
    limited("missing_glyphs", 10_000),
    Column("error", Text),
    Column("error_params", JSONB, nullable=False, server_default=text("'{}'")),
    person("requested_by"),
    at("requested_at"),
    at("ready_at", nullable=True),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    case_id(),
    Column("bundle_id", Uuid, ForeignKey("bundles.id"), nullable=False),
    limited("reference", 500, nullable=True),
    at("submitted_at"),
    Column("corrects", Uuid, ForeignKey("submissions.id")),
    limited("reason", 2000, nullable=True),
    person("recorded_by"),
    at("recorded_at"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("submission_id", Uuid, ForeignKey("submissions.id"), primary_key=True),
    store_id(),
    case_id(),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    limited("file_name", 500),
    Column("version_id", Text, nullable=False),
    person("added_by"),
    at("added_at"),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    store_id(),
    Column("result", enum(OutcomeResult), nullable=False),
    Column("amount_minor", BigInteger),
    Column("currency", Text),
    Column("reason", enum(OutcomeReason)),
    limited("note", 5000, nullable=True),
    person("recorded_by"),
    at("recorded_at"),
)

packs = Table(
    "packs",
    metadata,
    Column("id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    at("kept_at"),
    PrimaryKeyConstraint("id", "version"),
)

packages = Table(
    "packages",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    store_id(),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("version_id", Text, nullable=False),
    at("made_at"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Uuid, primary_key=True),
    store_id(),
    case_id(),
    Column("kind", Text, nullable=False),
    at("due_at"),
    at("about"),
    Column("channel", Text, nullable=False),
    person("person_id", nullable=True),
    at("claimed_at"),
    at("started_at", nullable=True),
    at("sent_at", nullable=True),
    at("failed_at", nullable=True),
)

events = Table(
    "events",
    metadata,
    Column("chain", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    # Null on the system chain alone, which belongs to no store.
    Column("store_id", Uuid, ForeignKey("stores.id"), index=True),
    at("at"),
    Column("kind", Text, nullable=False),
    Column("actor", Uuid),
    Column("subject", Uuid),
    Column("data", JSONB, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("chain", "seq"),
)

event_texts = Table(
    "event_texts",
    metadata,
    Column("chain", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("store_id", Uuid, ForeignKey("stores.id"), index=True),
    Column("salt", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("chain", "seq", "name"),
    ForeignKeyConstraint(["chain", "seq"], ["events.chain", "events.seq"]),
)
