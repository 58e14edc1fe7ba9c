"""Australia Post: the Track API of its Shipping and Tracking service, and its page.

Source: https://developers.auspost.com.au/apis/shipping-and-tracking/reference/track-items, and an
answer. Events have words alone; newest first. Every article of a consignment is a parcel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("initiated", "created", "sealed", "shipping information*"),
    in_transit=(
        *("in transit*", "received*", "item processed*", "processed*", "arrived*", "item is in*"),
        *("cleared*", "item cleared*", "despatch*", "picked up*"),
    ),
    out_for_delivery=(
        *("onboard for delivery*", "on board for delivery*", "out for delivery*"),
        "with australia post for delivery*",
    ),
    attempted=("attempted delivery*", "delivery attempted*", "unsuccessful pickup*"),
    available_for_pickup=("awaiting collection*", "available for collection*"),
    delivered=("delivered*", "item delivered*"),
    returned=("returned to sender*", "return to sender*"),
    exception=("cannot be delivered*", "article damaged*", "cancelled*", "possible delay*"),
)


def read(value: Any) -> Reading | None:
    parcels = (
        parcel
        for result in items(value, "tracking_results")
        for item in items(result, "trackable_items")
        for parcel in _articles(item, result)
    )
    return reading("australiapost", JSON, parcels)


def read_page(value: Any) -> Reading | None:
    """What its public page asks for: a list of shipments."""
    parcels = (
        _page_tracking(article)
        for one in (items(value) if isinstance(value, list) else ())
        for article in items(one, "shipment", "articles")
        if text(article, "articleId")
    )
    return reading("australiapost_page", JSON, parcels)


def _page_tracking(article: dict[str, Any]) -> Tracking:
    listed = (event for detail in items(article, "details") for event in items(detail, "events"))
    events = tuple(map(_page_event, listed))
    word = text(article, "trackStatusOfArticle")
    return Tracking(
        number=text(article, "articleId"),
        carrier="Australia Post",
        status=concluded(events) if events else _STATUSES.of(word),
        carrier_status=word,
        events=events,
    )


def _page_event(event: dict[str, Any]) -> TrackingEvent:
    words = text(event, "description")
    return scan(
        text(event, "localeDateTime"),
        _STATUSES.of(words, text(event, "milestone")),
        carrier_status=text(event, "eventCode"),
        description=words,
        place=text(event, "location"),
    )


def _articles(item: dict[str, Any], result: dict[str, Any]) -> Iterator[Tracking]:
    """The item is an article, or a consignment of some."""
    for one in items(item, "items") or [item]:
        events = tuple(map(_event, items(one, "events")))
        word = text(one, "status") or text(result, "status")
        status = _STATUSES.of(word)
        yield Tracking(
            number=text(one, "article_id")
            or text(item, "consignment_id")
            or text(result, "tracking_id"),
            carrier="Australia Post",
            status=concluded(events) if status is TrackingStatus.UNKNOWN else status,
            carrier_status=word,
            events=events,
        )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "date"),
        _STATUSES.of(text(event, "description")),
        description=text(event, "description"),
        place=text(event, "location"),
    )
