"""`python -m evidence_service.adapters.delivery.child JOB`: makes one delivery and ends.

Limits, network and parent as in `adapters/pdf/child.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from evidence_service.adapters.pdf.child import main, progress
from evidence_service.domain.bundle import BundleContent
from evidence_service.domain.delivery import Candidate, DeliveryFailed, DeliveryOrder, Limits


def _make(job: dict[str, Any]) -> dict[str, Any]:
    # After the limits: this imports WeasyPrint and Pillow.
    from evidence_service.adapters.delivery.build import build  # noqa: PLC0415 - see above

    order = DeliveryOrder(
        content=BundleContent.from_plain(job["content"]),
        candidates=tuple(Candidate.from_plain(one) for one in job["candidates"]),
        form=job["form"],
        limits=Limits.of(job["limits"]),
        statement=job["statement"],
    )
    files = {UUID(name): Path(path) for name, path in job["files"].items()}
    try:
        return build(order, files, Path(job["out"]), progress)
    except DeliveryFailed as failure:
        omissions = [one.to_plain() for one in failure.omissions]
        return {"code": failure.code, "params": failure.params, "omissions": omissions}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], _make))
