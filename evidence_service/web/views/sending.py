"""What may be sent, and how full it will be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.delivery import LEFT_OUT
from evidence_service.domain.fitting import NOT_TAKEN
from evidence_service.domain.sending import BundleState
from evidence_service.usecases.submit.delivery_content import MASTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from evidence_service.domain.case import Case
    from evidence_service.domain.delivery import DeliveryPlan
    from evidence_service.domain.sending import Bundle
    from evidence_service.web.words import Reader

# From here on a meter warns.
NEARLY_FULL = 0.8
# By what stood in its way: a limit's name, or that the platform has no place for such a file.
LEFT_OUT_FOR = {
    "max_files": "left_out_files",
    "max_files_per_kind": "left_out_files",
    "max_pages": "left_out_pages",
    "max_file_pages": "left_out_pages",
    "max_file_bytes": "left_out_bytes",
    "max_total_bytes": "left_out_bytes",
    "min_text_pt": "left_out_small",
    NOT_TAKEN: "left_out_not_taken",
}


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a limit is used; `share` is None where the platform states none."""

    what: str
    used: str
    most: str | None
    share: float | None

    @property
    def tone(self) -> str:
        if self.share is None or self.share < NEARLY_FULL:
            return ""
        return "bad" if self.share > 1 else "warn"


def meters(plan: DeliveryPlan, reader: Reader) -> list[Meter]:
    """How full a delivery will be, by each limit of its channel; its size in any case."""
    limits = plan.limits
    sized = plan.bytes, limits.max_total_bytes or limits.max_file_bytes
    counted = [("files", plan.files, limits.max_files), ("pages", plan.pages, limits.max_pages)]
    return [
        _meter("bytes", *sized, reader.size),
        *(_meter(what, used, most, str) for what, used, most in counted if most),
    ]


def _meter(what: str, used: int, most: int | None, said: Callable[[int], str]) -> Meter:
    if not most:
        return Meter(what, said(used), None, None)
    return Meter(what, said(used), said(most), used / most)


def omission(what: str, detail: str, reader: Reader) -> str:
    """What became of an exhibit and why. A bundle for people only lacks what has no pages."""
    name = LEFT_OUT_FOR.get(detail, "left_out_no_pages") if what == LEFT_OUT else what
    return reader.t(f"omission.{name}")


def of_approved(case: Case) -> Bundle | None:
    """The latest bundle that may be sent, or is on its way to that."""
    for bundle in reversed(case.bundles):
        is_current = bundle.revision == case.approved_revision and not bundle.preview
        if is_current and bundle.state is not BundleState.FAILED:
            return bundle
    return None


def lacks_bundle_for_people(case: Case) -> bool:
    """Whether of the approved revision only deliveries have been made, or nothing."""
    return case.approved_revision is not None and not any(
        one.delivery == MASTER
        and one.revision == case.approved_revision
        and not one.preview
        and one.state is not BundleState.FAILED
        for one in case.bundles
    )


def sendable(case: Case) -> list[Bundle]:
    """What may be sent now, the newest first: of each way to the platform the latest."""
    ready = [
        one
        for one in case.bundles
        if one.revision == case.approved_revision
        and not one.preview
        and one.state is BundleState.READY
    ]
    return list({one.delivery: one for one in ready}.values())[::-1]
