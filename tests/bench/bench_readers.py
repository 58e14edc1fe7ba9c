"""What reading costs: a long chat beside other parsers, and telling files apart.

    python tests/bench/bench_readers.py [messages] [python with whatstk]

A WhatsApp export of 100,000 messages takes at most twice the CPU time of the faster of chat-miner
and whatstk (where a Python that has it is named), and memory of four times the file. Telling what a
file is takes less than a millisecond, over the sample files.
Ends with status 1 where it is more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared/samples"
MOST_TIMES, MOST_MEMORY, MOST_SNIFF_MS, REPEATS = 2.0, 4.0, 1.0, 20
SAID = (
    ("Ann Lee", "Hello, I ordered the blue one on Monday and it has not arrived yet. Where is it?"),
    ("Shop", "Dear Ann, thank you for your message. The parcel is on its way: RB123456789CN."),
    ("Ann Lee", "ok 😀"),
    ("Shop", "It was handed to the post office this morning.\nPlease allow some days for customs."),
    ("Ann Lee", "<Media omitted>"),
)
# Each reads the file named by its last argument and answers CPU seconds and bytes of memory.
MEASURE = r"""
import json, logging, re, sys, time
from pathlib import Path
logging.disable(50)
{setup}
def most():
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) * 1024
Path("/proc/self/clear_refs").write_text("5")  # the most is what there is now
before, start = most(), time.process_time()
found = {run}
print(json.dumps([time.process_time() - start, most() - before]))
"""
OURS = {"setup": "from evidence_service.readers import read", "run": "read(Path(sys.argv[1]))"}
CHAT_MINER = {
    "setup": "from chatminer.chatparsers import WhatsAppParser",
    "run": "WhatsAppParser(sys.argv[1]).parse_file()",
}
WHATSTK = {
    "setup": "from whatstk import WhatsAppChat",
    "run": "WhatsAppChat.from_source(sys.argv[1])",
}


def write_chat(path: Path, count: int) -> None:
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - the clock of a phone
    with path.open("w", encoding="utf-8") as file:
        for at, (author, text) in enumerate(islice(cycle(SAID), count)):
            when = start + timedelta(minutes=7 * at)
            file.write(f"{when:%d.%m.%y, %H:%M} - {author}: {text}\n")


def measured(python: str, what: dict[str, str], path: Path) -> tuple[float, int]:
    """The best of three runs, each in a process of its own."""
    command = [python, "-c", MEASURE.format(**what), str(path)]
    runs = [
        json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        for _ in range(3)
    ]
    seconds, memory = min(runs)
    return seconds, memory


def bench_chat(count: int, whatstk: str | None) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.txt"
        write_chat(path, count)
        size = path.stat().st_size
        seconds, memory = measured(sys.executable, OURS, path)
        others = {"chat-miner": measured(sys.executable, CHAT_MINER, path)[0]}
        if whatstk:
            others["whatstk"] = measured(whatstk, WHATSTK, path)[0]
    times, memories = seconds / min(others.values()), memory / size
    told = ", ".join(f"{name} {taken:.2f} s" for name, taken in others.items())
    print(f"{count} messages, {size / 1e6:.1f} MB: {seconds:.2f} s ({told}): {times:.2f} times")
    print(f"memory: {memory / 1e6:.0f} MB, {memories:.1f} times the file")
    return times <= MOST_TIMES and memories <= MOST_MEMORY


def bench_sniff() -> bool:
    from evidence_service.readers.sniff import HEAD_BYTES, sniff  # noqa: PLC0415 - after its path

    heads = [path.read_bytes()[:HEAD_BYTES] for path in SAMPLES.rglob("*") if path.is_file()]
    if not heads:
        print(f"no sample files at {SAMPLES}")
        return True
    start = time.perf_counter()
    for _ in range(REPEATS):
        for head in heads:
            sniff(head)
    each_ms = (time.perf_counter() - start) * 1000 / len(heads) / REPEATS
    print(f"telling {len(heads)} sample files apart: {each_ms:.3f} ms each")
    return each_ms < MOST_SNIFF_MS


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    count = int(arguments[0]) if arguments else 100_000
    whatstk = arguments[1] if len(arguments) > 1 else None
    return 0 if all([bench_chat(count, whatstk), bench_sniff()]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
