"""A delivery: what one channel of one platform takes, as far as it is known before any is made.

The limits, what may go along, the ladder of sizes, and what is said of what does not go along.
`arrangement.py` puts exhibits into files and onto pages, `fitting.py` decides which and how large.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from evidence_service.domain.bundle import BundleFailed
from evidence_service.domain.checklist import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evidence_service.domain.bundle import BundleContent

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"

# --- limits -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds of a delivery, by contract.md's names. None: the platform does not say."""

    media_types: tuple[str, ...] | None = None
    max_files: int | None = None
    max_file_bytes: int | None = None
    max_file_bytes_by_type: Mapping[str, int] = field(default_factory=dict)
    max_total_bytes: int | None = None
    max_pages: int | None = None
    page_size: tuple[str, ...] | None = None
    orientation: str | None = None
    min_text_pt: float | None = None
    min_dpi: int | None = None
    max_dpi: int | None = None
    max_pixels: int | None = None
    max_file_pages: int | None = None
    max_files_per_kind: int | None = None
    colour: str | None = None
    pdf_profile: str | None = None
    links: bool | None = None
    attachments: bool | None = None
    file_name_pattern: str | None = None
    text: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    language: str | None = None

    @classmethod
    def of(cls, plain: Mapping[str, object]) -> Limits:
        known = {one.name for one in fields(cls)}
        values = {
            name: tuple(value) if isinstance(value, list | tuple) else value
            for name, value in plain.items()
            if name in known
        }
        return cls(**values)  # type: ignore[arg-type]  # the pack's schema holds the types

    def to_plain(self) -> dict[str, object]:
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def most_bytes(self, media_type: str) -> int | None:
        """Of one file of this type."""
        both = (self.max_file_bytes, self.max_file_bytes_by_type.get(media_type))
        return min((most for most in both if most is not None), default=None)

    def takes(self, media_type: str) -> bool:
        return self.media_types is None or media_type in self.media_types

    @property
    def is_grey(self) -> bool:
        return self.colour in _GREY


_GREY = ("black_and_white", "grayscale")


# --- what may go along ------------------------------------------------------------------------


