"""Who is asking: a token or a browser session, looked up by its hash.

This is one of the few callers of the system scope: nobody's stores are known before it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from evidence_service.domain.access import Actor
from evidence_service.domain.errors import NotFound, NotSignedIn
from evidence_service.domain.events import SignedIn
from evidence_service.ports import SystemScope

if TYPE_CHECKING:
    from datetime import datetime

    from evidence_service.ports import PersonRow, Ports

MAX_FAILURES = 8
LOCK = timedelta(minutes=10)


def actor_of_token(token: str, *, ports: Ports) -> Actor:
    """Raises NotSignedIn where the token is unknown, expired or revoked."""
    with ports.unit_of_work(SystemScope()) as work:
        person = work.people.by_token(hash_token(token), ports.now())
    return _actor(person)


def actor_of_session(token: str, *, ports: Ports) -> Actor:
    with ports.unit_of_work(SystemScope()) as work:
        person = work.people.by_session(hash_token(token), ports.now())
    return _actor(person)


def actor_of_email(email: str, *, ports: Ports) -> Actor:
    """The person an operator at the command line acts as."""
    with ports.unit_of_work(SystemScope()) as work:
        person = work.people.by_email(normalise(email))
    if person is None:
        raise NotFound("person_not_found", email=email)
    return _actor(person)


def sign_in(email: str, password: str, *, ports: Ports) -> str:
    """The token of a new browser session.

    An unknown address costs the same hashing as a wrong password, so that neither the answer
    nor its time tells which addresses exist; failures lock the account, not the address.

    Raises:
        NotSignedIn: address or password is wrong, or the account is locked for some minutes.
    """
    now = ports.now()
    with ports.unit_of_work(SystemScope()) as work:
        person = work.people.by_email(normalise(email))
    if person is not None and person.locked_until is not None and person.locked_until > now:
        raise NotSignedIn("sign_in_locked")
    good = ports.passwords.verify(person.password_hash if person else None, password)
    with ports.unit_of_work(SystemScope()) as work:
        if person is not None and good:
            work.people.sign_in_succeeded(person.id)
            token = secrets.token_urlsafe(32)
            work.people.add_session(person.id, hash_token(token), now)
            work.record(SignedIn(actor=person.id, at=now))
            return token
        if person is not None:
            work.people.sign_in_failed(person.id, _lock_until(person, now))
    raise NotSignedIn("sign_in_wrong")


def sign_out(token: str, *, ports: Ports) -> None:
    with ports.unit_of_work(SystemScope()) as work:
        work.people.end_session(hash_token(token))


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def normalise(email: str) -> str:
    return email.strip().casefold()


def _lock_until(person: PersonRow, now: datetime) -> datetime | None:
    return now + LOCK if person.failed_sign_ins + 1 >= MAX_FAILURES else None


def _actor(person: PersonRow | None) -> Actor:
    if person is None:
        raise NotSignedIn
    return Actor(person.id, person.email, person.language, person.roles, person.stores)
