"""Stripe: disputes, alone, in lists, and in the events of web hooks; lists of charges.

Beside a dispute stand the payments that Visa's Compelling Evidence 3.0 compares, where they are
filled in. A charge alone says nothing of a dispute and is kept unread; a list of them is what a
seller exports to show earlier payments.

Source: https://docs.stripe.com/api/disputes/object, https://docs.stripe.com/api/charges/object and
https://docs.stripe.com/currencies (which amounts have no minor unit), and objects of its
specification.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.domain.order import Order
from evidence_service.readers.order.records import (
    disputes,
    identity,
    minor,
    moment,
    orders,
    written,
)
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"object", "id", "amount", "currency", "reason", "status"})
# The event says what it is about; its object may then be a part of one.
_DISPUTE_EVENT = "charge.dispute."
_NOTICED = frozenset({"id", "amount", "status"})
_CHARGE = frozenset({"object", "id", "amount", "currency", "created", "disputed"})
_PAYMENTS = ("charge", "payment_intent")
# Stripe's own lists; ISK and UGX still have two, although ISO 4217 took them away.
_DECIMALS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
            *("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}


def read(value: Any) -> Reading | None:
    found = _disputes(value)
    reading = disputes("stripe", map(_dispute, found))
    compared = tuple(order for one in found for order in _compared(one))
    return replace(reading, contents=(*reading.contents, *compared)) if reading else None


def _disputes(value: Any) -> list[dict[str, Any]]:
    if text(value, "type").startswith(_DISPUTE_EVENT):
        return records(dig(value, "data", "object"), _NOTICED)
    return [one for one in records(value, _MARKS, "data", "object") if one["object"] == "dispute"]


def read_charges(value: Any) -> Reading | None:
    if text(value, "object") not in {"list", "event"}:
        return None
    found = records(value, _CHARGE, "data", "object")
    return orders("stripe_charges", [_charge(one) for one in found if one["object"] == "charge"])


def _charge(charge: dict[str, Any]) -> Order:
    placed_at = moment(charge, "created")
    return Order(
        number=_order_number(charge) or text(charge, "id"),
        platform="stripe",
        placed_at=placed_at,
        local_time=written(placed_at),
        status=text(charge, "status"),
        total=minor(text(charge, "amount"), text(charge, "currency"), _DECIMALS),
        ship_to=_address(dig(charge, "shipping")),
        tracking_numbers=tuple(filter(None, (text(charge, "shipping", "tracking_number"),))),
        identity=identity(
            account=text(charge, "customer") or text(charge, "customer", "id"),
            email=text(charge, "billing_details", "email") or text(charge, "receipt_email"),
            phone=text(charge, "billing_details", "phone"),
        ),
        is_disputed=dig(charge, "disputed") is True,
    )


def _compared(dispute: dict[str, Any]) -> Iterator[Order]:
    """The disputed payment and the undisputed ones before it, as the evidence has them."""
    evidence = dig(dispute, "evidence", "enhanced_evidence", "visa_compelling_evidence_3")
    disputed = items(evidence, "disputed_transaction")
    for one in (*disputed, *items(evidence, "prior_undisputed_transactions")):
        is_disputed = one in disputed
        yield Order(
            number=text(one, "charge") or (text(dispute, "charge") if is_disputed else ""),
            platform="stripe",
            ship_to=_address({"address": dig(one, "shipping_address")}),
            identity=identity(
                account=text(one, "customer_account_id"),
                device=text(one, "customer_device_id") or text(one, "customer_device_fingerprint"),
                ip=text(one, "customer_purchase_ip"),
                email=text(one, "customer_email_address"),
            ),
            is_disputed=is_disputed,
        )


def _address(to: Any) -> Address | None:
    place = dig(to, "address")
    return address_of(
        name=text(to, "name"),
        street=joined(text(place, "line1"), text(place, "line2")),
        city=joined(text(place, "city"), text(place, "state")),
        postcode=text(place, "postal_code"),
        country=text(place, "country"),
    )


def _dispute(dispute: dict[str, Any]) -> Dispute:
    payments = (text(dispute, name) or text(dispute, name, "id") for name in _PAYMENTS)
    kind = text(dispute, "payment_method_details", "type")
    method = dig(dispute, "payment_method_details", kind)
    return Dispute(
        platform="stripe",
        reference=text(dispute, "id"),
        reason=text(dispute, "reason"),
        network_reason=text(dispute, "network_reason_code") or text(method, "network_reason_code"),
        stage=text(method, "case_type"),
        status=text(dispute, "status"),
        amount=minor(text(dispute, "amount"), text(dispute, "currency"), _DECIMALS),
        order_number=_order_number(dispute),
        transactions=tuple(filter(None, payments)),
        opened_at=moment(dispute, "created"),
        respond_by=moment(dispute, "evidence_details", "due_by"),
        network=text(method, "network")
        or text(method, "brand")
        or ("" if kind == "card" else kind),
    )


def _order_number(payment: dict[str, Any]) -> str:
    """What shops write beside their payments; WooPayments answers the order itself."""
    told = (payment, *(dig(payment, name) for name in _PAYMENTS))
    names = ("order_number", "order_id", "order")
    known = (text(one, "metadata", name) for one in told for name in names)
    return next(filter(None, known), text(payment, "order", "number"))
