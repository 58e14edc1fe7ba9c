"""What holds of every delivery, whatever goes along and whatever the channel's limits are."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_service.domain.arrangement import Carrier, Channel, cut
from evidence_service.domain.checklist import Level
from evidence_service.domain.delivery import (
    LEFT_OUT,
    PDF,
    Candidate,
    DeliveryFailed,
    Limits,
    Need,
    Shot,
    Source,
)
from evidence_service.domain.fitting import Estimate, fit
from evidence_service.usecases.submit.delivery_content import PAGE_SHOT

KINDS = ("chat_screenshot", "tracking_history", "invoice")
NEEDS = (Need("chat"), Need("parcel", 2), Need("film", 1, "packing"), Need("photo", 1, "packing"))
OPTIONAL_LEVELS = (Level.RECOMMENDED, Level.OPTIONAL, Level.UNSPECIFIED, None)


@st.composite
def pictures(draw):
    width, height = draw(st.integers(300, 4000)), draw(st.integers(300, 12_000))
    letters = draw(st.none() | st.floats(10, 60))
    size = draw(st.integers(20_000, 4_000_000))
    return {
        "source": Source.PICTURE,
        "media_type": draw(st.sampled_from(("image/png", "image/jpeg"))),
        "size_bytes": size,
        "shots": (Shot(width, height, letters),),
    }


@st.composite
def papers(draw):
    source = draw(st.sampled_from((Source.DOCUMENT, Source.RECORD)))
    return {
        "source": source,
        "media_type": PDF if source is Source.DOCUMENT else "application/json",
        "size_bytes": draw(st.integers(5_000, 2_000_000)),
        "shots": (PAGE_SHOT,) * draw(st.integers(1, 12)),
    }


FILMS = st.just(
    {
        "source": Source.UNREAD,
        "media_type": "video/mp4",
        "size_bytes": 9_000_000,
    }
)


@st.composite
def cases(draw):
    given_ = draw(st.lists(pictures() | papers() | FILMS, min_size=1, max_size=12))
    found = []
    for number, values in enumerate(given_, start=1):
        needs = tuple(draw(st.lists(st.sampled_from(NEEDS), unique=True, max_size=2)))
        level = Level.REQUIRED if needs else draw(st.sampled_from(OPTIONAL_LEVELS))
        kind = draw(st.sampled_from(KINDS))
        found.append(
            Candidate(
                evidence_id=UUID(int=number),
                label=f"C-{number}",
                kind=kind,
                slot=kind,
                level=level,
                needs=needs,
                **values,
            )
        )
    return found


LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "max_total_bytes": st.integers(50_000, 8_000_000),
        "max_file_bytes": st.integers(50_000, 4_000_000),
        "max_files": st.integers(1, 12),
        "max_pages": st.integers(1, 30),
        "max_file_pages": st.integers(1, 12),
        "max_files_per_kind": st.integers(1, 4),
        "max_pixels": st.integers(200_000, 20_000_000),
        "min_text_pt": st.sampled_from((9, 12)),
        "media_types": st.sampled_from(((PDF,), ("image/jpeg",), (PDF, "image/jpeg"))),
    },
)
FORMS = st.sampled_from(("pdf", "pdf_per_kind", "images", "documents"))


def fitted(given_, form, limits):
    """What is delivered, or nothing where it fails."""
    channel = Channel(form, Limits(**limits))
    try:
        return fit([cut(one, channel) for one in given_], channel, Estimate())
    except DeliveryFailed:
        return None


def held(delivery):
    return {one for file in delivery.files for one in file.evidence_ids}


@settings(deadline=None)
@given(cases(), FORMS, LIMITS)
def test_keeps_every_limit_and_drops_nothing_silently(case, form, limits):
    delivery = fitted(case, form, limits)
    if delivery is None:
        return
    left = {one.evidence_id for one in delivery.omissions if one.what == LEFT_OUT}
    assert held(delivery) | left == {one.evidence_id for one in case}
    assert not held(delivery) & left

    files = delivery.files
    kinds = [slot for file in files for slot in {part.candidate.slot for part in file.parts}]
    pages = [file.pages for file in files if file.carrier is not Carrier.PICTURE]
    found = {
        "max_total_bytes": delivery.bytes,
        "max_files": len(files),
        "max_pages": delivery.pages,
        "max_file_pages": max(pages, default=0),
        "max_files_per_kind": max(kinds.count(kind) for kind in kinds),
    }
    assert {name: count for name, count in found.items() if count > limits.get(name, count)} == {}


@settings(deadline=None)
@given(cases(), FORMS, LIMITS)
def test_never_without_what_answers_a_required_requirement(case, form, limits):
    delivery = fitted(case, form, limits)
    if delivery is None:
        return
    kept = held(delivery)
    for need in NEEDS[:2]:
        serving = [one.evidence_id for one in case if need in one.needs]
        assert len(kept.intersection(serving)) >= min(need.at_least, len(serving))


@settings(deadline=None)
@given(cases(), FORMS, LIMITS, st.integers(50_000, 4_000_000), st.integers(1, 4_000_000))
def test_more_bytes_never_lose_an_exhibit(case, form, limits, budget, more):
    poor = fitted(case, form, limits | {"max_total_bytes": budget})
    rich = fitted(case, form, limits | {"max_total_bytes": budget + more})

    assert poor is None or held(poor) <= held(rich)


@settings(deadline=None)
@given(cases(), FORMS, LIMITS)
def test_is_the_same_again(case, form, limits):
    again = [replace(one) for one in case]

    assert fitted(case, form, limits) == fitted(again, form, limits)
