"""The parent's side: one child process per delivery, limited, watched and killable."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.adapters.pdf.render import program, run_child, take
from evidence_service.adapters.pdf.templates import TEMPLATES
from evidence_service.domain.delivery import DeliveryFailed, Omission

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from evidence_service.domain.delivery import DeliveryOrder

_CHILD = "evidence_service.adapters.delivery.child"
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class MadeDelivery:
    """A finished delivery: a PDF, or a ZIP with its manifest."""

    sha256: str
    size_bytes: int
    pages: int
    media_type: str
    omissions: tuple[Omission, ...]


def make_delivery(  # noqa: PLR0913 - the order, its files, where to, and two limits
    order: DeliveryOrder,
    files: Mapping[UUID, Path],
    out: Path,
    *,
    progress: Callable[[float], None],
    timeout_s: float = 300,
    memory_bytes: int = 2 * _GIB,
) -> MadeDelivery:
    """Make the delivery into `out`, which appears whole or not at all.

    Raises:
        DeliveryFailed: what is required cannot be made to fit.
        BundleFailed: the child hit a limit.
    """
    with tempfile.TemporaryDirectory(prefix="delivery-", dir=out.parent) as folder:
        part = Path(folder) / "delivery"
        job = {
            "content": order.content.to_plain(),
            "candidates": [one.to_plain() for one in order.candidates],
            "form": order.form,
            "limits": order.limits.to_plain(),
            "statement": dict(order.statement),
            "files": {str(key): str(path.absolute()) for key, path in files.items()},
            "out": str(part.absolute()),
            "memory_bytes": memory_bytes,
            "cpu_s": int(timeout_s) + 1,
        }
        job_file = Path(folder) / "job.json"
        job_file.write_text(json.dumps(job), encoding="utf-8")
        readable = (TEMPLATES, *files.values())
        done = run_child(program(_CHILD), job_file, readable, progress, timeout_s)
        omissions = tuple(map(Omission.from_plain, done.pop("omissions")))
        if "code" in done:
            raise _failure(done["code"])(omissions, **done["params"])
        take(part, out)
    return MadeDelivery(**done, omissions=omissions)


def _failure(code: str) -> type[DeliveryFailed]:
    return {kind.code: kind for kind in DeliveryFailed.__subclasses__()}.get(code, DeliveryFailed)
