"""What goes along in a delivery, at which size: decided without a picture or a page."""

from uuid import UUID

import pytest

from evidence_service.domain.arrangement import Channel, arrange, columns_of, cut
from evidence_service.domain.checklist import Level
from evidence_service.domain.delivery import (
    FLOOR,
    LADDER,
    LEFT_OUT,
    SHRUNK,
    WHOLE,
    Candidate,
    DeliveryIllegible,
    DeliveryLacksRequired,
    DeliveryTextTooLong,
    DeliveryTooLarge,
    DeliveryTooManyFiles,
    DeliveryTooManyPages,
    DeliveryUnnameable,
    Limits,
    Need,
    Shot,
    Source,
    ensure_text_fits,
    file_names,
    scale_of,
)
from evidence_service.domain.fitting import Estimate, fit, plan_delivery

SCREEN = Shot(1080, 2340, 42.0)


def make(number, level=Level.REQUIRED, **over):
    values = {
        "evidence_id": UUID(int=number),
        "label": f"C-{number}",
        "kind": "chat_screenshot",
        "slot": "customer_communication",
        "level": level,
        "source": Source.PICTURE,
        "media_type": "image/png",
        "size_bytes": 400_000,
        "shots": (SCREEN,),
    }
    return Candidate(**(values | over))


def channel(form="images", **limits):
    return Channel(form, Limits(**limits))


def ids(omissions, what):
    return [one.evidence_id.int for one in omissions if one.what == what]


class TestWhatGoes:
    def test_all_of_it_whole_where_nothing_is_limited(self):
        fitted = fit([make(1), make(2)], channel(), Estimate())

        assert set(fitted.rungs.values()) == {WHOLE}
        assert fitted.omissions == ()

    def test_the_budget_is_used_and_each_reduction_is_named(self):
        fitted = fit(
            [make(n) for n in range(1, 31)], channel(max_total_bytes=4_500_000), Estimate()
        )

        assert 0.95 * 4_500_000 <= fitted.bytes <= 4_500_000
        assert ids(fitted.omissions, SHRUNK) == list(range(1, 31))

    def test_what_serves_nothing_goes_first_and_what_is_required_never(self):
        levels = (None, Level.OPTIONAL, Level.UNSPECIFIED, Level.RECOMMENDED, Level.REQUIRED)
        given = [make(n, level) for n, level in enumerate(levels, start=1)]

        fitted = fit(given, channel("documents", max_files=3), Estimate())
        assert ids(fitted.omissions, LEFT_OUT) == [1, 2]
        assert [file.parts[0].candidate.evidence_id.int for file in fitted.files] == [5, 4, 3]

    def test_required_evidence_that_is_too_large_fails_and_is_named(self):
        with pytest.raises(DeliveryTooLarge) as caught:
            fit([make(1), make(2, Level.OPTIONAL)], channel(max_total_bytes=20_000), Estimate())

        assert ids(caught.value.omissions, LEFT_OUT) == [2, 1]
        assert caught.value.params["labels"] == "C-1"

    def test_a_kind_of_file_that_nobody_reads_is_left_out_by_name(self):
        film = make(2, None, source=Source.UNREAD, shots=())

        omission = fit([make(1), film], channel(), Estimate()).omissions[0]
        assert (omission.evidence_id.int, omission.detail) == (2, "not_taken")


PACKING = Need("packing_video")


def film(number, *needs):
    return make(number, source=Source.UNREAD, shots=(), needs=needs)


