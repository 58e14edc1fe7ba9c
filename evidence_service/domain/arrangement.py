"""Which file of a delivery an exhibit stands in, and where on its pages. Pure arithmetic.

Exhibits are put closer together before a limit of files or pages is broken, as long as their
letters keep the size at which they can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import ceil, sqrt
from typing import TYPE_CHECKING

from evidence_service.domain.bundle import LEAST_WIDTH_MM, MM_PER_PX
from evidence_service.domain.delivery import FLOOR, FLOOR_PT, JPEG, PDF, WHOLE, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from evidence_service.domain.delivery import Candidate, Limits, Shot

# --- pages ------------------------------------------------------------------------------------

_PT_PER_MM = 72 / 25.4
_PAGES_MM = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
# The side margins, and the strips that keep label and page number, on our pages.
_SIDE_MM, _STRIP_MM = 12.0, 11.0
_GAP_MM, _LABEL_MM = 5.0, 6.0
_PHOTO_WIDTH_MM = 56.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A page and what fits on it."""

    width_mm: float
    height_mm: float

    @classmethod
    def of(cls, limits: Limits) -> Paper:
        named = [name for name in limits.page_size or ("A4",) if name in _PAGES_MM]
        return cls(*_PAGES_MM[named[0] if named else "A4"])

    @property
    def room_mm(self) -> tuple[float, float]:
        return self.width_mm - 2 * _SIDE_MM, self.height_mm - 2 * _STRIP_MM

    def column_mm(self, columns: int) -> float:
        return (self.room_mm[0] - _GAP_MM * (columns - 1)) / columns


@dataclass(frozen=True, slots=True)
class Density:
    """How close pictures stand on pages."""

    columns: int
    is_stacked: bool


DENSITIES = (Density(1, False), Density(1, True), Density(2, True), Density(3, True))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a picture stands: page from 0, millimetres from the page's upper left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float


def _least_mm(shot: Shot, limits: Limits, paper: Paper) -> float:
    """Millimetres a pixel must have so that the letters can be read."""
    if shot.letters_px is None:
        return _PHOTO_WIDTH_MM / max(shot.width, shot.height)
    floor = (limits.min_text_pt or FLOOR_PT) / _PT_PER_MM / shot.letters_px
    if limits.min_text_pt is not None:
        return floor
    # A wide screenshot's letters may be small as they are: then it has the page's whole width.
    return min(floor, paper.room_mm[0] / shot.width)


def is_legible(shot: Shot, limits: Limits, paper: Paper) -> bool:
    """Whether the letters reach the size the platform states when the picture fills the page."""
    return _least_mm(shot, limits, paper) * shot.width <= paper.room_mm[0] + 1e-6


def rows_of_a_page(shot: Shot, limits: Limits, paper: Paper) -> int:
    """How many of the picture's rows a page holds before its letters become too small."""
    least = max(_least_mm(shot, limits, paper), LEAST_WIDTH_MM / shot.width)
    if shot.letters_px is None and shot.height < _TALL * shot.width:
        return shot.height
    return max(1, int((paper.room_mm[1] - _LABEL_MM) / min(least, paper.room_mm[0] / shot.width)))


# A picture higher than so many widths is a scroll, and is cut.
_TALL = 3.0
_FULL = 0.88
_CUT_WIDTHS = 2.25


