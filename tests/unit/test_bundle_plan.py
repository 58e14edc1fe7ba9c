"""What stands in a bundle, under which label and in which order, before anything is drawn."""

from dataclasses import replace
from datetime import timedelta

import pytest
from bundle_corpus import START, evidence_id, make_content

from evidence_service.adapters.pdf.words import Words
from evidence_service.domain.bundle import (
    BundleContent,
    BundleLanguage,
    ChatLine,
    Conversation,
    Exhibit,
    JudgedRequirement,
    OrderFacts,
    OrderRecord,
    ParcelHistory,
    Placing,
    Scan,
    StatedField,
    TimelineRow,
    plan,
)
from evidence_service.domain.checklist import Level, Outcome
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.tracking import TrackingStatus
from evidence_service.domain.transcript import MessageRole


def make_exhibit(number, kind=EvidenceKind.ORDER_SCREENSHOT, **over):
    fields = {
        "evidence_id": evidence_id(number),
        "kind": kind,
        "file_name": f"{number}.png",
        "media_type": "image/png",
        "sha256": f"{number:064x}",
        "size_bytes": 1000,
        "added_at": START,
    }
    return Exhibit(**(fields | over))


def every_part():
    """A content in which each section that there is has something to say."""
    return make_content(
        exhibits=(
            make_exhibit(1, EvidenceKind.ITEM_PHOTO),
            make_exhibit(2, EvidenceKind.TRACKING_HISTORY, media_type="application/json"),
            make_exhibit(3, EvidenceKind.CHAT_TRANSCRIPT, media_type="text/plain"),
            make_exhibit(4, EvidenceKind.ORDER_SCREENSHOT),
            make_exhibit(5, EvidenceKind.INVOICE, media_type="application/pdf"),
            make_exhibit(6, EvidenceKind.ORDER_RECORD, media_type="application/json"),
        ),
        statement=(StatedField(title="What happened", text="It was sent."),),
        timeline=(TimelineRow(at=START, lane="order", text="Paid", evidence_id=evidence_id(4)),),
        orders=(OrderRecord(evidence_id=evidence_id(6), orders=(OrderFacts(number="7"),)),),
        parcels=(
            ParcelHistory(evidence_id=evidence_id(2), number="SD1", carrier="Cainiao", scans=()),
        ),
        conversations=(Conversation(evidence_id=evidence_id(3), channel="Ozon", lines=()),),
        findings=(JudgedRequirement(title="Order", level="required", outcome="met"),),
    )


def placed(media_type):
    (entry,) = plan(make_content(exhibits=(make_exhibit(1, media_type=media_type),))).manifest
    return entry.placed


class TestLabels:
    def test_a_letter_for_the_group_and_a_number_in_the_order_of_the_evidence(self):
        kinds = (
            EvidenceKind.CHAT_SCREENSHOT,
            EvidenceKind.ORDER_SCREENSHOT,
            EvidenceKind.PACKING_PHOTO,
            EvidenceKind.INVOICE,
            EvidenceKind.PROOF_OF_DELIVERY,
        )
        exhibits = tuple(make_exhibit(n, kind) for n, kind in enumerate(kinds, start=1))

        labels = {e.evidence_id: e.label for e in plan(make_content(exhibits=exhibits)).manifest}

        assert [labels[evidence_id(n)] for n in (1, 2, 3, 4, 5)] == [
            "C-1", "A-1", "D-1", "A-2", "B-1"
        ]  # fmt: skip

    def test_every_kind_has_one(self):
        exhibits = tuple(make_exhibit(n, kind) for n, kind in enumerate(EvidenceKind, start=1))

        found = [entry.label for entry in plan(make_content(exhibits=exhibits)).manifest]

        assert len(set(found)) == len(EvidenceKind)

    def test_a_reference_finds_label_and_place(self):
        planned = plan(every_part())

        assert (planned.label(evidence_id(5)), planned.anchor(evidence_id(5))) == ("A-2", "a-2")
        assert (planned.label(evidence_id(2)), planned.anchor(evidence_id(2))) == (
            "B-1",
            "tracking-1",
        )