class Source(StrEnum):
    """What an exhibit is made from."""

    PICTURE = "picture"
    DOCUMENT = "document"
    RECORD = "record"  # what a reader understood: drawn as pages
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture at its full size. `letters_px` is the size of its small letters, None without."""

    width: int
    height: int
    letters_px: float | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A required requirement that an exhibit serves, and how many it takes.

    Of the requirements of one `group` any one is enough.
    """

    requirement: str
    at_least: int = 1
    group: str = ""

    @property
    def line(self) -> str:
        """What must be answered: the group, or the requirement that has none."""
        return self.group or self.requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An exhibit that may go along.

    `level` is that of the gravest requirement it serves, None if it serves none; `needs` are the
    required ones among them; `slot` is what the platform calls the evidence type, else the kind.
    `shots` are its pictures, of a document or record its pages drawn as pictures.
    """

    evidence_id: UUID
    label: str
    kind: str
    slot: str
    level: Level | None
    source: Source
    media_type: str
    size_bytes: int
    shots: tuple[Shot, ...] = ()
    needs: tuple[Need, ...] = ()

    @property
    def pages(self) -> int:
        return len(self.shots)

    def to_plain(self) -> dict[str, Any]:
        """As JSON knows it, for the way into another process."""
        shots = [[shot.width, shot.height, shot.letters_px] for shot in self.shots]
        return {
            **{name: getattr(self, name) for name in ("label", "kind", "slot", "media_type")},
            "evidence_id": str(self.evidence_id),
            "level": self.level.value if self.level else None,
            "source": self.source.value,
            "size_bytes": self.size_bytes,
            "shots": shots,
            "needs": [[need.requirement, need.at_least, need.group] for need in self.needs],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Candidate:
        restored = {
            "evidence_id": UUID(plain["evidence_id"]),
            "level": Level(plain["level"]) if plain["level"] else None,
            "source": Source(plain["source"]),
            "shots": tuple(Shot(*shot) for shot in plain["shots"]),
            "needs": tuple(Need(*need) for need in plain["needs"]),
        }
        return cls(**{**plain, **restored})


_RANK = {Level.REQUIRED: 0, Level.RECOMMENDED: 1, Level.UNSPECIFIED: 2, Level.OPTIONAL: 3, None: 4}


def graver(one: Level, other: Level) -> bool:
    return _RANK[one] < _RANK[other]


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """What is required first; within a level as the case has them."""
    return sorted(candidates, key=lambda one: _RANK[one.level])


def answered(among: Iterable[Candidate], given: Sequence[Candidate]) -> set[str]:
    """The lines that are answered as far as all that is given could answer them."""
    counts = Counter(need for one in among for need in one.needs)
    most = Counter(need for one in given for need in one.needs)
    return {need.line for need, n in counts.items() if n >= min(need.at_least, most[need])}


# --- the ladder -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """How a picture is encoded: the pixels of its short side at most, and the JPEG quality.

    Without them it is the whole picture, its own bytes where the channel takes them.
    """

    short_px: int | None = None
    quality: int | None = None


# Steps of about a sixth. From 1170 px, a phone's screenshot, down to where OCR begins to fail.
LADDER = (
    Rung(),
    *(Rung(px, quality) for px, quality in ((3000, 88), (2600, 86), (2200, 84), (1900, 82))),
    *(Rung(px, quality) for px, quality in ((1650, 80), (1400, 78), (1170, 75), (1170, 62))),
    *(Rung(px, quality) for px, quality in ((1000, 60), (1000, 50), (900, 48), (828, 46))),
    *(Rung(px, quality) for px, quality in ((828, 38), (720, 38), (640, 38), (640, 32))),
)
WHOLE, FLOOR = 0, len(LADDER) - 1
# Below this quality, or with fewer pixels, a picture counts as shrunk.
_SHRUNK_BELOW = 75

# 9 pt at a screen's 96 dots an inch: 22 px letters of a phone's screenshot at 640 px. There OCR
# misreads 0.1 % of English and none of Russian characters; Chinese ones count as smaller than they
# are, lest more than a twentieth be misread (bench_fit.py).
FLOOR_PT = 9.0


def scale_of(shot: Shot, rung: Rung, bounds: tuple[float, float]) -> float:
    """By what the picture's sides are multiplied: never below the least that can be read."""
    least, most = bounds
    wanted = min(1.0, rung.short_px / min(shot.width, shot.height)) if rung.short_px else 1.0
    return min(max(wanted, least), most)


def is_shrunk(scale: float, rung: Rung) -> bool:
    return scale < 1 or (rung.quality is not None and rung.quality < _SHRUNK_BELOW)


# --- what is not as it was approved -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """What a delivery does not hold as it was approved.

    `detail` is the limit for whose sake it was left out, or what its pictures became; `bytes` and
    `pages` are what it would have cost.
    """

    evidence_id: UUID
    level: Level | None
    what: str
    detail: str
    bytes: int
    pages: int

    def to_plain(self) -> dict[str, object]:
        return {
            "evidence_id": str(self.evidence_id),
            "level": self.level.value if self.level else None,
            "what": self.what,
            "detail": self.detail,
            "bytes": self.bytes,
            "pages": self.pages,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Omission:
        level = Level(plain["level"]) if plain["level"] else None
        return cls(**{**plain, "evidence_id": UUID(plain["evidence_id"]), "level": level})


LEFT_OUT, SHRUNK = "left_out", "shrunk"


class DeliveryFailed(BundleFailed):
    """What is required cannot be made to fit."""

    code = "delivery_failed"

    def __init__(self, omissions: Sequence[Omission] = (), **params: str) -> None:
        super().__init__(**params)
        self.omissions = tuple(omissions)


class DeliveryTooLarge(DeliveryFailed):
    """More bytes than are taken, at the smallest size that can be read."""

    code = "delivery_too_large"


class DeliveryTooManyPages(DeliveryFailed):
    code = "delivery_too_many_pages"


class DeliveryTooManyFiles(DeliveryFailed):
    code = "delivery_too_many_files"


class DeliveryIllegible(DeliveryFailed):
    """Letters smaller than the platform states, also on a page of their own."""

    code = "delivery_illegible"


class DeliveryNotTaken(DeliveryFailed):
    """The channel takes no file type that the exhibits could be turned into."""

    code = "delivery_not_taken"


class DeliveryLacksRequired(DeliveryFailed):
    """All that answers a required requirement is of a type that the channel cannot carry."""

    code = "delivery_lacks_required"


class DeliveryTextTooLong(DeliveryFailed):
    """The statement has more in a field than the platform's form takes; it is never cut."""

    code = "delivery_text_too_long"