class TestWhatIsRequired:
    def test_fails_where_the_channel_carries_nothing_that_answers_it(self):
        with pytest.raises(DeliveryLacksRequired) as caught:
            fit([make(1), film(2, PACKING)], channel(), Estimate())

        assert caught.value.params["labels"] == "C-2"
        assert ids(caught.value.omissions, LEFT_OUT) == [2]

    def test_is_answered_by_another_exhibit_that_stays(self):
        fitted = fit([make(1, needs=(PACKING,)), film(2, PACKING)], channel(), Estimate())

        assert [(one.evidence_id.int, one.level) for one in fitted.omissions] == [
            (2, Level.REQUIRED)
        ]

    def test_wants_as_many_as_it_says_and_there_are(self):
        two = Need("packing_video", 2)

        with pytest.raises(DeliveryLacksRequired):
            fit([make(1, needs=(two,)), film(2, two)], channel(), Estimate())
        assert fit([make(1, needs=(two,))], channel(), Estimate()).omissions == ()

    def test_is_answered_by_another_of_its_group(self):
        one, other = Need("film", 1, "packing"), Need("photo", 1, "packing")

        fitted = fit([make(1, needs=(other,)), film(2, one)], channel(), Estimate())
        assert ids(fitted.omissions, LEFT_OUT) == [2]

    def test_beyond_as_many_as_are_asked_for_is_left_out_last_and_listed(self):
        two = Need("packing_video", 2)
        given = [make(n, needs=(two,)) for n in range(1, 5)] + [make(5, Level.RECOMMENDED)]

        fitted = fit(given, channel("documents", max_files=3), Estimate())
        assert [(one.evidence_id.int, one.level) for one in fitted.omissions] == [
            (5, Level.RECOMMENDED),
            (4, Level.REQUIRED),
        ]
        assert {one.bytes for one in fitted.omissions} == {400_000}
        with pytest.raises(DeliveryTooManyFiles):
            fit(given, channel("documents", max_files=1), Estimate())

    def test_stays_where_more_that_answers_the_same_stands_before_it(self):
        given = [make(n, needs=(PACKING,)) for n in (1, 2)] + [make(3, needs=(Need("parcel"),))]

        fitted = fit(given, channel("documents", max_files=2), Estimate())
        assert ids(fitted.omissions, LEFT_OUT) == [2]

    def test_is_not_answered_by_letters_that_nobody_can_read(self):
        need = Need("customer_communication")
        small = make(1, shots=(Shot(1920, 1080, 14.0),), needs=(need,))
        way = channel("pdf_per_kind", min_text_pt=12)

        with pytest.raises(DeliveryIllegible):
            fit([small, make(2)], way, Estimate())
        fitted = fit([small, make(2, needs=(need,))], way, Estimate())
        assert ids(fitted.omissions, LEFT_OUT) == [1]


class TestPages:
    def test_stand_closer_before_any_is_left_out(self):
        loose = fit([make(n) for n in range(1, 9)], channel("pdf_per_kind"), Estimate())
        tight = fit(
            [make(n) for n in range(1, 9)], channel("pdf_per_kind", max_pages=4), Estimate()
        )

        assert (loose.pages, tight.pages) == (8, 4)
        assert tight.files[0].density.columns == 2

    def test_too_many_that_are_required_fail(self):
        given = [make(n, needs=(Need(f"chat {n}"),)) for n in range(1, 20)]

        with pytest.raises(DeliveryTooManyPages):
            fit(given, channel("pdf_per_kind", max_pages=4), Estimate())

    def test_letters_below_what_the_platform_states_are_not_sent(self):
        desktop = make(1, shots=(Shot(1920, 1080, 14.0),), needs=(Need("chat"),))

        with pytest.raises(DeliveryIllegible) as caught:
            fit([desktop], channel("pdf_per_kind", min_text_pt=12), Estimate())
        assert caught.value.params == {"limit": "min_text_pt", "most": "12", "labels": "C-1"}

    def test_where_it_states_none_a_wide_screen_has_the_whole_width(self):
        desktop = make(1, shots=(Shot(1920, 1080, 14.0),))

        assert fit([desktop], channel("pdf_per_kind"), Estimate()).pages == 1