class Layout:
    """Puts pictures on pages, in reading order: down a column, then the next."""

    def __init__(self, limits: Limits, density: Density) -> None:
        self._limits, self._density = limits, density
        self._paper = Paper.of(limits)
        self._width = self._paper.column_mm(density.columns)
        self.pages = 0
        self._column, self._used = float(density.columns), 0.0

    def add(self, shots: Sequence[Shot]) -> list[Spot]:
        """One exhibit's pictures; it begins on a page of its own unless they are stacked."""
        if not self._density.is_stacked:
            self.end_page()
        # The parts of a scroll are as large as its tallest.
        mm = min(self._mm_per_px(shot, self._width) for shot in shots)
        return [self._put(shot, mm, is_first=number == 0) for number, shot in enumerate(shots)]

    def add_pages(self, count: int) -> None:
        """Pages that are drawn already."""
        self.end_page()
        self.pages += count

    def end_page(self) -> None:
        self._column, self._used = float(self._density.columns), 0.0

    def _put(self, shot: Shot, mm: float, *, is_first: bool) -> Spot:
        if _least_mm(shot, self._limits, self._paper) * shot.width > self._width + 1e-6:
            return self._put_across(shot)
        label = _LABEL_MM if is_first else 0.0
        room = self._paper.room_mm[1]
        height = shot.height * mm
        gap = _GAP_MM if self._used else 0.0
        if self._used + gap + label + height > room + 1e-6 or self._column >= self._density.columns:
            self._next_column()
            gap = 0.0
        top = _STRIP_MM + self._used + gap + label
        self._used += gap + label + height
        left = _SIDE_MM + self._column * (self._width + _GAP_MM)
        left += (self._width - shot.width * mm) / 2
        return Spot(self.pages - 1, left, top, shot.width * mm, height)

    def _next_column(self) -> None:
        self._column, self._used = self._column + 1, 0.0
        if self._column >= self._density.columns:
            self.pages, self._column = self.pages + 1, 0.0

    def _put_across(self, shot: Shot) -> Spot:
        """Wider than a column: a page of its own."""
        width = self._paper.room_mm[0]
        mm = self._mm_per_px(shot, width)
        self.end_page()
        self.pages += 1
        left = _SIDE_MM + (width - shot.width * mm) / 2
        top = _STRIP_MM + _LABEL_MM
        return Spot(self.pages - 1, left, top, shot.width * mm, shot.height * mm)

    def _mm_per_px(self, shot: Shot, width: float) -> float:
        """As large as there is room, but no larger than its dots and letters ask for."""
        widest = min(width / shot.width, (self._paper.room_mm[1] - _LABEL_MM) / shot.height)
        if self._limits.min_dpi:
            return min(widest, 25.4 / self._limits.min_dpi)
        return min(widest, max(MM_PER_PX, _least_mm(shot, self._limits, self._paper)))


# --- files ------------------------------------------------------------------------------------


class Carrier(StrEnum):
    """What a file of a delivery is."""

    PDF = "pdf"  # pages of ours
    PICTURE = "picture"
    AS_IS = "as_is"  # a document's own pages


@dataclass(frozen=True, slots=True)
class Part:
    """What of an exhibit stands in a file: some of its pictures, or all of it."""

    candidate: Candidate
    shots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlannedFile:
    stem: str
    carrier: Carrier
    parts: tuple[Part, ...]
    pages: int
    density: Density = DENSITIES[0]

    @property
    def key(self) -> str:
        """The same for the same file, whatever else there is."""
        return f"{self.stem}:{self.parts[0].candidate.label}:{self.parts[0].shots[0]}"

    @property
    def evidence_ids(self) -> tuple[UUID, ...]:
        return tuple(part.candidate.evidence_id for part in self.parts)

    @property
    def page_count(self) -> int | None:
        return None if self.carrier is Carrier.PICTURE else self.pages


# What a file is called that holds more than one kind.
_MIXED = "evidence"