class DeliveryUnnameable(DeliveryFailed):
    """No file name of ours obeys the platform's pattern."""

    code = "delivery_unnameable"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a delivery fails; `code` has its sentence under `error.<code>.detail`."""

    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Without these exhibits it fits, or less has to be shrunk. `levels` is what it costs."""

    leave_out: tuple[UUID, ...]
    labels: tuple[str, ...]
    levels: tuple[Level | None, ...]
    bytes: int
    pages: int
    shrunk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """What a delivery will come to, by estimate. `omissions` of one that fails say what is lost."""

    delivery: str
    form: str
    limits: Limits
    bytes: int
    pages: int
    files: int
    fits: bool
    omissions: tuple[Omission, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    reason: Reason | None = None


# --- the statement ------------------------------------------------------------------------------

# Stripe limits all its text fields together as well.
ALL_FIELDS = "all_text_fields"


def ensure_text_fits(fields: Mapping[str, str], limits: Limits) -> None:
    """A statement goes as it was written or not at all.

    Args:
        fields: the statement, under the names of the form.
        limits: of the delivery.

    Raises:
        DeliveryTextTooLong: names each field with its count and what the form takes.
    """
    long = []
    for name, limit in limits.text.items():
        text = "".join(fields.values()) if name == ALL_FIELDS else fields.get(name, "")
        counts = (("max_chars", len(text)), ("max_bytes", len(text.encode())))
        long += [f"{name}: {n} > {limit[unit]}" for unit, n in counts if n > limit.get(unit, n)]
    if long:
        raise DeliveryTextTooLong(fields="; ".join(long))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOrder:
    """A delivery to be made. `content` is what the case's records say; `statement` goes as text."""

    content: BundleContent
    candidates: tuple[Candidate, ...]
    form: str
    limits: Limits
    statement: Mapping[str, str]


# --- names --------------------------------------------------------------------------------------

_STYLES: tuple[Callable[[int, str], str], ...] = (
    lambda _, stem: stem,
    lambda number, stem: f"{number:02}-{stem}",
    lambda number, stem: f"{number:02}{re.sub('[^A-Za-z0-9]', '', stem)}"[:16],
    lambda number, _: f"{number:02}",
    lambda number, _: f"evidence{chr(96 + number) if number <= _LETTERS else number}",
)
_LETTERS = 26


def file_names(
    stems: Sequence[str], endings: Sequence[str], pattern: str | None, *, numbered: bool
) -> list[str]:
    """Safe and unique names that the platform's pattern takes, all in one style.

    Raises:
        DeliveryUnnameable: the pattern takes none of our styles.
    """
    for style in _STYLES[int(numbered) :]:
        pairs = zip(stems, endings, strict=True)
        names = [f"{style(n, stem)}.{end}" for n, (stem, end) in enumerate(pairs, start=1)]
        is_taken = pattern is None or all(re.search(pattern, name) for name in names)
        if is_taken and len(set(names)) == len(names):
            return names
    raise DeliveryUnnameable(pattern=str(pattern))
