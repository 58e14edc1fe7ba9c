"""Adyen: the dispute web hooks, one or more notifications each.

Source: https://docs.adyen.com/risk-management/disputes-api/dispute-notifications and
https://docs.adyen.com/development-resources/currency-codes (amounts in minor units).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, minor
from evidence_service.readers.values import dig, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_EVENTS = frozenset(
    {
        "CHARGEBACK",
        "CHARGEBACK_REVERSED",
        "DISPUTE_DEFENSE_PERIOD_ENDED",
        "INFORMATION_SUPPLIED",
        "ISSUER_COMMENTS",
        "ISSUER_RESPONSE_TIMEFRAME_EXPIRED",
        "NOTIFICATION_OF_CHARGEBACK",
        "PREARBITRATION_LOST",
        "PREARBITRATION_WON",
        "REQUEST_FOR_INFORMATION",
        "SECOND_CHARGEBACK",
    }
)
_MARKS = frozenset({"NotificationRequestItem"})
# Adyen's exceptions to two, which are not all those of ISO 4217.
_DECIMALS = {
    **dict.fromkeys(
        (
            *("CVE", "DJF", "GNF", "IDR", "JPY", "KMF", "KRW", "PYG"),
            *("RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

_NETWORKS = {"mc": "mastercard"}


def read(value: Any) -> Reading | None:
    listed = records(value, _MARKS, "notificationItems")
    found = [dig(one, "NotificationRequestItem") for one in listed]
    about = (one for one in found if text(one, "eventCode") in _EVENTS)
    return disputes("adyen", map(_dispute, about))


def _dispute(notification: Any) -> Dispute:
    more = dig(notification, "additionalData")
    return Dispute(
        platform="adyen",
        reference=text(notification, "pspReference"),
        reason=text(notification, "reason"),
        network_reason=text(more, "chargebackReasonCode"),
        stage=text(notification, "eventCode"),
        status=text(more, "disputeStatus"),
        amount=minor(
            text(notification, "amount", "value"),
            text(notification, "amount", "currency"),
            _DECIMALS,
        ),
        order_number=text(notification, "merchantReference"),
        transactions=tuple(filter(None, (text(notification, "originalReference"),))),
        opened_at=instant(text(notification, "eventDate")),
        respond_by=instant(text(more, "defensePeriodEndsAt")),
        claim=text(more, "issuerComments"),
        network=_NETWORKS.get(method := text(notification, "paymentMethod"), method),
    )
