"""The job that draws a bundle: content from the rows, exhibits from the store, one PDF.

What a platform's form takes is made from the same content by another hand (`_deliver`). Safe to
repeat at any line: the file stands under its hash, and a bundle that is ready stays.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.catalogue import say
from evidence_service.domain.bundle import BundleFailed, RevisionGone, plan
from evidence_service.domain.delivery import DeliveryFailed
from evidence_service.domain.evidence import Shape
from evidence_service.domain.sending import BundleState
from evidence_service.ports import SystemScope
from evidence_service.usecases.assemble.make_derivatives import make_derivatives
from evidence_service.usecases.judging import pinned
from evidence_service.usecases.originals import fetch_derivative, fetch_original, key_of
from evidence_service.usecases.submit.bundle_content import bundle_content, ensure_current
from evidence_service.usecases.submit.case_parts import CaseParts
from evidence_service.usecases.submit.delivery_content import MASTER, order_of
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from evidence_service.domain.bundle import BundleContent
    from evidence_service.domain.case import Case
    from evidence_service.domain.delivery import DeliveryOrder
    from evidence_service.ports import Ports, Rendered, Sealed, Work

RENDER_BUNDLE = "render_bundle"


def render_bundle(
    case_id: UUID, bundle_id: UUID, *, ports: Ports, progress: Callable[[float], None]
) -> None:
    """Draw the bundle and record it; a drawing that cannot be made is recorded as failed."""
    complete_pages(case_id, ports)
    try:
        loaded = _load(case_id, bundle_id, ports)
    except RevisionGone as failure:
        _failed(case_id, bundle_id, failure, ports)
        return
    if loaded is None:
        return
    case, content, order = loaded

    def tell(fraction: float) -> None:
        progress(fraction)
        ports.progress.of_bundle(bundle_id, fraction)

    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        files = fetch_exhibits(case, content, Path(folder), ports)
        if order is not None:
            _deliver(case, bundle_id, order, files, ports, tell)
            return
        out = Path(folder) / "bundle.pdf"
        try:
            rendered = ports.renderer(
                content, files, out, progress=tell, parts=CaseParts(case, ports)
            )
            sealed = None if content.is_preview else ports.seal(out)
        except BundleFailed as failure:
            _failed(case_id, bundle_id, failure, ports)
            return
        _keep(case, bundle_id, rendered, sealed, _omissions(content, rendered), out, ports)


def complete_pages(case_id: UUID, ports: Ports) -> None:
    """Make what the jobs behind the uploads have not made yet."""
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
    for item in case.items:
        if item.counts and Shape.PAGE in item.shapes:
            make_derivatives(case_id, item.id, ports=ports)


def _load(
    case_id: UUID, bundle_id: UUID, ports: Ports
) -> tuple[Case, BundleContent, DeliveryOrder | None] | None:
    """What is to be drawn, for a delivery with its order; nothing where that is done.

    Raises:
        RevisionGone: the case is no longer as it was when the bundle was asked for.
    """
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_update(case_id)
        bundle = case.bundle(bundle_id)
        if bundle.state is BundleState.READY:
            return None
        bundle.state = BundleState.RENDERING
        ensure_current(case, bundle)
        content = content_of(case, work, ports, is_preview=bundle.preview)
        if bundle.delivery == MASTER:
            return case, content, None
        readings = work.normal_forms.of_case(case.id)
        languages = work.texts.languages(case.id)
        pack = pinned(case, work, ports)
    order = order_of(
        case, bundle, pack=pack, readings=readings, languages=languages, content=content
    )
    return case, content, order


def content_of(case: Case, work: Work, ports: Ports, *, is_preview: bool) -> BundleContent:
    """What the bundle of the case says, as it stands."""
    people = {item.added_by for item in case.items} | {r.reviewed_by for r in case.reviews}
    return bundle_content(
        case,
        is_preview=is_preview,
        pack=pinned(case, work, ports),
        store=work.stores.get(case.store_id),
        readings=work.normal_forms.of_case(case.id),
        names=work.people.emails(list(people)),
    )


def fetch_exhibits(
    case: Case, content: BundleContent, folder: Path, ports: Ports
) -> dict[UUID, Path]:
    """What each exhibit's pages are drawn from: what was made for them, else the original."""
    files: dict[UUID, Path] = {}
    for exhibit in content.exhibits:
        item = case.item(exhibit.evidence_id)
        page = item.derivative(Shape.PAGE)
        if page is None:
            files[item.id] = fetch_original(case, item, folder, ports)
        else:
            files[item.id] = fetch_derivative(case, page, folder, ports)
    return files


