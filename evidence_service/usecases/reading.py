"""Have a file read, as the store's people chose for its like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.ports import StoreScope

if TYPE_CHECKING:
    from pathlib import Path

    from evidence_service.domain.case import Standing
    from evidence_service.domain.reading import Reading
    from evidence_service.ports import Ports


def read_for(standing: Standing, path: Path, ports: Ports) -> Reading:
    """The reading of a file that comes to the case; call it outside of a transaction.

    A table is read as was chosen in this store for one with the same header.
    """
    reading = ports.reader.read(path, standing.known_numbers)
    if reading.layout is None:
        return reading
    with ports.unit_of_work(StoreScope(frozenset({standing.store_id}))) as work:
        chosen = work.choices.get(standing.store_id, reading.layout.fingerprint)
    if chosen is None:
        return reading
    again = ports.reader.read(path, standing.known_numbers, chosen)
    return again if again.reader is not None else reading
