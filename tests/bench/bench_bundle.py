"""What a medium bundle costs: 30 screenshots, 500 messages, 60 tracking events.

    python tests/bench/bench_bundle.py [folder for the PDF]

The pictures are drawn anew; the child's own CPU seconds and peak memory are counted, not ours.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bundle_corpus import make_corpus  # noqa: E402 - found through the line above

from evidence_service.adapters.pdf import render_bundle  # noqa: E402 - likewise


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content, files = make_corpus(Path(folder))
        given = sum(path.stat().st_size for path in files.values())
        started = time.perf_counter()
        rendered = render_bundle(content, files, out, progress=lambda _: None)
        wall_s = time.perf_counter() - started
    rows = (
        ("exhibits", f"{len(content.exhibits)}"),
        ("messages", f"{sum(len(chat.lines) for chat in content.conversations)}"),
        ("tracking events", f"{sum(len(parcel.scans) for parcel in content.parcels)}"),
        ("given, MB", f"{given / 1e6:.2f}"),
        ("pages", f"{rendered.pages}"),
        ("bytes, MB", f"{rendered.size_bytes / 1e6:.2f}"),
        ("CPU, s", f"{rendered.child_cpu_s:.2f}"),
        ("wall, s", f"{wall_s:.2f}"),
        ("peak memory, MB", f"{rendered.child_peak_bytes / 1e6:.0f}"),
        ("missing glyphs", f"{len(rendered.missing_glyphs)}"),
        ("SHA-256", rendered.sha256[:16]),
    )
    for name, value in rows:
        print(f"{name:<18}{value:>20}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]) / "bundle.pdf")
    else:
        with tempfile.TemporaryDirectory() as unkept:
            main(Path(unkept) / "bundle.pdf")
