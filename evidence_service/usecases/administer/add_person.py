"""Make a person, and give them tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.errors import FieldError, InvalidInput, NotFound, invalid
from evidence_service.domain.events import PersonAdded, TokenIssued
from evidence_service.domain.ids import new_id
from evidence_service.ports import PersonRow, SystemScope
from evidence_service.usecases.administer.authenticate import hash_token, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from evidence_service.domain.access import Role
    from evidence_service.ports import Ports, StoreRow

MIN_PASSWORD = 12
MAX_PASSWORD = 256
ALL_STORES = "all"


@dataclass(frozen=True, slots=True)
class AddPerson:
    """`stores` holds names or ids; the one word `all` means all, also those to come."""

    email: str
    roles: frozenset[Role]
    stores: tuple[str, ...]
    password: str
    language: str = "en"


def add_person(command: AddPerson, *, by: UUID | None, ports: Ports) -> PersonRow:
    """Raises InvalidInput where address, password, role or store is not usable."""
    email = normalise(command.email)
    if errors := tuple(_wrong(command, email)):
        raise InvalidInput(*errors)
    hashed = ports.passwords.hash(command.password)
    now = ports.now()
    with ports.unit_of_work(SystemScope()) as work:
        if work.people.by_email(email) is not None:
            raise invalid("email", "taken", "there is a person of this address")
        everything = ALL_STORES in command.stores
        stores = frozenset() if everything else _ids(command.stores, work.stores.all())
        person = PersonRow(
            id=new_id(),
            email=email,
            password_hash=hashed,
            language=command.language,
            roles=command.roles,
            stores=stores,
            all_stores=everything,
            failed_sign_ins=0,
            locked_until=None,
        )
        work.people.add(person, now)
        work.record(PersonAdded(actor=by, at=now, person_id=person.id))
    return person


def issue_token(email: str, name: str, *, by: UUID | None, ports: Ports) -> str:
    """A new API token of the person: shown once, kept as its hash.

    Raises:
        NotFound: there is no such person.
    """
    token = f"ev_{secrets.token_urlsafe(32)}"
    token_id = new_id()
    now = ports.now()
    with ports.unit_of_work(SystemScope()) as work:
        person = work.people.by_email(normalise(email))
        if person is None:
            raise NotFound("person_not_found", email=email)
        work.people.add_token(token_id, person.id, name, hash_token(token), now)
        work.record(TokenIssued(actor=by, at=now, token_id=token_id, person_id=person.id))
    return token


def _wrong(command: AddPerson, email: str) -> Iterator[FieldError]:
    """What is not usable, all at once."""
    local, _, domain = email.partition("@")
    if not local or "." not in domain or any(c.isspace() for c in email):
        yield FieldError("email", "malformed", "give an address such as li.wei@example.com")
    if not command.roles:
        yield FieldError("role", "required", "name at least one role")
    if not MIN_PASSWORD <= len(command.password) <= MAX_PASSWORD:
        detail = f"use {MIN_PASSWORD} to {MAX_PASSWORD} characters"
        yield FieldError("password", "length", detail)


def _ids(names: Sequence[str], stores: Sequence[StoreRow]) -> frozenset[UUID]:
    known = {s.name: s.id for s in stores} | {str(s.id): s.id for s in stores}
    for name in names:
        if name not in known:
            raise invalid("store", "unknown", f"there is no store {name!r}")
    return frozenset(known[name] for name in names)
