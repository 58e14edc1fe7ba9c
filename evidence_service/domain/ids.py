"""Ids: UUIDv7, so that rows made later sort later."""

from uuid import UUID

import uuid6


def new_id() -> UUID:
    # uuid6's own subclass is turned into the standard one, which the database driver knows.
    return UUID(int=uuid6.uuid7().int)
