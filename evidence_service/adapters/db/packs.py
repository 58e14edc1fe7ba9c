"""Rule packs as they were when cases were opened. Rows are written once and never changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import rfc8785
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.tables import packs
from evidence_service.platforms.schema import build

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from evidence_service.platforms import Pack

Built = dict[tuple[str, str], "Pack"]


class SQLPacks:
    """`built` is kept from one transaction to the next: what a row says never changes."""

    def __init__(self, session: Session, built: Built) -> None:
        self._session = session
        self._built = built

    def keep(self, pack: Pack, at: datetime) -> str:
        version = pack.version
        if not self._stands(pack, version, at):
            # Somebody changed the rules and left the version as it was.
            version = f"{version}~{_digest(pack.raw)[:8]}"
            self._stands(pack, version, at)
        return version

    def get(self, pack_id: str, version: str) -> Pack | None:
        key = (pack_id, version)
        if key not in self._built:
            content = self._content(*key)
            if content is None:
                return None
            self._built[key] = build(content)
        return self._built[key]

    def _stands(self, pack: Pack, version: str, at: datetime) -> bool:
        """Keep the pack under this version, or say that another one stands there."""
        self._session.execute(
            insert(packs)
            .values(id=pack.id, version=version, content=pack.raw, kept_at=at)
            .on_conflict_do_nothing()
        )
        content = self._content(pack.id, version)
        return content is not None and _digest(content) == _digest(pack.raw)

    def _content(self, pack_id: str, version: str) -> Any:
        return self._session.scalar(
            select(packs.c.content).where(packs.c.id == pack_id, packs.c.version == version)
        )


def _digest(raw: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(raw)).hexdigest()
