"""Readings of evidence, made with one line; and strategies that make any."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from factories import make_item
from hypothesis import strategies as st

from evidence_service.domain.digest import digest
from evidence_service.domain.dispute import Dispute
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Address, Money, Order
from evidence_service.domain.picture import Picture
from evidence_service.domain.reading import Reading
from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.domain.transcript import Message, MessageRole, Transcript

OPENED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DELIVERED, MOVING = TrackingStatus.DELIVERED, TrackingStatus.IN_TRANSIT
BUYER, SELLER, BOT = MessageRole.BUYER, MessageRole.SELLER, MessageRole.BOT
RUB = Money.parse("1290.00", "RUB")
MOSCOW = Address(street="Tverskaya 1", city="Москва", postcode="125009", country="RU")
PARIS = Address(city="Paris", postcode="75001")


def read(*contents):
    return digest(Reading(media_type="application/json", contents=contents))


def only(found):
    """The one thing that was read."""
    (content,) = found.contents
    return content


def told(parcel):
    """Number, status, and the statuses of the events."""
    return parcel.number, parcel.status, [event.status.value for event in parcel.events]


def xml(text):
    return ET.fromstring(text)  # noqa: S314 - written by a test


def track(*scans, status=DELIVERED, **over):
    events = tuple(
        TrackingEvent(at=at, local_time="", status=scan, place=place) for scan, at, place in scans
    )
    return Tracking(number="RB1", carrier="x", status=status, events=events, **over)


def chat(*said, channel="ozon", languages=()):
    tags = dict(enumerate(languages))
    messages = tuple(
        Message(
            author="a",
            role=role,
            sent_at=at,
            local_time="",
            text=text,
            language=tags.get(number, ""),
        )
        for number, (role, at, text) in enumerate(said)
    )
    return Transcript(channel, messages)


def order(number="1", **over):
    return Order(number=number, platform="ozon", **over)


def dispute(reference="dp_1", **over):
    return Dispute(platform="stripe", reference=reference, **over)


INSTANT = st.none() | st.integers(-400, 10).map(lambda days: OPENED + days * DAY)
ADDRESS = st.sampled_from([None, MOSCOW, PARIS, Address(city="Moscow")])
TRACK = st.builds(
    track,
    st.tuples(st.sampled_from(TrackingStatus), INSTANT, st.sampled_from(["", "Москва", "Paris"])),
    status=st.sampled_from(TrackingStatus),
    destination=ADDRESS,
)
SAID = st.tuples(
    st.sampled_from(MessageRole),
    INSTANT,
    st.sampled_from(["hi", "收到了", "не получил", "received"]),
)
CHAT = st.lists(SAID, max_size=4).flatmap(
    lambda said: st.builds(chat, *map(st.just, said), channel=st.sampled_from(["ozon", "line"]))
)
ORDER = st.builds(
    order,
    number=st.sampled_from(["1", "2", "3", "4"]),
    placed_at=INSTANT,
    total=st.sampled_from([None, RUB, Money.parse("1.00", "RUB"), Money.parse("1.00", "USD")]),
    ship_to=ADDRESS,
    identity=st.sampled_from([{}, {"ip": "a"}, {"ip": "b", "device": "c"}]),
    is_disputed=st.sampled_from([None, True, False]),
)
PICTURE = st.builds(
    Picture, st.integers(1, 4000), st.integers(1, 4000), st.none() | st.integers(5, 99)
)
DISPUTE = st.builds(
    dispute,
    reference=st.sampled_from(["", "dp_1"]),
    reason=st.sampled_from(["", "LATE", "lost"]),
    status=st.sampled_from(["", "charge_refunded"]),
    amount=st.sampled_from([None, RUB, Money.parse("1.00", "RUB")]),
    order_number=st.sampled_from(["", "1", "2"]),
    respond_by=INSTANT,
)
READ = st.lists(TRACK | CHAT | ORDER | DISPUTE | PICTURE, max_size=3).map(
    lambda found: read(*found)
)
KINDS = [EvidenceKind.TRACKING_HISTORY, EvidenceKind.CHAT_TRANSCRIPT, EvidenceKind.ORDER_RECORD]
ITEMS = st.lists(
    st.builds(make_item, st.sampled_from(KINDS), digest=READ), max_size=5, unique_by=id
)