def _deliver(  # noqa: PLR0913 - a delivery, what it is made of and who wants to know
    case: Case,
    bundle_id: UUID,
    order: DeliveryOrder,
    files: Mapping[UUID, Path],
    ports: Ports,
    tell: Callable[[float], None],
) -> None:
    """Make what the platform's form takes, and keep it."""
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        out = Path(folder) / "delivery"
        try:
            made = ports.delivery_maker(order, files, out, progress=tell)
        except BundleFailed as failure:
            _failed(case.id, bundle_id, failure, ports)
            return
        with out.open("rb") as source:
            stored = ports.store.put(
                keys.bundle(case.id, made.sha256),
                source,
                sha256=made.sha256,
                size_bytes=made.size_bytes,
                case_key=ports.envelope.unwrap(case.id, key_of(case)),
                media_type=made.media_type,
            )
    with ports.unit_of_work(SystemScope()) as work:
        work.cases.get_for_update(case.id).bundle_ready(
            bundle_id,
            sha256=made.sha256,
            content_sha256=made.sha256,
            version_id=stored.version_id,
            pages=made.pages,
            size_bytes=made.size_bytes,
            omissions=[one.to_plain() for one in made.omissions],
            missing_glyphs="",
            at=ports.now(),
            media_type=made.media_type,
        )


def _omissions(content: BundleContent, rendered: Rendered) -> list[dict[str, str]]:
    """What the PDF only names, by its label: a file's name would outlive its erasure here."""
    return [
        {
            "evidence_id": str(entry.evidence_id),
            "level": content.level_of(entry.evidence_id),
            "what": "left_out",
            "detail": f"{entry.label}: {say('cover.kept', content.language.value)}",
        }
        for entry in plan(content).manifest
        if str(entry.evidence_id) in rendered.kept
    ]


def _keep(  # noqa: PLR0913 - what was drawn of what, and where it is
    case: Case,
    bundle_id: UUID,
    rendered: Rendered,
    sealed: Sealed | None,
    omissions: list[dict[str, str]],
    out: Path,
    ports: Ports,
) -> None:
    served = sealed or rendered
    with out.open("rb") as source:
        stored = ports.store.put(
            keys.bundle(case.id, served.sha256),
            source,
            sha256=served.sha256,
            size_bytes=served.size_bytes,
            case_key=ports.envelope.unwrap(case.id, key_of(case)),
            media_type="application/pdf",
        )
    with ports.unit_of_work(SystemScope()) as work:
        work.cases.get_for_update(case.id).bundle_ready(
            bundle_id,
            sha256=served.sha256,
            content_sha256=rendered.sha256,
            signed_by=sealed.signed_by if sealed else None,
            time_stamp=sealed.time_stamp if sealed else None,
            version_id=stored.version_id,
            pages=rendered.pages,
            size_bytes=served.size_bytes,
            omissions=omissions,
            missing_glyphs="".join(rendered.missing_glyphs),
            at=ports.now(),
        )


def give_up_bundle(case_id: UUID, bundle_id: UUID, *, ports: Ports) -> None:
    """Record that the job's tries are used up: nobody waits for this bundle any longer."""
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_update(case_id)
        if case.bundle(bundle_id).state not in {BundleState.READY, BundleState.FAILED}:
            case.bundle_failed(bundle_id, "gave_up", at=ports.now())


def _failed(case_id: UUID, bundle_id: UUID, failure: BundleFailed, ports: Ports) -> None:
    # Only a delivery's failure is told in particulars: others name our own parts and files.
    told = failure if isinstance(failure, DeliveryFailed) else DeliveryFailed()
    with ports.unit_of_work(SystemScope()) as work:
        work.cases.get_for_update(case_id).bundle_failed(
            bundle_id,
            failure.code,
            at=ports.now(),
            params=told.params,
            omissions=[one.to_plain() for one in told.omissions],
        )