class TestOrder:
    def test_of_all_sections(self):
        assert [section.anchor for section in plan(every_part()).sections] == [
            "cover", "index", "statement", "timeline", "order-1", "tracking-1", "transcript-1",
            "a-1", "a-2", "d-1", "checklist", "certificate",
        ]  # fmt: skip

    def test_the_index_lists_all_but_cover_and_itself(self):
        planned = plan(every_part())

        assert planned.index == planned.sections[2:]

    def test_sections_without_content_are_absent(self):
        alone = make_content(statement=(StatedField(title="", text="We sent it."),))

        assert [section.anchor for section in plan(alone).sections] == [
            "cover", "index", "statement", "certificate"
        ]  # fmt: skip


class TestPlacing:
    @pytest.mark.parametrize(
        ("media_type", "expected"),
        [
            ("image/png", Placing.PICTURES),
            ("image/jpeg", Placing.PICTURES),
            ("image/webp", Placing.PICTURES),
            ("image/gif", Placing.PICTURES),
            ("image/avif", Placing.PICTURES),
            ("application/pdf", Placing.DOCUMENT),
            ("image/heic", Placing.PICTURES),
            ("video/mp4", Placing.KEPT),
            ("application/json", Placing.KEPT),
            ("application/octet-stream", Placing.KEPT),
        ],
    )
    def test_follows_the_bytes(self, media_type, expected):
        assert placed(media_type) is expected

    def test_what_cannot_be_shown_has_a_sheet_of_its_own(self):
        planned = plan(make_content(exhibits=(make_exhibit(1, media_type="video/mp4"),)))

        assert [s.anchor for s in planned.index] == ["a-1", "certificate"]

    def test_a_picture_that_was_also_read_is_shown_as_both(self):
        content = make_content(
            exhibits=(make_exhibit(1, EvidenceKind.CHAT_SCREENSHOT),),
            conversations=(Conversation(evidence_id=evidence_id(1), channel="Ozon", lines=()),),
        )

        assert [s.anchor for s in plan(content).index] == ["transcript-1", "c-1", "certificate"]

    def test_keeping_changes_only_how_the_named_exhibits_are_placed(self):
        planned = plan(every_part())

        kept = planned.keeping({evidence_id(5)})

        assert [s.anchor for s in kept.sections] == [s.anchor for s in planned.sections]
        changed = [
            e.label for e, was in zip(kept.manifest, planned.manifest, strict=True) if e != was
        ]
        assert changed == ["A-2"]
        assert kept.manifest[1].placed is Placing.KEPT
        assert [s.placing for s in kept.index if s.label == "A-2"] == [Placing.KEPT]


class TestRefusals:
    def test_an_exhibit_that_stands_twice(self):
        with pytest.raises(ValueError, match="twice"):
            plan(make_content(exhibits=(make_exhibit(1), make_exhibit(1))))

    @pytest.mark.parametrize(
        "over",
        [
            {
                "timeline": (
                    TimelineRow(at=START, lane="chat", text="", evidence_id=evidence_id(9)),
                )
            },
            {
                "findings": (
                    JudgedRequirement(
                        title="", level="required", outcome="met", evidence_ids=(evidence_id(9),)
                    ),
                )
            },
            {
                "parcels": (
                    ParcelHistory(evidence_id=evidence_id(9), number="", carrier="", scans=()),
                )
            },
        ],
    )
    def test_a_reference_to_evidence_that_is_no_exhibit(self, over):
        with pytest.raises(ValueError, match=str(evidence_id(9))):
            plan(make_content(exhibits=(make_exhibit(1),), **over))

    def test_only_a_preview_goes_without_an_approval(self):
        with pytest.raises(ValueError, match="preview"):
            make_content(approved_at=None)

        assert make_content(approved_at=None, is_preview=True).dated_at == START.replace(day=21)


