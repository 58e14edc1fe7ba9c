"""Say which case a payment provider's own record of a dispute would open; nothing is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.dispute import Dispute
from evidence_service.domain.errors import InvalidInput, invalid
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import pack_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evidence_service.domain.access import Actor
    from evidence_service.domain.order import Money
    from evidence_service.platforms import Pack
    from evidence_service.ports import Ports, Spooled, StoreRow

SEVERAL_DISPUTES = "several_disputes"
# Where a record's platform is not the name of the pack that its disputes are judged by.
_PACKS = {"shopify": "shopify_payments"}
_SEPARATORS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the record says, in the words of the platform's pack.

    `stores` are the actor's on that platform. Without a `reason` the pack has none of this name:
    `unknown_reason` is what the record calls it.
    """

    platform: str
    stores: tuple[StoreRow, ...]
    reason: str | None
    unknown_reason: str | None
    order_number: str | None
    dispute_ref: str | None
    amount: Money | None
    opened_at: datetime | None
    respond_by: datetime | None
    claim_text: str | None
    details: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def propose_case(
    file: Spooled, *, actor: Actor, ports: Ports, store: str | None = None
) -> Proposal:
    """Read the record and match it with the actor's stores, or with the one named.

    Raises:
        NotAllowed: the actor opens no cases.
        InvalidInput: the file is no dispute's record, or the store is not on its platform.
    """
    authorise(actor, Permission.CASE_EDIT)
    reading = ports.reader.read(file.path)
    found = [one for one in reading.contents if isinstance(one, Dispute)]
    if not found:
        raise invalid("file", "no_dispute", "no record of a dispute is recognised in the file")
    dispute = found[0]
    platform = _PACKS.get(dispute.platform, dispute.platform)
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        stores = _matching(work.stores.all(), platform, store)
    pack = _pack(platform, ports)
    reason = _reason(pack, dispute.reason)
    several = (SEVERAL_DISPUTES,) if len(found) > 1 else ()
    return Proposal(
        platform=platform,
        stores=stores,
        reason=reason,
        unknown_reason=None if reason else dispute.reason or None,
        order_number=dispute.order_number or None,
        dispute_ref=dispute.reference or None,
        amount=dispute.amount,
        opened_at=dispute.opened_at,
        respond_by=dispute.respond_by,
        claim_text=dispute.claim or None,
        details=_details(pack, dispute),
        warnings=(*reading.warnings, *several),
    )


def _matching(
    stores: Sequence[StoreRow], platform: str, wanted: str | None
) -> tuple[StoreRow, ...]:
    on_platform = tuple(row for row in stores if row.platform == platform)
    if wanted is None:
        return on_platform
    named = tuple(row for row in on_platform if wanted in {row.name, str(row.id)})
    if not named:
        raise invalid("store", "other_platform", f"you see no such store on {platform}")
    return named


def _pack(platform: str, ports: Ports) -> Pack | None:
    try:
        return pack_of(platform, ports)
    except InvalidInput:
        return None


def _reason(pack: Pack | None, written: str) -> str | None:
    """The pack's reason of this name, however it is spelt."""
    codes = {_plain(reason.code): reason.code for reason in pack.reasons} if pack else {}
    return codes.get(_plain(written))


def _details(pack: Pack | None, dispute: Dispute) -> dict[str, str]:
    """What the record says of the pack's own details, where the pack knows the value."""
    said = {
        "card_network": dispute.network,
        "network_reason_code": dispute.network_reason,
        "stage": dispute.stage,
        "kind": dispute.stage,
        "channel": dispute.channel,
    }
    known = pack.details if pack else {}
    found: dict[str, str] = {}
    for name, detail in known.items():
        value = said.get(name, "")
        plain = _plain(value) if detail.values else value
        if plain and (not detail.values or plain in detail.values):
            found[name] = plain
    return found


def _plain(name: str) -> str:
    return _SEPARATORS.sub("_", name.casefold()).strip("_").replace("cancelled", "canceled")
