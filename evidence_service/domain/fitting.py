"""What of a case goes along in a delivery, and at which size. Pure.

`fit` asks what sizes come to (`Sizes`): the plan estimates them, the drawing encodes and counts
them, and both decide by the same rules:

1. What a channel cannot carry, or could only carry illegibly, is left out, as long as something
   else answers each required requirement that it serves.
2. Files and pages: exhibits are put closer together before any is left out.
3. Bytes: one rung of the ladder for all, the largest that fits; what breaks a limit goes down from
   there, and while bytes remain the cheapest step up is taken.
4. What still does not fit is left out from the end: exhibits that serve no requirement, then by
   level. As many as answer each required requirement never are: then nothing is delivered, and the
   reason says what to change.

Nothing is shrunk below the size at which its letters can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, NoReturn, Protocol

from evidence_service.domain.arrangement import Carrier, arrange, bounds_of, cut
from evidence_service.domain.checklist import Level
from evidence_service.domain.delivery import (
    FLOOR,
    JPEG,
    LADDER,
    LEFT_OUT,
    PDF,
    PNG,
    SHRUNK,
    WHOLE,
    Alternative,
    DeliveryFailed,
    DeliveryIllegible,
    DeliveryLacksRequired,
    DeliveryNotTaken,
    DeliveryPlan,
    DeliveryTooLarge,
    DeliveryTooManyFiles,
    DeliveryTooManyPages,
    Omission,
    Reason,
    Source,
    answered,
    ensure_text_fits,
    in_order,
    is_shrunk,
    scale_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from evidence_service.domain.arrangement import Arranged, Bounds, Channel, PlannedFile
    from evidence_service.domain.delivery import Candidate


class Sizes(Protocol):
    """What exhibits come to, in bytes."""

    def guess(self, candidate: Candidate, rung: int, bounds: Bounds) -> int: ...
    def measure(self, wanted: Sequence[tuple[Candidate, int]], bounds: Bounds) -> Sequence[int]: ...


# By quality, JPEG bytes of a thousand pixels of a chat (measured); between them a line.
_BYTES_PER_KPX = ((32, 43.0), (50, 54.0), (75, 80.0), (90, 150.0))
_PAGE_BYTES, _RECORD_BYTES = 9_000, 40_000


class Estimate:
    """Sizes from what rows say: dimensions, and how many bytes the original has."""

    def guess(self, candidate: Candidate, rung: int, bounds: Bounds) -> int:
        if candidate.source is Source.RECORD and rung == WHOLE:
            return _RECORD_BYTES + _PAGE_BYTES * candidate.pages
        if rung == WHOLE and candidate.source is Source.DOCUMENT:
            return candidate.size_bytes
        pixels = total = 0.0
        step = LADDER[rung]
        for number, shot in enumerate(candidate.shots):
            scale = scale_of(shot, step, bounds.get((candidate.evidence_id, number), (0.0, 1.0)))
            pixels += shot.width * shot.height
            total += _jpeg_bytes(shot.width * shot.height * scale**2, step.quality or 90)
        total *= _busyness(candidate, pixels)
        if candidate.media_type in {JPEG, PNG}:
            # What is smaller as it is goes along as it is.
            return int(min(total, candidate.size_bytes)) if rung else candidate.size_bytes
        return int(total)

    def measure(self, wanted: Sequence[tuple[Candidate, int]], bounds: Bounds) -> Sequence[int]:
        return [self.guess(candidate, rung, bounds) for candidate, rung in wanted]


def _jpeg_bytes(pixels: float, quality: int) -> float:
    """Fewer pixels are busier ones: bytes go with about the 0.85th power."""
    for (low, least), (high, most) in pairwise(_BYTES_PER_KPX):
        if quality <= high:
            per_kpx = least + (most - least) * (quality - low) / (high - low)
            break
    else:
        per_kpx = _BYTES_PER_KPX[-1][1]
    return float(per_kpx * 2960 * (pixels / 2_960_000) ** 0.85)


def _busyness(candidate: Candidate, pixels: float) -> float:
    """How the picture compares with a chat, by the bytes it came in."""
    if candidate.source is not Source.PICTURE or not pixels:
        return 1.0
    per_px = candidate.size_bytes / pixels
    if candidate.media_type == JPEG:
        return min(3.0, max(0.3, per_px / 0.15))
    return min(3.0, max(0.6, 0.8 + 2.5 * (per_px - 0.06)))


NOT_TAKEN = "not_taken"
# By the limit that nothing required fits into.
BROKEN = {
    "max_files": DeliveryTooManyFiles,
    "max_files_per_kind": DeliveryTooManyFiles,
    "max_pages": DeliveryTooManyPages,
    "max_file_pages": DeliveryTooManyPages,
    "max_file_bytes": DeliveryTooLarge,
    "max_total_bytes": DeliveryTooLarge,
    "min_text_pt": DeliveryIllegible,
    NOT_TAKEN: DeliveryLacksRequired,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A delivery that fits. `rungs` and `sizes` are by evidence."""

    files: tuple[PlannedFile, ...]
    rungs: Mapping[UUID, int]
    sizes: Mapping[UUID, int]
    bounds: Bounds
    bytes: int
    omissions: tuple[Omission, ...]

    @property
    def pages(self) -> int:
        return sum(file.pages for file in self.files)


