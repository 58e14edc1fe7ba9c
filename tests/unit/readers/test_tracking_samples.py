"""Real tracking answers: who reads them, how many events, and where the parcel is."""

import pytest

from evidence_service.readers import read

# Of every parcel: its events and its status. What reads nothing is an error, or no history.
FILES = [
    (
        "17track-userapi-packages",
        "17track",
        [(1, "unknown"), (1, "unknown"), (1, "unknown"), (1, "unknown"), (0, "unknown")],
    ),
    ("17track-userapi-summary", None, []),
    (
        "17track-userapi-unknown-state",
        "17track",
        [(1, "unknown"), (1, "in_transit"), (0, "unknown")],
    ),
    ("aftership-v4-last-checkpoint-empty", None, []),
    ("aftership-v4-last-checkpoint", None, []),
    ("aftership-v4-list-pending", "aftership", [(0, "unknown")]),
    ("aftership-v4-tracking-fedex-delivered", "aftership", [(14, "delivered")]),
    ("aftership-v4-tracking-postnl", "aftership", [(6, "in_transit")]),
    ("amazon-shipping-tracking", "amazon_shipping", [(3, "delivered")]),
    ("asendia", "asendia", [(3, "delivered")]),
    ("australiapost", "australiapost", [(8, "in_transit"), (9, "delivered"), (10, "delivered")]),
    ("canadapost-track-details", "canadapost", [(6, "delivered")]),
    (
        "dhl-express-xmlpi",
        "dhl_express_xml",
        [(16, "delivered"), (1, "in_transit"), (2, "in_transit")],
    ),
    ("dhl-parcel-de-sandbox", "dhl_parcel_de", [(7, "delivered")]),
    ("dhl-poland", "dhl_poland", [(2, "unknown")]),
    ("dhl-unified-notfound", None, []),
    ("dhl-unified-tracking", "dhl_unified", [(1, "pre_transit")]),
    ("dpd-parcellifecycle", "dpd_xml", [(15, "attempted")]),
    ("easypost-tracker-batch", "easypost", [(2, "pre_transit")]),
    (
        "easypost-tracker-list",
        "easypost",
        [
            (2, "pre_transit"),
            (2, "pre_transit"),
            (2, "pre_transit"),
            (2, "pre_transit"),
            (2, "pre_transit"),
        ],
    ),
    ("easypost-tracker", "easypost", [(2, "pre_transit")]),
    ("easyship-trackings", "easyship", [(0, "in_transit")]),
    ("fedex-spod-letter", "fedex_documents", [(0, "unknown")]),
    ("fedex-track-soap-delivered-signature", "fedex_soap", [(11, "delivered")]),
    ("fedex-track-soap-exception", "fedex_soap", [(8, "exception")]),
    ("fedex-track-soap-not-found", None, []),
    ("fedex-track-v1-sample", "fedex", [(1, "in_transit")]),
    ("geodis", "geodis", [(7, "in_transit")]),
    ("gls", "gls", [(2, "in_transit")]),
    ("hermes", "hermes", [(4, "delivered")]),
    ("landmark-midnight-times", "landmark", [(16, "delivered")]),
    ("landmark-multileg", "landmark", [(7, "delivered")]),
    ("laposte-suivi", "laposte", [(9, "delivered")]),
    ("royalmail-tracking-v2", "royalmail", [(1, "in_transit")]),
    ("seko-omniparcel", "seko", [(10, "delivered")]),
    ("sendle", "sendle", [(9, "delivered")]),
    ("shipengine", "shipengine", [(2, "delivered")]),
    ("shippo-track-create", "shippo", [(11, "delivered")]),
    ("shippo-track-delivered", "shippo", [(11, "delivered")]),
    ("shippo-track-invalid", None, []),
    ("smartkargo", "smartkargo", [(1, "delivered"), (1, "pre_transit")]),
    ("ups-track-v1-notfound", None, []),
    ("ups-track-v1-sample", "ups", [(1, "exception")]),
    ("usps-v3-tracking-delivered", "usps", [(12, "delivered")]),
    ("usps-webtools-xml-delivered", "usps_xml", [(10, "delivered")]),
    ("usps-webtools-xml-not-available", None, []),
]


@pytest.mark.parametrize(("name", "reader", "parcels"), FILES)
def test_events_and_status(samples, name, reader, parcels):
    (file,) = (samples / "tracking").glob(f"{name}__*")

    found = read(file)

    assert found.reader == reader
    assert [(len(one.events), one.status.value) for one in found.contents] == parcels


def test_the_index_is_right(samples, expected):
    for file, expect in expected("tracking"):
        found = read(samples / file)

        forms = {content["form"] for content in found.to_plain()["contents"]}
        assert forms == ({"tracking"} if expect == "tracking" else set()), file