class TestFiles:
    def test_pictures_are_joined_where_only_so_many_are_taken(self):
        files = arrange([make(n) for n in range(1, 8)], channel(max_files=5), {}).files

        assert len(files) == 5
        assert sum(len(file.parts) for file in files) == 7

    def test_the_parts_of_one_scroll_are_joined_before_others(self):
        scroll = cut(make(2, shots=(Shot(1080, 9600, 42.0),)), channel())
        given = [make(1), scroll, make(3)]
        files = arrange(given, channel(max_files=3), {}).files

        assert scroll.pages > 1
        assert [file.stem for file in files] == [f"C-{n}-chat_screenshot" for n in (1, 2, 3)]

    def test_joined_pictures_stand_in_columns_and_are_no_ribbon(self):
        screens = [(1080, 2340)] * 7

        assert columns_of(screens) == [0, 0, 1, 1, 1, 2, 2]
        assert columns_of(screens[:1]) == [0]

    def test_are_called_by_their_exhibit_or_by_what_they_all_are(self):
        given = [make(1), make(2, kind="order_record"), make(3, kind="order_record")]

        apart = arrange(given, channel(), {}).files
        together = arrange(given, channel(max_files=2), {}).files
        assert [file.stem for file in apart] == [
            "C-1-chat_screenshot",
            "C-2-order_record",
            "C-3-order_record",
        ]
        assert together[0].stem == "evidence"

    def test_a_group_too_large_for_one_file_is_divided(self):
        limits = {"max_file_bytes": 900_000}
        fitted = fit([make(n) for n in range(1, 31)], channel("pdf_per_kind", **limits), Estimate())

        assert len(fitted.files) > 1
        assert {file.stem for file in fitted.files} > {"customer_communication-1"}
        assert ids(fitted.omissions, LEFT_OUT) == []

    def test_one_file_for_each_evidence_type_where_the_platform_says_so(self):
        given = [make(1), make(2, slot="receipt"), make(3)]
        files = fit(given, channel("pdf_per_kind", max_files_per_kind=1), Estimate()).files

        assert [file.stem for file in files] == ["customer_communication", "receipt"]
        assert [len(file.parts) for file in files] == [2, 1]


class TestNames:
    def test_obey_the_platforms_pattern(self):
        stems, endings = ["chat_screenshot", "chat_screenshot"], ["jpg", "pdf"]
        paypal = r"^[A-Za-z0-9-_,\s]+[.]{1}[A-Za-z]+$"

        assert file_names(stems, endings, paypal, numbered=True) == [
            "01-chat_screenshot.jpg",
            "02-chat_screenshot.pdf",
        ]
        assert file_names(stems, endings, r"^[A-Za-z0-9]{1,16}\.\w+$", numbered=True) == [
            "01chatscreenshot.jpg",
            "02chatscreenshot.pdf",
        ]

    def test_a_pattern_that_takes_none_of_ours_is_said(self):
        with pytest.raises(DeliveryUnnameable):
            file_names(["chat"], ["jpg"], "^never$", numbered=True)


class TestText:
    @pytest.mark.parametrize(
        ("fields", "limits", "said"),
        [
            ({"note": "я" * 11}, {"note": {"max_chars": 10}}, "note: 11 > 10"),
            ({"content": "你" * 134}, {"content": {"max_bytes": 400}}, "content: 402 > 400"),
            (
                {"a": "x" * 6, "b": "x" * 6},
                {"a": {"max_chars": 9}, "all_text_fields": {"max_chars": 11}},
                "all_text_fields: 12 > 11",
            ),
        ],
    )
    def test_too_long_is_refused_with_the_count_of_each_field(self, fields, limits, said):
        with pytest.raises(DeliveryTextTooLong) as caught:
            ensure_text_fits(fields, Limits(text=limits))

        assert caught.value.params == {"fields": said}

    def test_what_fits_to_the_letter_goes(self):
        ensure_text_fits({"note": "x" * 10}, Limits(text={"note": {"max_chars": 10}}))


class TestLadder:
    def test_goes_down_step_by_step(self):
        sizes = Estimate()
        steps = [sizes.guess(make(1), rung, {}) for rung in range(FLOOR + 1)]

        assert steps == sorted(steps, reverse=True)

    def test_never_below_the_letters_that_can_be_read(self):
        small = Shot(1080, 2340, 16.0)

        assert scale_of(small, LADDER[FLOOR], (12 / 16, 1.0)) * small.letters_px == 12


class TestPlan:
    def test_says_what_leaving_one_out_would_spare(self):
        heavy = make(9, Level.OPTIONAL, size_bytes=3_000_000, shots=(Shot(4000, 3000),))
        given = [make(1), make(2), heavy]
        plan = plan_delivery("x", given, channel(max_total_bytes=500_000), {})

        assert plan.fits
        assert plan.alternatives[0].labels == ("C-9",)
        assert plan.alternatives[0].levels == (Level.OPTIONAL,)

    def test_of_one_that_fails_says_without_what_it_would_fit(self):
        given = [make(n, needs=(Need(f"chat {n}"),)) for n in range(1, 20)]
        plan = plan_delivery("x", given, channel("pdf_per_kind", max_pages=4), {})

        assert not plan.fits
        assert plan.reason.code == "delivery_too_many_pages"
        assert len(plan.alternatives[0].leave_out) == 11