# What a PDF of ours holds beside its exhibits: the labels' font, and a little for each page.
_FILE_BYTES, _PAGE_OVERHEAD = 24_000, 900
_SAMPLE = 8
_GUESS_MAY_MISS = 2.0
_MOST_NAMED = 6


class _Fit:
    def __init__(
        self, channel: Channel, sizes: Sizes, overhead: Mapping[str, int], *, is_strict: bool
    ) -> None:
        self.channel, self.limits, self.sizes = channel, channel.limits, sizes
        self._is_strict = is_strict
        self.overhead = overhead
        self.left_out: list[Omission] = []
        self.volumes: dict[str, int] = {}
        self.kept: list[Candidate] = []
        self._given: tuple[Candidate, ...] = ()
        self._arranged: Arranged | None = None

    def run(self, candidates: Sequence[Candidate]) -> Fitted:
        self.kept = in_order(candidates)
        self._given = tuple(self.kept)
        self._spare(NOT_TAKEN, [one for one in self.kept if not self.channel.can_take(one)])
        self._spare("min_text_pt", [one for one in self.kept if not self.channel.is_legible(one)])
        while True:
            if not self.kept:
                raise DeliveryNotTaken(self.left_out, form=self.channel.form)
            arranged = arrange(self.kept, self.channel, self.volumes)
            if arranged.broken:
                self._give_way(arranged.broken, arranged.files)
                continue
            self._arranged = arranged
            bounds = bounds_of(arranged.files, self.channel)
            floors = self._floors(bounds)
            broken = self.over(arranged.files, floors)
            if broken:
                self._give_way_to_bytes(*broken, arranged.files, floors)
                continue
            return self._fitted(arranged, bounds)

    # --- what goes --------------------------------------------------------------------------

    def _leave_out(self, detail: str, those: Sequence[Candidate]) -> None:
        for one in those:
            self.kept.remove(one)
            self.left_out.append(self._omission(one, detail))

    @staticmethod
    def _omission(one: Candidate, detail: str) -> Omission:
        return Omission(
            evidence_id=one.evidence_id,
            level=one.level,
            what=LEFT_OUT,
            detail=detail,
            bytes=one.size_bytes,
            pages=one.pages,
        )

    def _spare(self, limit: str, those: Sequence[Candidate]) -> None:
        """Leave out what cannot go along at any size.

        Raises:
            DeliveryFailed: nothing else answers a required requirement that they serve.
        """
        lost = self._lost_without(those)
        wanting = [one for one in those if lost & {need.line for need in one.needs}]
        if wanting and self._is_strict:
            self._fail(limit, wanting)
        self._leave_out(limit, those)

    def _lost_without(self, those: Sequence[Candidate]) -> set[str]:
        """The lines that only these answer."""
        rest = [one for one in self.kept if one not in those]
        return answered(self.kept, self._given) - answered(rest, self._given)

    def _is_needed(self, one: Candidate) -> bool:
        return self._is_strict and bool(self._lost_without([one]))

    def _fail(self, limit: str, those: Sequence[Candidate]) -> NoReturn:
        most = getattr(self.limits, limit, None) or self.limits.most_bytes(PDF)
        labels = ", ".join(one.label for one in those[:_MOST_NAMED])
        if len(those) > _MOST_NAMED:
            labels += f" … ({len(those)})"
        lost = [self._omission(one, limit) for one in those]
        raise BROKEN[limit]([*self.left_out, *lost], limit=limit, most=str(most), labels=labels)

    def _give_way(self, limit: str, files: Sequence[PlannedFile]) -> None:
        """Divide the file that is too large, or leave out the last of what stands in its way."""
        for file in files:
            stem = file.parts[0].candidate.slot if self.channel.form == "pdf_per_kind" else ""
            if limit.startswith("max_file_") and self._divided(stem, file):
                return
        members = {part.candidate.evidence_id for file in files for part in file.parts}
        standing = [one for one in self.kept if one.evidence_id in members] or self.kept
        spare = next((one for one in reversed(standing) if not self._is_needed(one)), None)
        if spare is None or len(self.kept) == 1:
            self._fail(limit, standing)
        self._leave_out(limit, [spare])

    def _divided(self, slot: str, file: PlannedFile) -> bool:
        """Make one file more of a group, where files of it are not counted."""
        most = (self.limits.max_files_per_kind, self.limits.max_files)
        if not slot or file.stem == "evidence" or most != (None, None) or len(file.parts) < 2:  # noqa: PLR2004 - one exhibit is not divided
            return False
        self.volumes[slot] = self.volumes.get(slot, 1) + 1
        return True

    # --- what it comes to -------------------------------------------------------------------

    def base(self, file: PlannedFile) -> int:
        """A file's bytes beside its exhibits'."""
        if file.key in self.overhead:
            return self.overhead[file.key]
        return _FILE_BYTES + _PAGE_OVERHEAD * file.pages if self._is_made(file) else 0

    def _is_made(self, file: PlannedFile) -> bool:
        return file.carrier is Carrier.PDF and self.channel.form != "documents"

    def over(
        self, files: Sequence[PlannedFile], sizes: Mapping[UUID, float]
    ) -> tuple[str, list[PlannedFile]] | None:
        """The limit of bytes that is broken, and by which files."""
        each = [(file, self._bytes_of(file, sizes)) for file in files]
        large = [file for file, size in each if size > self._most_bytes(file)]
        if large:
            return "max_file_bytes", large
        total = self.limits.max_total_bytes
        if total is not None and sum(size for _, size in each) > total:
            return "max_total_bytes", list(files)
        return None

    def _most_bytes(self, file: PlannedFile) -> float:
        # A picture may leave as it came: the tighter of the two types holds.
        types = (PDF,) if file.carrier is Carrier.PDF else (JPEG, PNG)
        return min(self.limits.most_bytes(one) or inf for one in types)

    def _bytes_of(self, file: PlannedFile, sizes: Mapping[UUID, float]) -> float:
        shares = (
            sizes[part.candidate.evidence_id] * len(part.shots) / len(part.candidate.shots)
            for part in file.parts
        )
        return self.base(file) + sum(shares)

    def _floors(self, bounds: Bounds) -> dict[UUID, float]:
        """The smallest sizes, measured only where the guess is close: it costs a turn for all."""
        floors = [(one, self.channel.rungs(one)[-1]) for one in self.kept]
        guessed = [self.sizes.guess(one, rung, bounds) for one, rung in floors]
        found = {one.evidence_id: float(n) for (one, _), n in zip(floors, guessed, strict=True)}
        doubled = {one: size * _GUESS_MAY_MISS for one, size in found.items()}
        if not self._arranged or not self.over(self._arranged.files, doubled):
            return found
        measured = self.sizes.measure(floors, bounds)
        return {one.evidence_id: float(n) for (one, _), n in zip(floors, measured, strict=True)}

    def _give_way_to_bytes(
        self,
        limit: str,
        broken: Sequence[PlannedFile],
        files: Sequence[PlannedFile],
        floors: dict[UUID, float],
    ) -> None:
        """Leave out as many from the end as their bytes ask for, before all is arranged anew."""
        still: tuple[str, Sequence[PlannedFile]] | None = (limit, broken)
        while still is not None and self.kept:
            count = len(self.left_out)
            self._give_way(*still)
            if len(self.left_out) == count:
                return  # a file was divided instead
            floors[self.left_out[-1].evidence_id] = 0.0
            still = self.over(files, floors)

    def _fitted(self, arranged: Arranged, bounds: Bounds) -> Fitted:
        climb = _Climb(self, arranged.files, bounds)
        climb.begin()
        climb.lower()
        climb.rise()
        size = round(sum(self._bytes_of(file, climb.sizes) for file in arranged.files))
        shrunk = self._shrunk(climb.rungs, climb.sizes, bounds)
        return Fitted(
            files=arranged.files,
            rungs=climb.rungs,
            sizes={one: int(size) for one, size in climb.sizes.items()},
            bounds=bounds,
            bytes=size,
            omissions=(*shrunk, *self.left_out),
        )

    def _shrunk(
        self, rungs: Mapping[UUID, int], sizes: Mapping[UUID, float], bounds: Bounds
    ) -> list[Omission]:
        return [
            Omission(
                evidence_id=one.evidence_id,
                level=one.level,
                what=SHRUNK,
                detail=detail,
                bytes=max(0, one.size_bytes - int(sizes[one.evidence_id])),
                pages=0,
            )
            for one in self.kept
            if (detail := _became(one, rungs[one.evidence_id], bounds))
            and sizes[one.evidence_id] < one.size_bytes
        ]


