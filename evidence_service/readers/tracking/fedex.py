"""FedEx: the Track API v1 (JSON), the older SOAP `TrackReply` (XML), its page, and its documents.

Source: https://developer.fedex.com/api/en-us/catalog/track.html (codes), and answers of both. FedEx
uses numbers again: one number may have several results, each a parcel of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    reading,
    scan,
    signer,
)
from evidence_service.readers.values import dig, elements, items, joined, local_name, text, texts

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.order import Address

# The letter itself is a PDF inside the JSON: it counts as a file of its own only when added so.
DOCUMENT_INSIDE = "document_inside"
_STATUSES = Statuses(
    pre_transit="OC OX EP MD IN",
    in_transit="PU PX OF AP IT IX AA AC AF AR AX DP EA EO FD LO PF PL PM SF TR IP"
    " CC CH CP DS OW TP",
    out_for_delivery="OD ED AD",
    attempted="DE",
    available_for_pickup="HL HP",
    delivered="DL",
    returned="RS",
    exception="SE CD HA DY DD PD PY CA RD",
)
_SPOD = "SIGNATURE_PROOF_OF_DELIVERY"


def read(value: Any) -> Reading | None:
    return reading(
        "fedex",
        JSON,
        (
            _tracking(result, text(number, "trackingNumber"))
            for number in items(dig(value, "output") or value, "completeTrackResults")
            for result in items(number, "trackResults")
            if text(result, "latestStatusDetail", "code") or items(result, "scanEvents")
        ),
    )


def read_page(value: Any) -> Reading | None:
    """What its public page asks for; without a scan it lists one that is empty."""
    packages = (
        *items(value, "output", "packages"),
        *items(value, "TrackPackagesResponse", "packageList"),
    )
    known = (one for one in packages if text(one, "trackingNbr") and _page_scans(one))
    return reading("fedex_page", JSON, map(_page_tracking, known))


def read_documents(value: Any) -> Reading | None:
    """A signature proof of delivery, whose letter names the parcel; the answer does not."""
    output = dig(value, "output")
    if text(output, "documentType") != _SPOD or not texts(output, "documents"):
        return None
    letter = Tracking("", "FedEx", TrackingStatus.UNKNOWN, carrier_status=_SPOD)
    return Reading(
        media_type=JSON,
        reader="fedex_documents",
        kind=EvidenceKind.PROOF_OF_DELIVERY,
        contents=(letter,),
        warnings=(DOCUMENT_INSIDE,),
    )


def read_soap(root: ET.Element) -> Reading | None:
    """Namespaces and depths differ by version; `TrackDetails` is what all have."""
    replies = [one for one in root.iter() if local_name(one) == "TrackReply"]
    details = (one for reply in replies for one in elements(reply, "TrackDetails"))
    known = (one for one in details if items(one, "Events") or _soap_code(one))
    return reading("fedex_soap", XML, map(_soap_tracking, known))


def _tracking(result: dict[str, Any], asked: str) -> Tracking:
    latest, delivery = dig(result, "latestStatusDetail"), dig(result, "deliveryDetails")
    return Tracking(
        number=text(result, "trackingNumberInfo", "trackingNumber") or asked,
        carrier="FedEx",
        status=_STATUSES.of(text(latest, "derivedCode"), text(latest, "code")),
        carrier_status=text(latest, "statusByLocale") or text(latest, "description"),
        signed_by=signer(text(delivery, "signedByName"), text(delivery, "receivedByName")),
        events=tuple(map(_event, items(result, "scanEvents"))),
        destination=_destination(result),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    kind = text(event, "eventType")
    return scan(
        text(event, "date"),
        _STATUSES.of(kind, text(event, "derivedStatusCode")),
        carrier_status=joined(kind, text(event, "exceptionCode"), by=" "),
        description=joined(text(event, "eventDescription"), text(event, "exceptionDescription")),
        place=place(
            dig(event, "scanLocation"), "city", "stateOrProvinceCode", "postalCode", "countryCode"
        ),
    )


def _page_scans(package: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in items(package, "scanEventList") if text(one, "date")]


def _page_tracking(package: dict[str, Any]) -> Tracking:
    events = tuple(map(_page_event, _page_scans(package)))
    status = _STATUSES.of(text(package, "keyStatusCD"))
    return Tracking(
        number=text(package, "trackingNbr"),
        carrier="FedEx",
        status=concluded(events) if status is TrackingStatus.UNKNOWN else status,
        carrier_status=text(package, "keyStatus"),
        signed_by=signer(text(package, "receivedByNm")),
        events=events,
        destination=address_of(
            city=place(package, "recipientCity", "recipientStateCD"),
            postcode=text(package, "recipientZip"),
            country=text(package, "recipientCntryCD"),
        ),
    )


def _page_event(event: dict[str, Any]) -> TrackingEvent:
    day, time = text(event, "date"), text(event, "time")
    code = text(event, "statusCD")
    return scan(
        f"{day}T{time}{text(event, 'gmtOffset')}" if time else day,
        _STATUSES.of(code),
        carrier_status=code,
        description=joined(text(event, "status"), text(event, "scanDetails")),
        place=text(event, "scanLocation"),
    )


def _destination(result: dict[str, Any]) -> Address | None:
    for path in (
        ("recipientInformation",),
        ("deliveryDetails", "actualDeliveryAddress"),
        ("lastUpdatedDestinationAddress",),
        ("destinationLocation", "locationContactAndAddress"),
    ):
        to = dig(result, *path)
        address = dig(to, "address") or to
        found = address_of(
            name=text(to, "contact", "personName"),
            street=joined(*texts(address, "streetLines")),
            city=place(address, "city", "stateOrProvinceCode"),
            postcode=text(address, "postalCode"),
            country=text(address, "countryCode"),
        )
        if found:
            return found
    return None


def _soap_code(details: dict[str, Any]) -> str:
    return text(details, "StatusDetail", "Code") or text(details, "StatusCode")


def _soap_tracking(details: dict[str, Any]) -> Tracking:
    events = tuple(map(_soap_event, items(details, "Events")))
    to = dig(details, "ActualDeliveryAddress") or dig(details, "DestinationAddress")
    code = _soap_code(details)
    return Tracking(
        number=text(details, "TrackingNumber"),
        carrier="FedEx",
        status=_STATUSES.of(code) if code else concluded(events),
        carrier_status=text(details, "StatusDetail", "Description")
        or text(details, "StatusDescription"),
        signed_by=signer(text(details, "DeliverySignatureName")),
        events=events,
        destination=address_of(
            street=joined(*texts(to, "StreetLines")),
            city=place(to, "City", "StateOrProvinceCode"),
            postcode=text(to, "PostalCode"),
            country=text(to, "CountryCode"),
        ),
    )


def _soap_event(event: dict[str, Any]) -> TrackingEvent:
    kind = text(event, "EventType")
    return scan(
        text(event, "Timestamp"),
        _STATUSES.of(kind),
        carrier_status=joined(kind, text(event, "StatusExceptionCode"), by=" "),
        description=joined(
            text(event, "EventDescription"), text(event, "StatusExceptionDescription")
        ),
        place=place(
            event.get("Address"), "City", "StateOrProvinceCode", "PostalCode", "CountryCode"
        ),
    )
