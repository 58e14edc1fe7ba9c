"""eBay: orders of the Sell Fulfillment API.

Source: https://developer.ebay.com/api-docs/sell/fulfillment/resources/order/methods/getOrder, and
answers. Tracking numbers are another answer's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import each, identity, line, orders, sum_of
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import XML
from evidence_service.readers.values import TEXT, dig, elements, items, joined, records, text

if TYPE_CHECKING:
    from datetime import datetime
    from xml.etree import ElementTree as ET

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"orderId", "creationDate", "lineItems", "orderFulfillmentStatus"})
_TRADED = frozenset({"OrderID", "CreatedTime"})
# One of them: the caller of the Trading API chooses what else is answered.
_SOLD = frozenset({"Total", "TransactionArray"})
_NOT_CANCELLED = frozenset({"", "NONE_REQUESTED"})
_NOT_CANCELLED_TRADING = frozenset({"", "Invalid", "NotApplicable"})


def read(value: Any) -> Reading | None:
    return orders("ebay", map(_order, records(value, _MARKS, "orders")))


def read_xml(root: ET.Element) -> Reading | None:
    """`GetOrders` and the like of the Trading API."""
    known = (one for one in records(elements(root, "Order"), _TRADED) if one.keys() & _SOLD)
    return orders("ebay_trading", map(_traded, known), XML)


def _traded(order: dict[str, Any]) -> Order:
    placed, cancel = text(order, "CreatedTime"), text(order, "CancelStatus")
    to, sold = dig(order, "ShippingAddress"), items(order, "TransactionArray", "Transaction")
    shipped = (dig(one, "ShippingDetails") for one in (order, *sold))
    numbers = (
        text(tracked, "ShipmentTrackingNumber")
        for one in shipped
        for tracked in items(one, "ShipmentTrackingDetails")
    )
    return Order(
        number=text(order, "OrderID"),
        platform="ebay",
        placed_at=instant(placed),
        local_time=placed,
        status=joined(
            text(order, "OrderStatus"), "" if cancel in _NOT_CANCELLED_TRADING else cancel
        ),
        total=sum_of(dig(order, "Total"), TEXT, "currencyID"),
        ship_to=address_of(
            name=text(to, "Name"),
            street=joined(text(to, "Street1"), text(to, "Street2")),
            city=joined(text(to, "CityName"), text(to, "StateOrProvince")),
            postcode=text(to, "PostalCode"),
            country=text(to, "Country"),
        ),
        tracking_numbers=tuple(dict.fromkeys(filter(None, numbers))),
        lines=tuple(
            line(
                text(one, "Variation", "VariationTitle") or text(one, "Item", "Title"),
                text(one, "QuantityPurchased"),
                text(one, "Variation", "SKU") or text(one, "Item", "SKU"),
                sum_of(dig(one, "TransactionPrice"), TEXT, "currencyID"),
            )
            for one in sold
        ),
        identity=identity(account=text(order, "BuyerUserID")),
        promised_at=_promised_in_trade(order),
    )


def _promised_in_trade(order: dict[str, Any]) -> datetime | None:
    """The latest day eBay named to the buyer, of all parcels."""
    told = (
        instant(text(one, "EstimatedDeliveryTimeMax"))
        for one in items(order, "ShippingServiceSelected", "ShippingPackageInfo")
    )
    return max(filter(None, told), default=None)


def _order(order: dict[str, Any]) -> Order:
    placed, cancel = text(order, "creationDate"), text(order, "cancelStatus", "cancelState")
    return Order(
        number=text(order, "orderId"),
        platform="ebay",
        placed_at=instant(placed),
        local_time=placed,
        status=joined(
            text(order, "orderPaymentStatus"),
            text(order, "orderFulfillmentStatus"),
            "" if cancel in _NOT_CANCELLED else cancel,
        ),
        total=sum_of(dig(order, "pricingSummary", "total"), "value", "currency"),
        ship_to=_ship_to(order),
        lines=tuple(
            line(
                text(one, "title"),
                text(one, "quantity"),
                text(one, "sku"),
                each(sum_of(dig(one, "lineItemCost"), "value", "currency"), text(one, "quantity")),
            )
            for one in items(order, "lineItems")
        ),
        identity=identity(account=text(order, "buyer", "username")),
        promised_at=_promised(order),
    )


def _promised(order: dict[str, Any]) -> datetime | None:
    """The latest day eBay named to the buyer, of all parcels and lines."""
    lines = (dig(one, "lineItemFulfillmentInstructions") for one in items(order, "lineItems"))
    told = (
        instant(text(one, "maxEstimatedDeliveryDate"))
        for one in (*items(order, "fulfillmentStartInstructions"), *lines)
    )
    return max(filter(None, told), default=None)


def _ship_to(order: dict[str, Any]) -> Address | None:
    """The first place it is sent to: with eBay's own forwarding that is its centre."""
    for instruction in items(order, "fulfillmentStartInstructions"):
        to = dig(instruction, "shippingStep", "shipTo")
        address = dig(to, "contactAddress")
        return address_of(
            name=text(to, "fullName"),
            street=joined(text(address, "addressLine1"), text(address, "addressLine2")),
            city=joined(text(address, "city"), text(address, "stateOrProvince")),
            postcode=text(address, "postalCode"),
            country=text(address, "countryCode"),
        )
    return None
