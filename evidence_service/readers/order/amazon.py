"""Amazon: orders of the Selling Partner API, v0 and 2026-01-01, and its notices of changed ones.

Source: https://developer-docs.amazon.com/sp-api (orders), and the model's examples. In v0 the items
are another answer; only where a file holds both are there lines. Pending orders have no total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import each, identity, line, orders, sum_of
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import XML
from evidence_service.readers.values import dig, elements, items, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree as ET

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_V0 = frozenset({"AmazonOrderId"})
# One of them: a shipment, a fee and a return name the order too.
_TOLD_V0 = frozenset({"PurchaseDate", "OrderStatus"})
_ENVELOPES = ("payload", "Payload", "OrderChangeNotification", "Orders", "orders")
_V2026 = frozenset({"orderId", "createdTime", "salesChannel"})


def read(value: Any) -> Reading | None:
    found = [
        *_first_versions(records(value, _V0, *_ENVELOPES)),
        *map(_of_2026, records(value, _V2026, "payload", "order", "orders")),
    ]
    return orders("amazon", found)


def read_xml(root: ET.Element) -> Reading | None:
    """MWS, whose XML has the names of the first version."""
    found = records(elements(root, "Order"), _V0)
    return orders("amazon_mws", _first_versions(found), XML)


def _first_versions(found: list[dict[str, Any]]) -> Iterator[Order]:
    """Those that tell of the order: a notice does so in its summary."""
    whole = (one | (dig(one, "Summary") or {}) for one in found)
    return (_first_version(one) for one in whole if one.keys() & _TOLD_V0)


def _first_version(order: dict[str, Any]) -> Order:
    placed, to = text(order, "PurchaseDate"), dig(order, "ShippingAddress")
    return Order(
        number=text(order, "AmazonOrderId"),
        platform="amazon",
        placed_at=instant(placed),
        local_time=placed,
        status=text(order, "OrderStatus"),
        total=sum_of(dig(order, "OrderTotal"), "Amount", "CurrencyCode"),
        ship_to=address_of(
            name=text(to, "Name"),
            street=joined(*(text(to, f"AddressLine{n}") for n in (1, 2, 3))),
            city=joined(text(to, "City"), text(to, "StateOrRegion")),
            postcode=text(to, "PostalCode"),
            country=text(to, "CountryCode"),
        ),
        lines=tuple(
            line(
                text(item, "Title"),
                text(item, "QuantityOrdered") or text(item, "Quantity"),
                text(item, "SellerSKU"),
                each(
                    sum_of(dig(item, "ItemPrice"), "Amount", "CurrencyCode"),
                    text(item, "QuantityOrdered"),
                ),
            )
            for item in items(order, "OrderItems")
        ),
        identity=identity(
            email=text(order, "BuyerInfo", "BuyerEmail") or text(order, "BuyerEmail")
        ),
        promised_at=instant(text(order, "LatestDeliveryDate")),
    )


def _of_2026(order: dict[str, Any]) -> Order:
    created = text(order, "createdTime")
    numbers = (text(package, "trackingNumber") for package in items(order, "packages"))
    return Order(
        number=text(order, "orderId"),
        platform="amazon",
        placed_at=instant(created),
        local_time=created,
        status=text(order, "fulfillment", "fulfillmentStatus"),
        total=sum_of(dig(order, "proceeds", "grandTotal"), "amount", "currencyCode"),
        ship_to=_address(dig(order, "recipient", "deliveryAddress")),
        tracking_numbers=tuple(dict.fromkeys(filter(None, numbers))),
        lines=tuple(
            line(
                text(item, "product", "title"),
                text(item, "quantityOrdered"),
                text(item, "product", "sellerSku"),
                sum_of(dig(item, "product", "price", "unitPrice"), "amount", "currencyCode"),
            )
            for item in items(order, "orderItems")
        ),
        identity=identity(email=text(order, "buyer", "buyerEmail")),
    )


def _address(to: Any) -> Address | None:
    return address_of(
        name=text(to, "name"),
        street=joined(text(to, "companyName"), *(text(to, f"addressLine{n}") for n in (1, 2, 3))),
        city=joined(text(to, "city"), text(to, "stateOrRegion")),
        postcode=text(to, "postalCode"),
        country=text(to, "countryCode"),
    )
