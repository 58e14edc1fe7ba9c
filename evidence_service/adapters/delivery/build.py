"""A delivery from its order: fitted, made, counted, and fitted again by what was counted.

Runs in the child process. The same order gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidence_service.adapters.delivery.pages import Heading, make_pdf
from evidence_service.adapters.delivery.pictures import Pictures, joined
from evidence_service.adapters.delivery.records import draw_records
from evidence_service.adapters.pdf.words import Words
from evidence_service.domain.arrangement import Carrier, Channel
from evidence_service.domain.bundle import BundleDiffers
from evidence_service.domain.delivery import (
    LADDER,
    PDF,
    SHRUNK,
    WHOLE,
    Omission,
    Source,
    ensure_text_fits,
    file_names,
    scale_of,
)
from evidence_service.domain.fitting import fit
from evidence_service.readers import document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from evidence_service.domain.arrangement import PlannedFile
    from evidence_service.domain.delivery import Candidate, DeliveryOrder, Limits
    from evidence_service.domain.fitting import Fitted

ZIP = "application/zip"
MANIFEST, STATEMENT = "manifest.json", "statement.txt"
_ENDINGS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png"}
_TURNS = 4
# Filled so far, a delivery is not fitted again for what is left.
_FULL = 0.96
_READ, _FITTED = 0.2, 0.9
_GREY_LOSS = "grey: letters lose contrast"


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the delivery."""

    planned: PlannedFile
    data: bytes
    media_type: str


def build(
    order: DeliveryOrder, files: Mapping[UUID, Path], out: Path, progress: Callable[[float], None]
) -> dict[str, Any]:
    """Make the delivery into `out`.

    Raises:
        DeliveryFailed: what is required cannot be made to fit.
    """
    ensure_text_fits(order.statement, order.limits)
    text = _statement(order)
    channel = Channel(order.form, _less(order.limits, len(text)), order.content.is_preview)
    read = [one for one in order.candidates if one.source is Source.RECORD]
    records = draw_records(
        replace(order.content, timeline=(), findings=(), custody=()),
        {one.evidence_id for one in read},
        out.parent,
        order.limits.min_text_pt,
        as_pictures=any(channel.carrier_of(one) is Carrier.PICTURE for one in read),
    )
    pictures = Pictures(channel, files, records, is_preview=channel.is_preview)
    progress(_READ)
    maker = _Maker(channel, pictures, files, records, _heading(order))
    fitted, made = maker.make([pictures.looked_at(one) for one in order.candidates])
    progress(_FITTED)
    omissions = [one.to_plain() for one in (*fitted.omissions, *maker.faded())]
    names = _names(made, channel)
    if order.form == "pdf" and len(made) == 1 and made[0].media_type == PDF:
        out.write_bytes(made[0].data)
    else:
        _write_set(out, dict(zip(names, made, strict=True)), text, omissions)
    progress(1.0)
    return {
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "size_bytes": out.stat().st_size,
        "pages": fitted.pages,
        "media_type": ZIP if zipfile.is_zipfile(out) else PDF,
        "omissions": omissions,
    }


def _heading(order: DeliveryOrder) -> Heading:
    words = Words(order.content.language)
    return Heading(", ".join(order.content.case.order_numbers), words)


def _statement(order: DeliveryOrder) -> bytes:
    """As it was written; of several fields each under its name."""
    if order.form != "images" or not order.statement:
        return b""
    fields = list(order.statement.items())
    named = [f"{name}\n{text}" if len(fields) > 1 else text for name, text in fields]
    return ("\n\n".join(named) + "\n").encode()


def _less(limits: Limits, taken: int) -> Limits:
    most = limits.max_total_bytes
    return limits if most is None else replace(limits, max_total_bytes=most - taken)