def _groups(kept: Sequence[Candidate], form: str) -> dict[str, list[Candidate]]:
    """What stands in one file: all, or what answers one evidence type of the platform."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in kept:
        groups.setdefault(candidate.slot if form == "pdf_per_kind" else _MIXED, []).append(
            candidate
        )
    return groups


def _merged(groups: dict[str, list[Candidate]], most: int | None) -> dict[str, list[Candidate]]:
    """No more groups than files: the last ones together in one."""
    if most is None or len(groups) <= most:
        return groups
    names = list(groups)
    rest = [one for name in names[most - 1 :] for one in groups[name]]
    return {name: groups[name] for name in names[: most - 1]} | {_MIXED: rest}


def _volumes(members: Sequence[Candidate], count: int) -> list[list[Candidate]]:
    size = ceil(len(members) / count)
    return [list(members[at : at + size]) for at in range(0, len(members), size)]


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a delivery goes: its form and its limits. In a preview every page is marked."""

    form: str
    limits: Limits
    is_preview: bool = False

    @property
    def paper(self) -> Paper:
        return Paper.of(self.limits)

    def carrier_of(self, candidate: Candidate) -> Carrier:
        """Pages where the form is made of PDFs and the channel takes them, else pictures."""
        is_file = self.form == "documents" and candidate.source is Source.PICTURE
        if self.form == "images" or not self.limits.takes(PDF) or is_file:
            return Carrier.PICTURE
        return Carrier.PDF

    def rungs(self, candidate: Candidate) -> range:
        """Which rungs the exhibit has here, from its whole to its smallest."""
        is_page = self.carrier_of(candidate) is Carrier.PDF
        is_drawn_anew = not is_page or self.limits.is_grey or self.is_preview
        if candidate.source is Source.DOCUMENT and (is_drawn_anew or self.limits.pdf_profile):
            return range(1, FLOOR + 1)
        if candidate.source is Source.RECORD:
            return range(1, FLOOR + 1) if is_drawn_anew else range(1)
        return range(FLOOR + 1)

    def is_drawn(self, candidate: Candidate, rung: int) -> bool:
        """Whether it goes along as pages that are no pictures."""
        is_pages = candidate.source in {Source.DOCUMENT, Source.RECORD}
        return is_pages and rung == WHOLE and self.carrier_of(candidate) is Carrier.PDF

    def rows(self, candidate: Candidate, shot: Shot) -> int:
        """How many rows of its picture may stand in one: a scroll is cut where nothing counts."""
        if candidate.source is not Source.PICTURE or self.form == "documents":
            return shot.height
        if self.carrier_of(candidate) is Carrier.PDF:
            return rows_of_a_page(shot, self.limits, self.paper)
        if shot.height <= _TALL * shot.width:
            return shot.height
        return int(_CUT_WIDTHS * shot.width)

    def can_take(self, candidate: Candidate) -> bool:
        """Whether the exhibit can go along at all, as pages or as pictures."""
        if candidate.source is Source.UNREAD or not candidate.shots:
            return False
        return self.carrier_of(candidate) is Carrier.PDF or self.limits.takes(JPEG)

    def is_legible(self, candidate: Candidate) -> bool:
        """Whether the letters reach the size the platform states; drawn pages do."""
        if self.limits.min_text_pt is None or candidate.source is not Source.PICTURE:
            return True
        if self.carrier_of(candidate) is not Carrier.PDF:
            return True
        return all(is_legible(shot, self.limits, self.paper) for shot in candidate.shots)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Files under the limits of files and pages; `broken` names the limit that is not kept."""

    files: tuple[PlannedFile, ...]
    broken: str = ""

    @property
    def pages(self) -> int:
        return sum(file.pages for file in self.files)


def arrange(kept: Sequence[Candidate], channel: Channel, volumes: Mapping[str, int]) -> Arranged:
    """Decide which file each exhibit stands in.

    Args:
        kept: what goes along, in order.
        channel: its form and limits.
        volumes: into how many files a group is divided, where one would be too large.
    """
    if channel.form == "documents":
        files = [file for one in kept for file in _own_files(one, channel)]
        return _counted(files, channel.limits)
    if all(channel.carrier_of(one) is Carrier.PICTURE for one in kept):
        return _counted(_picture_files(kept, channel), channel.limits)
    groups = _merged(_groups(kept, channel.form), channel.limits.max_files)
    tried = [_page_files(groups, channel, volumes, density) for density in DENSITIES]
    answers = [_counted(files, channel.limits) for files in tried]
    return next((one for one in answers if not one.broken), min(answers, key=lambda a: a.pages))


def _counted(files: Sequence[PlannedFile], limits: Limits) -> Arranged:
    kinds: dict[str, int] = {}
    for file in files:
        for kind in {part.candidate.slot for part in file.parts}:
            kinds[kind] = kinds.get(kind, 0) + 1
    counts = (
        ("max_files", len(files)),
        ("max_pages", sum(file.pages for file in files)),
        ("max_file_pages", max((file.page_count or 0 for file in files), default=0)),
        ("max_files_per_kind", max(kinds.values(), default=0)),
    )
    for name, count in counts:
        most = getattr(limits, name)
        if most is not None and count > most:
            return Arranged(tuple(files), name)
    return Arranged(tuple(files))


def _whole(candidate: Candidate) -> Part:
    return Part(candidate, tuple(range(len(candidate.shots))))


def _own_files(candidate: Candidate, channel: Channel) -> list[PlannedFile]:
    """A file for the exhibit; a document that may be no PDF is a picture for each page."""
    if channel.carrier_of(candidate) is Carrier.PDF:
        pages = candidate.pages
        return [PlannedFile(_stem([candidate]), Carrier.PDF, (_whole(candidate),), pages)]
    return [
        PlannedFile(_stem([candidate]), Carrier.PICTURE, (Part(candidate, (number,)),), 1)
        for number in range(len(candidate.shots))
    ]


def _page_files(
    groups: Mapping[str, Sequence[Candidate]],
    channel: Channel,
    volumes: Mapping[str, int],
    density: Density,
) -> list[PlannedFile]:
    files = []
    for name, members in groups.items():
        parted = _volumes(members, volumes.get(name, 1))
        for number, volume in enumerate(parted, start=1):
            stem = name if len(parted) == 1 else f"{name}-{number}"
            layout = Layout(channel.limits, density)
            for one in volume:
                flow(layout, one, channel, WHOLE)
            parts = tuple(map(_whole, volume))
            files.append(PlannedFile(stem, Carrier.PDF, parts, layout.pages, density))
    return files


def flow(layout: Layout, candidate: Candidate, channel: Channel, rung: int) -> list[Spot]:
    """Let the exhibit follow what stands in the file; drawn pages have no spots."""
    if candidate.source is not Source.PICTURE:
        if channel.is_drawn(candidate, rung):
            layout.add_pages(candidate.pages)
            return []
        # Its pages as pictures: as many as there were.
        layout.end_page()
        return [spot for shot in candidate.shots for spot in _page_of(layout, shot)]
    return layout.add(candidate.shots)


def _page_of(layout: Layout, shot: Shot) -> list[Spot]:
    layout.end_page()
    spots = layout.add([shot])
    layout.end_page()
    return spots


def _picture_files(kept: Sequence[Candidate], channel: Channel) -> list[PlannedFile]:
    """A file for each picture, or several joined in one where only so many files are taken."""
    limits = channel.limits
    groups: dict[str, list[Candidate]] = {}
    for one in kept:
        groups.setdefault(one.slot if limits.max_files_per_kind else "", []).append(one)
    share = _shares(groups, limits)
    files = []
    for name, members in groups.items():
        shots = [(one, number) for one in members for number in range(len(one.shots))]
        for joined in _joined(shots, share[name]):
            shown = list(dict.fromkeys(candidate for candidate, _ in joined))
            stem = shown[0].slot if channel.form == "pdf_per_kind" else _stem(shown)
            parts = tuple(
                Part(one, tuple(number for other, number in joined if other is one))
                for one in shown
            )
            files.append(PlannedFile(stem, Carrier.PICTURE, parts, 1))
    return files


def _stem(members: Sequence[Candidate]) -> str:
    """A file's name: the one exhibit's, as the statement refers to it, or what they all are."""
    if len(members) == 1:
        return f"{members[0].label}-{members[0].kind}"
    kinds = {one.kind for one in members}
    return kinds.pop() if len(kinds) == 1 else _MIXED


def _shares(groups: Mapping[str, Sequence[Candidate]], limits: Limits) -> dict[str, int]:
    """How many files each group has: as many as it has pictures, less where files are counted."""
    share = {name: sum(len(one.shots) for one in members) for name, members in groups.items()}
    if limits.max_files_per_kind is not None:
        share = {name: min(count, limits.max_files_per_kind) for name, count in share.items()}
    while limits.max_files is not None and sum(share.values()) > limits.max_files:
        widest = max(share, key=lambda name: share[name])
        if share[widest] == 1:
            break
        share[widest] -= 1
    return share


# Joined pictures stand in columns; with more than this many widths in all, nobody reads them.
_MOST_WIDTHS = 24.0
_PAGE_RATIO = 1.4


def columns_of(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Which column each of several joined pictures stands in: down one, then the next.

    Args:
        sizes: width and height of each.
    """
    total = sum(height for _, height in sizes)
    page = sqrt(_PAGE_RATIO * sum(width * height for width, height in sizes))
    count = min(len(sizes), max(1, round(total / page)))
    found, above = [], 0
    for _, height in sizes:
        found.append(min(count - 1, int((above + height / 2) * count / total)))
        above += height
    return found


