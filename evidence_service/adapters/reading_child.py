"""`python -m evidence_service.adapters.reading_child PATH CPU_S MEMORY_BYTES`: reads one file.

Its limits are set before a reader is imported; it writes the reading to standard output and ends.
It can write no file and start no process, and its environment holds none of the service's keys.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

_OPEN_FILES = 64


def main(path: str, cpu_s: int, memory_bytes: int) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))
    from evidence_service.readers import read  # noqa: PLC0415 - after the limits

    sys.stdout.write(json.dumps(read(Path(path)).to_plain()))
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
