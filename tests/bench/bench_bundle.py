"""What a bundle costs, beside what it would cost as one document.

    python tests/bench/bench_bundle.py [medium|large] [folder for the PDFs]

In one run, of the same content, drawn anew: our bundle with nothing ready, with everything ready
and after one picture was added; one WeasyPrint document; headless Chromium printing the same HTML
where it is installed. CPU seconds are user and system of every process begun; memory is the most
that all processes of a run had for themselves at once (PSS). Exit status 1 if a bar is missed.
"""

from __future__ import annotations

import base64
import compileall
import ctypes
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bundle_corpus import (
    FolderParts,
    draw_chat,
    evidence_id,
    exhibit,
    make_corpus,
)

from evidence_service.adapters.pdf import render_bundle
from evidence_service.adapters.pdf.exhibits import draw_pictures, pictures_name, prepare
from evidence_service.adapters.pdf.parts import PartFolder
from evidence_service.adapters.pdf.sections import Sections
from evidence_service.adapters.pdf.templates import TEMPLATES
from evidence_service.domain.bundle import Placing, SectionName, plan
from evidence_service.domain.evidence import EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from evidence_service.domain.bundle import BundleContent

SIZES = {"medium": (30, 500), "large": (100, 5000)}
# Shares of the single document's CPU seconds.
BARS = {
    "medium": {"cold": 0.6, "ready": 0.05, "one more": 0.1},
    "large": {"cold": 0.75, "ready": 0.05, "one more": 0.1},
}
LARGEST_PEAK = 300e6
SAMPLE_S = 0.05
_PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Cost:
    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_bytes: float = 0.0
    largest_bytes: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """What the processes cost that are begun inside."""
    cost = Cost()
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(cost, over))
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    watch.start()
    yield cost
    cost.wall_s = time.perf_counter() - started
    _reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    over.set()
    watch.join()
    cost.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _reap() -> None:
    """Count those, too, whose parents did not wait for them: the walls' own do not."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, 0):
            pass


def _watch(cost: Cost, over: threading.Event) -> None:
    while not over.wait(SAMPLE_S):
        held = [_held(pid) for pid in _below("self")]
        cost.peak_bytes = max(cost.peak_bytes, sum(held))
        cost.largest_bytes = max(cost.largest_bytes, *held, 0)


def _below(pid: str) -> Iterator[str]:
    try:
        told = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has ended meanwhile
        return
    for child in " ".join(told).split():
        yield child
        yield from _below(child)


def _held(pid: str) -> int:
    try:
        held = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", held, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def one_document(content: BundleContent, files: Mapping[UUID, Path], parts: Path) -> str:
    """The HTML of all sections in one, pictures in their places."""
    planned = plan(content)
    at_hand = PartFolder(parts, lambda _: None)
    sheets = []
    for section in planned.sections:
        if section.name is not SectionName.EXHIBIT or not section.evidence_id:
            continue
        sha256 = next(one.page_sha256 for one in planned.manifest if one.label == section.label)
        path = files[section.evidence_id]
        if section.placing is Placing.PICTURES and at_hand.missing([pictures_name(sha256)]):
            at_hand.write(pictures_name(sha256), draw_pictures(path))
        sheets.append(prepare(section, path, sha256, at_hand))
    bodies = []
    for part in Sections(content, planned).parts(tuple(sheets)):
        body = part.source.html.split("<body>")[1].split("</body>")[0]
        for sheet in part.sheets:
            for place in sheet.places:
                data = base64.b64encode(files[sheet.section.evidence_id].read_bytes()).decode()
                kind = "png" if data.startswith("iVBOR") else "jpeg"
                empty = f'<div class="place" id="{place.anchor}"'
                shown = (
                    f'<img class="place" id="{place.anchor}" src="data:image/{kind};base64,{data}"'
                )
                # A tall picture stands there whole, once: a document does not cut it.
                body = body.replace(empty, shown if place.anchor.endswith(".1") else empty)
        bodies.append(body)
    names = ("bundle.css", *(f"{name}/theme.css" for name in SectionName if name != "cover"))
    css = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    return f"<!doctype html><html lang=ru><meta charset=utf-8><style>{css}</style>{''.join(bodies)}"


def measure(folder: Path, size: str, kept: Path) -> dict[str, Cost]:
    screenshots, messages = SIZES[size]
    (folder / "given").mkdir()
    content, files = make_corpus(
        folder / "given", screenshots=screenshots, message_count=messages, has_photos=True
    )
    given = [path.stat().st_size for path in files.values()]
    print(f"{size}: {len(given)} exhibits of {sum(given) / 1e6:.1f} MB, {messages} messages")
    (folder / "parts").mkdir()
    parts = FolderParts(folder / "parts")
    costs: dict[str, Cost] = {}
    for name in ("cold", "ready"):
        with measured() as costs[name]:
            told = render_bundle(
                content, files, kept / f"{name}.pdf", progress=lambda _: None, parts=parts
            )
        print(f"{name}: {told.pages} pages, {told.size_bytes / 1e6:.1f} MB, {told.sha256[:16]}")
    draw_chat(folder / "given/one-more.png", 777, has_photo=True)
    more = exhibit(
        900, EvidenceKind.CHAT_SCREENSHOT, folder / "given/one-more.png", caption="Ещё один снимок"
    )
    with measured() as costs["one more"]:
        render_bundle(
            replace(content, exhibits=(*content.exhibits, more)),
            files | {evidence_id(900): folder / "given/one-more.png"},
            kept / "one-more.pdf",
            progress=lambda _: None,
            parts=parts,
        )
    html = folder / "whole.html"
    html.write_text(one_document(content, files, folder / "parts"), encoding="utf-8")
    with measured() as costs["one document"]:
        weasyprint = [sys.executable, "-m", "weasyprint", "-q", html, kept / "one-document.pdf"]
        subprocess.run(weasyprint, check=True, capture_output=True)
    if chromium := shutil.which("chromium"):
        with measured() as costs["chromium"]:
            _print(chromium, html, kept / "chromium.pdf", folder)
    return costs


def _print(chromium: str, html: Path, out: Path, folder: Path) -> None:
    subprocess.run(
        [
            chromium, "--headless=new", "--no-sandbox", "--disable-gpu",
            f"--user-data-dir={folder}/profile", f"--print-to-pdf={out}", html.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )  # fmt: skip


def main(size: str, kept: Path) -> int:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    compileall.compile_dir(ROOT / "evidence_service", quiet=1)  # as script/server does
    with tempfile.TemporaryDirectory() as folder:
        costs = measure(Path(folder), size, kept)
    whole = costs["one document"].cpu_s
    print(f"\n{size:<14}{'CPU s':>8}{'of one':>8}{'bar':>6}{'wall s':>8}{'all MB':>8}{'one MB':>8}")
    missed = []
    for name, cost in costs.items():
        bar = BARS[size].get(name)
        share = cost.cpu_s / whole
        if bar and share > bar:
            missed.append(f"{name} {share:.3f} of one document, bar {bar}")
        print(
            f"{name:<14}{cost.cpu_s:>8.2f}{share:>8.3f}{bar or '':>6}{cost.wall_s:>8.2f}"
            f"{cost.peak_bytes / 1e6:>8.0f}{cost.largest_bytes / 1e6:>8.0f}"
        )
    if costs["cold"].peak_bytes > LARGEST_PEAK:
        missed.append(f"memory {costs['cold'].peak_bytes / 1e6:.0f} MB")
    print("".join(f"missed: {one}\n" for one in missed) or "every bar is held")
    return bool(missed)


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "medium"
    if len(sys.argv) > 2:
        sys.exit(main(wanted, Path(sys.argv[2])))
    with tempfile.TemporaryDirectory() as unkept:
        sys.exit(main(wanted, Path(unkept)))
