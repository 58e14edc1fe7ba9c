"""How late a parcel is, and what says nothing of it."""

import pytest
from factories import make_item
from hypothesis import given
from readings import DAY, DELIVERED, ITEMS, MOVING, OPENED, order, read, track

from evidence_service.domain.delay import late_by
from evidence_service.domain.digest import Digest
from evidence_service.domain.evidence import EvidenceKind, ItemState
from evidence_service.domain.tracking import TrackingStatus

TRACKING, RECORD = EvidenceKind.TRACKING_HISTORY, EvidenceKind.ORDER_RECORD
PROMISED = order(promised_at=OPENED)
NOW = OPENED + 20 * DAY


def late(*items):
    return late_by(items, ("1",), NOW)


def record(*contents, kind=TRACKING, **over):
    return make_item(kind, digest=read(*contents), **over)


ORDERED = record(PROMISED, kind=RECORD)


def came(at):
    return record(track((DELIVERED, at, "Москва")))


class TestLateBy:
    def test_from_the_promise_to_the_delivery(self):
        assert late(ORDERED, came(OPENED + 9 * DAY)) == 9 * DAY

    def test_it_is_negative_for_a_parcel_in_time(self):
        assert late(ORDERED, came(OPENED - DAY)) == -DAY

    def test_to_now_while_it_is_under_way(self):
        moving = record(track((MOVING, OPENED, "Москва"), status=MOVING))

        assert late(ORDERED, moving) == 20 * DAY

    def test_the_last_of_several_parcels_counts(self):
        assert late(ORDERED, came(OPENED + DAY), came(OPENED + 3 * DAY)) == 3 * DAY

    @pytest.mark.parametrize(
        "items",
        [
            pytest.param((came(NOW),), id="nothing was promised"),
            pytest.param((ORDERED,), id="no parcel is tracked"),
            pytest.param((record(order("2", promised_at=OPENED)), came(NOW)), id="another order's"),
            pytest.param((ORDERED, came(None)), id="delivered at a time without zone"),
            pytest.param((ORDERED, record(track())), id="delivered without a scan"),
            pytest.param(
                (ORDERED, record(track(status=TrackingStatus.RETURNED))), id="it came back"
            ),
            pytest.param(
                (ORDERED, record(track(), kind=EvidenceKind.RETURN_TRACKING)), id="the way back"
            ),
            pytest.param(
                (ORDERED, record(track(), state=ItemState.WITHDRAWN)), id="withdrawn track"
            ),
        ],
    )
    def test_nothing_is_said_where_nothing_says_it(self, items):
        assert late(*items) is None

    @given(ITEMS)
    def test_the_order_of_the_items_plays_no_part(self, items):
        items = [ORDERED, *items]

        assert late(*items) == late(*reversed(items))

    def test_a_digest_kept_before_promises_were_read_has_none(self):
        plain = read(PROMISED).to_plain()
        del plain["purchases"][0]["promised_at"]

        assert Digest.from_plain(plain).purchases[0].promised_at is None