def _became(candidate: Candidate, rung: int, bounds: Bounds) -> str:
    """What its pictures became, by the first of them; empty where nothing was taken away."""
    step = LADDER[rung]
    if candidate.source is Source.RECORD:
        return ""
    for number, shot in enumerate(candidate.shots):
        scale = scale_of(shot, step, bounds.get((candidate.evidence_id, number), (0.0, 1.0)))
        if is_shrunk(scale, step):
            width, height = round(shot.width * scale), round(shot.height * scale)
            return f"{shot.width}x{shot.height} > {width}x{height}, q{step.quality or 90}"
    return ""


class _Climb:
    """The search for the rung of each exhibit under the limits of bytes."""

    def __init__(self, fit: _Fit, files: Sequence[PlannedFile], bounds: Bounds) -> None:
        self._fit, self._files, self._bounds = fit, files, bounds
        self.rungs: dict[UUID, int] = {}
        self.sizes: dict[UUID, float] = {}
        self._stuck: set[UUID] = set()

    def begin(self) -> None:
        """One rung for all: the largest that a sample says will fit."""
        kept = self._fit.kept
        rung = self._largest(1.0)
        sample = kept[:: max(2, len(kept) // _SAMPLE)][:_SAMPLE]
        for _ in range(2):
            measured = sum(self._measure([(one, self._at(one, rung)) for one in sample]))
            guessed = sum(self._guess(one, self._at(one, rung)) for one in sample)
            better = self._largest(measured / guessed if guessed else 1.0)
            if better == rung:
                break
            rung = better
        self._take([(one, self._at(one, rung)) for one in kept])

    def _at(self, candidate: Candidate, rung: int) -> int:
        own = self._fit.channel.rungs(candidate)
        return min(max(rung, own[0]), own[-1])

    def _guess(self, candidate: Candidate, rung: int) -> int:
        return self._fit.sizes.guess(candidate, rung, self._bounds)

    def _measure(self, wanted: Sequence[tuple[Candidate, int]]) -> Sequence[int]:
        return self._fit.sizes.measure(wanted, self._bounds)

    def _largest(self, factor: float) -> int:
        for rung in range(FLOOR):
            sizes = {
                one.evidence_id: factor * self._guess(one, self._at(one, rung))
                for one in self._fit.kept
            }
            if not self._fit.over(self._files, sizes):
                return rung
        return FLOOR

    def _take(self, wanted: Sequence[tuple[Candidate, int]]) -> None:
        for (one, rung), size in zip(wanted, self._measure(wanted), strict=True):
            self.rungs[one.evidence_id], self.sizes[one.evidence_id] = rung, size

    def lower(self) -> None:
        """Down from the rung of all, where a limit is broken, the largest first.

        Raises:
            DeliveryTooLarge: everything is as small as it can be read.
        """
        while broken := self._fit.over(self._files, self.sizes):
            limit, files = broken
            inside = list(
                {
                    part.candidate.evidence_id: part.candidate for f in files for part in f.parts
                }.values()
            )
            movable = [
                one
                for one in inside
                if self.rungs[one.evidence_id] < self._fit.channel.rungs(one)[-1]
            ]
            if not movable:
                self._fit._fail(limit, inside)  # noqa: SLF001 - its own search
            movable.sort(key=lambda one: -self.sizes[one.evidence_id])
            # A quarter at a time: one by one would be many turns, all at once too far.
            some = movable[: max(1, len(movable) // 4)]
            self._take([(one, self.rungs[one.evidence_id] + 1) for one in some])
            self._stuck |= {one.evidence_id for one in some}

    def rise(self) -> None:
        """Up, the cheapest step first, while bytes remain."""
        while steps := self._affordable():
            measured = self._measure([(one, rung) for one, rung in steps])
            for (one, rung), size in zip(steps, measured, strict=True):
                wanted = self.sizes | {one.evidence_id: size}
                if self._fit.over(self._files, wanted):
                    self._stuck.add(one.evidence_id)
                else:
                    self.sizes[one.evidence_id], self.rungs[one.evidence_id] = size, rung

    def _affordable(self) -> list[tuple[Candidate, int]]:
        """Steps that together fit, by what they are guessed to cost."""
        costs = []
        for one in self._fit.kept:
            now = self.rungs[one.evidence_id]
            if now > self._fit.channel.rungs(one)[0] and one.evidence_id not in self._stuck:
                before = self._guess(one, now) or 1
                growth = self._guess(one, now - 1) / before
                costs.append((self.sizes[one.evidence_id] * max(1.0, growth), one, now - 1))
        costs.sort(key=lambda cost: cost[0] - self.sizes[cost[1].evidence_id])
        steps: list[tuple[Candidate, int]] = []
        wanted = dict(self.sizes)
        for size, one, rung in costs:
            more = wanted | {one.evidence_id: size}
            if not self._fit.over(self._files, more):
                wanted, steps = more, [*steps, (one, rung)]
        return steps


def fit(
    candidates: Sequence[Candidate],
    channel: Channel,
    sizes: Sizes,
    overhead: Mapping[str, int] | None = None,
    *,
    is_strict: bool = True,
) -> Fitted:
    """Make it fit.

    Args:
        candidates: what may go along, in the case's order.
        channel: the form and its limits.
        sizes: what exhibits come to, guessed and measured.
        overhead: by file, what it holds beside its exhibits, once that is known.
        is_strict: leave nothing out that is required; without, to see what would help.

    Raises:
        DeliveryFailed: one of its kinds says what cannot be made to fit, and names it.
    """
    return _Fit(channel, sizes, overhead or {}, is_strict=is_strict).run(candidates)


# --- the plan -----------------------------------------------------------------------------------

_MOST_TRIES, _MOST_SHOWN = 6, 3


def alternatives(
    candidates: Sequence[Candidate], channel: Channel, fitted: Fitted | None
) -> tuple[Alternative, ...]:
    """What would help: of a delivery that fails, without what it fits; else, what shrinks less."""
    if fitted is None:
        try:
            loose = fit(candidates, channel, Estimate(), is_strict=False)
        except DeliveryFailed:
            return ()
        lost = {one.evidence_id for one in loose.omissions if one.what == LEFT_OUT}
        return (_alternative([one for one in candidates if one.evidence_id in lost], loose),)
    shrunk = _shrunk_count(fitted)
    if not shrunk:
        return ()
    kept = {part.candidate.evidence_id for file in fitted.files for part in file.parts}
    free = [
        one
        for one in reversed(in_order(candidates))
        if one.level is not Level.REQUIRED and one.evidence_id in kept
    ]
    found = []
    for left in sorted(free[:_MOST_TRIES], key=lambda one: -fitted.sizes[one.evidence_id]):
        rest = [one for one in candidates if one is not left]
        without = fit(rest, channel, Estimate())
        others = shrunk - any(
            one.what == SHRUNK and one.evidence_id == left.evidence_id for one in fitted.omissions
        )
        if _shrunk_count(without) < others:
            found.append(_alternative([left], without))
    return tuple(sorted(found, key=lambda one: one.shrunk)[:_MOST_SHOWN])


def _shrunk_count(fitted: Fitted) -> int:
    return sum(one.what == SHRUNK for one in fitted.omissions)


def _alternative(left: Sequence[Candidate], fitted: Fitted) -> Alternative:
    return Alternative(
        leave_out=tuple(one.evidence_id for one in left),
        labels=tuple(one.label for one in left),
        levels=tuple(one.level for one in left),
        bytes=fitted.bytes,
        pages=fitted.pages,
        shrunk=_shrunk_count(fitted),
    )


def plan_delivery(
    delivery: str, candidates: Sequence[Candidate], channel: Channel, fields: Mapping[str, str]
) -> DeliveryPlan:
    """What the delivery will come to; nothing is read and nothing is drawn."""
    given = [cut(one, channel) for one in candidates]
    about = {"delivery": delivery, "form": channel.form, "limits": channel.limits}
    try:
        ensure_text_fits(fields, channel.limits)
        fitted = fit(given, channel, Estimate())
    except DeliveryFailed as failure:
        return DeliveryPlan(
            **about,  # type: ignore[arg-type]  # the three above, as they are
            bytes=0,
            pages=0,
            files=0,
            fits=False,
            omissions=failure.omissions,
            alternatives=alternatives(given, channel, None),
            reason=Reason(failure.code, failure.params),
        )
    return DeliveryPlan(
        **about,  # type: ignore[arg-type]  # as above
        bytes=fitted.bytes,
        pages=fitted.pages,
        files=len(fitted.files),
        fits=True,
        omissions=fitted.omissions,
        alternatives=alternatives(given, channel, fitted),
    )