class _Maker:
    def __init__(
        self,
        channel: Channel,
        pictures: Pictures,
        files: Mapping[UUID, Path],
        records: Mapping[UUID, Path],
        heading: Heading,
    ) -> None:
        self._channel, self._pictures = channel, pictures
        self._files, self._records, self._heading = files, records, heading
        self._kept: list[Candidate] = []

    def make(self, candidates: Sequence[Candidate]) -> tuple[Fitted, list[Made]]:
        overhead: dict[str, int] = {}
        for turn in range(_TURNS):
            fitted = fit(candidates, self._channel, self._pictures, overhead)
            made = [self._file(one, fitted) for one in fitted.files]
            is_over = self._is_over(made)
            if not is_over and (turn or self._is_full(fitted, made)):
                break
            overhead = {one.planned.key: self._beside(one, fitted) for one in made}
            if is_over and turn:
                # What a joined or shared file comes to moves with its parts: leave some room.
                overhead = {key: size + len(made) * 512 * turn for key, size in overhead.items()}
        else:
            raise BundleDiffers(what="bytes", reason="the files do not come to what was counted")
        self._kept = [part.candidate for file in fitted.files for part in file.parts]
        return fitted, made

    def faded(self) -> list[Omission]:
        """What loses by being grey, where the channel takes no colours."""
        return [
            Omission(
                evidence_id=one.evidence_id,
                level=one.level,
                what=SHRUNK,
                detail=_GREY_LOSS,
                bytes=0,
                pages=0,
            )
            for one in self._kept
            if one.evidence_id in self._pictures.faded
        ]

    def _is_over(self, made: Sequence[Made]) -> bool:
        limits = self._channel.limits
        total = sum(len(one.data) for one in made)
        each = any(len(one.data) > (limits.most_bytes(one.media_type) or total) for one in made)
        return each or (limits.max_total_bytes is not None and total > limits.max_total_bytes)

    def _is_full(self, fitted: Fitted, made: Sequence[Made]) -> bool:
        """Whether nothing is shrunk, or what is left would change nothing."""
        most = self._channel.limits.max_total_bytes
        if most is None or not any(one.what == SHRUNK for one in fitted.omissions):
            return self._channel.limits.max_file_bytes is None
        return sum(len(one.data) for one in made) >= _FULL * most

    @staticmethod
    def _beside(one: Made, fitted: Fitted) -> int:
        """What the file holds beside the sizes that its exhibits were counted with."""
        counted = sum(
            fitted.sizes[part.candidate.evidence_id] * len(part.shots) // len(part.candidate.shots)
            for part in one.planned.parts
        )
        return len(one.data) - counted

    def _file(self, file: PlannedFile, fitted: Fitted) -> Made:
        if file.carrier is Carrier.PICTURE:
            return self._picture(file, fitted)
        one = file.parts[0].candidate
        is_own = self._channel.form == "documents" and fitted.rungs[one.evidence_id] == WHOLE
        if is_own and one.source is Source.DOCUMENT and not self._channel.limits.page_size:
            return Made(file, document.safe_copy(self._files[one.evidence_id]), PDF)
        data = make_pdf(file, fitted, self._pictures, self._channel, self._heading)
        return Made(file, data, PDF)

    def _picture(self, file: PlannedFile, fitted: Fitted) -> Made:
        shots = [(part.candidate, number) for part in file.parts for number in part.shots]
        if len(shots) == 1:
            one, number = shots[0]
            rung = fitted.rungs[one.evidence_id]
            encoded = self._pictures.encoded(one, number, rung, fitted.bounds)
            return Made(file, encoded.data, encoded.media_type)
        pixels, qualities, captions = [], [], []
        for one, number in shots:
            is_first = not number or (one, number - 1) not in shots
            captions.append(_caption(one, number) if is_first else "")
            step = LADDER[fitted.rungs[one.evidence_id]]
            scale = scale_of(one.shots[number], step, fitted.bounds[one.evidence_id, number])
            pixels.append(self._pictures.pixels(one, number, scale))
            qualities.append(step.quality or LADDER[1].quality or 0)
        encoded = self._pictures.jpeg(joined(pixels, captions), min(qualities))
        return Made(file, encoded.data, encoded.media_type)


def _caption(one: Candidate, number: int) -> str:
    return f"{one.label} ({number + 1}/{one.pages})" if number else one.label


def _names(made: Sequence[Made], channel: Channel) -> list[str]:
    return file_names(
        [one.planned.stem for one in made],
        [_ENDINGS[one.media_type] for one in made],
        channel.limits.file_name_pattern,
        numbered=channel.form != "pdf_per_kind",
    )


def _write_set(
    out: Path, named: Mapping[str, Made], text: bytes, omissions: list[dict[str, object]]
) -> None:
    """A ZIP that is the same whenever it is made: fixed times, fixed order."""
    rows = [
        _row(name, one.data, one.planned.evidence_ids, one.planned.page_count)
        for name, one in named.items()
    ]
    files = {name: one.data for name, one in named.items()}
    if text:
        files[STATEMENT] = text
        rows.append(_row(STATEMENT, text, (), None))
    whole = {"files": rows, "omissions": omissions}
    files[MANIFEST] = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, data)


def _row(
    name: str, data: bytes, evidence_ids: Sequence[UUID], pages: int | None
) -> dict[str, object]:
    return {
        "name": name,
        "evidence_ids": [str(evidence_id) for evidence_id in evidence_ids],
        "pages": pages,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