class TestCrossingTheProcessBorder:
    def test_nothing_is_lost(self):
        content = every_part()

        assert BundleContent.from_plain(content.to_plain()) == content

    def test_an_unknown_field_is_refused(self):
        plain = every_part().to_plain() | {"colour": "red"}

        with pytest.raises(ValueError, match="colour"):
            BundleContent.from_plain(plain)

    def test_an_absent_field_is_refused(self):
        plain = every_part().to_plain()
        del plain["case"]["order_numbers"]

        with pytest.raises(KeyError, match="order_numbers"):
            BundleContent.from_plain(plain)

    def test_a_value_of_another_type_is_refused(self):
        plain = every_part().to_plain() | {"revision": "seven"}

        with pytest.raises(ValueError, match="seven"):
            BundleContent.from_plain(plain)

    def test_a_changed_content_is_another_content(self):
        """Equality means something: the round trip above could fail."""
        content = every_part()

        assert replace(content, revision=8).to_plain() != content.to_plain()


class TestWords:
    @pytest.mark.parametrize("language", BundleLanguage)
    @pytest.mark.parametrize(
        ("prefix", "values"),
        [
            ("kind", EvidenceKind),
            ("status", TrackingStatus),
            ("role", MessageRole),
            ("level", Level),
            ("outcome", Outcome),
            ("lane", ("order", "seller", "carrier", "chat", "platform")),
        ],
    )
    def test_there_is_one_for_every_value_the_domain_knows(self, language, prefix, values):
        words = Words(language)

        assert all(words(f"{prefix}.{value}") for value in values)


def parcel(*scans):
    return ParcelHistory(
        evidence_id=evidence_id(2),
        number="SD1",
        carrier="Cainiao",
        scans=tuple(Scan(at=START + timedelta(days=day), status=status) for day, status in scans),
    )


def delivered(*parcels):
    exhibits = (make_exhibit(2, EvidenceKind.TRACKING_HISTORY, media_type="application/json"),)
    return make_content(exhibits=exhibits, parcels=parcels).delivered_at


class TestDelivery:
    """What the cover may say in its headline."""

    def test_is_that_of_the_last_parcel(self):
        first, second = parcel((1, "in_transit"), (3, "delivered")), parcel((5, "delivered"))

        assert delivered(second, first) == START + timedelta(days=5)

    @pytest.mark.parametrize("last", ["returned", "exception", "in_transit"])
    def test_is_none_where_a_parcels_last_word_is_another(self, last):
        assert delivered(parcel((3, "delivered"), (4, last))) is None

    def test_is_none_where_one_parcel_is_still_under_way(self):
        assert delivered(parcel((3, "delivered")), parcel((4, "in_transit"))) is None

    def test_is_none_without_a_parcel(self):
        assert delivered() is None


def line(at):
    return ChatLine(author="", role="buyer", sent_at=at, text="")


class TestPauses:
    @pytest.mark.parametrize(("hours", "days"), [(24, 1), (80, 3)])
    def test_of_a_day_or_more_are_shown(self, hours, days):
        assert line(START + timedelta(hours=hours)).pause_after(line(START)).days == days

    @pytest.mark.parametrize("before", [None, line(None), line(START)])
    def test_shorter_ones_and_unknown_ones_are_not(self, before):
        assert line(START + timedelta(hours=23)).pause_after(before) is None


class TestLevels:
    def test_are_the_gravest_that_a_requirement_gives(self):
        content = replace(
            every_part(),
            findings=tuple(
                JudgedRequirement(
                    title=level, level=level, outcome="met", evidence_ids=(evidence_id(1),)
                )
                for level in ("optional", "required", "recommended")
            ),
        )

        assert content.level_of(evidence_id(1)) == "required"
        assert content.level_of(evidence_id(2)) == "unspecified"