def _joined(
    shots: Sequence[tuple[Candidate, int]], files: int
) -> list[list[tuple[Candidate, int]]]:
    """Shared out over files, in order: an exhibit's own are joined first, then short ones."""
    joined = [[one] for one in shots]
    while len(joined) > files:
        pairs = [
            (first[-1][0] is not second[0][0], height, at)
            for at, (first, second) in enumerate(pairwise(joined))
            if (height := _widths(first) + _widths(second)) <= _MOST_WIDTHS
        ]
        if not pairs:
            break
        _, _, at = min(pairs)
        joined[at : at + 2] = [joined[at] + joined[at + 1]]
    return joined


def _widths(shots: Sequence[tuple[Candidate, int]]) -> float:
    found = (one.shots[number] for one, number in shots)
    return sum(shot.height / shot.width for shot in found)


# --- how large a picture may be -----------------------------------------------------

Bounds = dict[tuple["UUID", int], tuple[float, float]]
"""Between which scales each picture of an exhibit may stand where it is placed."""


def bounds_of(files: Sequence[PlannedFile], channel: Channel) -> Bounds:
    found: Bounds = {}
    for file in files:
        layout = Layout(channel.limits, file.density)
        for part in file.parts:
            one = part.candidate
            if file.carrier is Carrier.PDF:
                spots = flow(layout, one, channel, channel.rungs(one)[-1])
                # What can only be drawn has no spots.
                for number, (shot, spot) in enumerate(zip(one.shots, spots, strict=False)):
                    found[one.evidence_id, number] = _bounds(shot, channel.limits, spot.width)
            else:
                for number in part.shots:
                    found[one.evidence_id, number] = _bounds(one.shots[number], channel.limits)
    return found


def _bounds(shot: Shot, limits: Limits, width_mm: float | None = None) -> tuple[float, float]:
    least = FLOOR_PT / 72 * 96 / shot.letters_px if shot.letters_px else 0.0
    most = 1.0
    if width_mm is not None:
        inches = width_mm / 25.4
        least = max(least, (limits.min_dpi or 0) * inches / shot.width)
        if limits.max_dpi is not None:
            most = min(most, limits.max_dpi * inches / shot.width)
    if limits.max_pixels is not None:
        most = min(most, sqrt(limits.max_pixels / (shot.width * shot.height)))
    return min(least, most), most


def cut(candidate: Candidate, channel: Channel) -> Candidate:
    """The exhibit with its scrolls in parts, as many as they will about come to."""
    shots = []
    for shot in candidate.shots:
        rows = channel.rows(candidate, shot)
        # Cuts are made between lines of text: a part is seldom full.
        count = 1 if shot.height <= rows else ceil(shot.height / (_FULL * rows))
        part = replace(shot, height=ceil(shot.height / count))
        shots.extend([part] * count)
    return replace(candidate, shots=tuple(shots))
