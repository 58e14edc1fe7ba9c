"""Objects that no row names: pending for a day, then swept; never more than a crash leaves."""

import hashlib
import io
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fakes import FakeStore

from evidence_service.usecases.administer.fixity import check_fixity
from evidence_service.usecases.administer.sweep_orphans import MOST, sweep_orphans
from storage import keys
from storage.store import Missing

CASE_KEY = bytes(32)


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Sweep", "ozon")


@pytest.fixture
def case_id(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return UUID(people.agent.post("/api/v1/cases", json=body).get_json()["id"])


def put(store, case_id, content):
    sha256 = hashlib.sha256(content).hexdigest()
    return store.put(
        keys.evidence(case_id, sha256),
        io.BytesIO(content),
        sha256=sha256,
        size_bytes=len(content),
        case_key=CASE_KEY,
        media_type="application/octet-stream",
    )


def sweep(ports, days):
    later = datetime.now(UTC) + timedelta(days=days)
    return sweep_orphans(ports=replace(ports, now=lambda: later), progress=lambda _: None)


def read(store, stored):
    with store.get(stored.key, version_id=stored.version_id, case_key=CASE_KEY) as chunks:
        return b"".join(chunks)


class TestSweep:
    def test_an_orphan_goes_after_a_day_and_what_a_row_names_stays(self, ports, people, case_id):
        content = os.urandom(100)
        url = f"/api/v1/cases/{case_id}/evidence"
        item = people.agent.post(url, data={"file": (io.BytesIO(content), "a.bin")}).get_json()
        orphan = put(ports.store, case_id, b"left by a kill")

        assert sweep(ports, days=0) == 0
        assert check_fixity([case_id], orphans=True, ports=ports).is_clean
        assert read(ports.store, orphan) == b"left by a kill"

        assert sweep(ports, days=2) >= 1
        with pytest.raises(Missing):
            read(ports.store, orphan)
        assert people.agent.get(f"{url}/{item['id']}/content").data == content

    def test_more_than_a_crash_leaves_are_kept(self, ports, case_id):
        """As after a restore of an older database, whose newest rows are missing."""
        with_fake = replace(ports, store=FakeStore())
        for number in range(MOST + 1):
            put(with_fake.store, case_id, str(number).encode())

        assert sweep(with_fake, days=2) == 0
        assert len(list(with_fake.store.list(keys.CASES))) == MOST + 1

    def test_objects_of_a_case_nobody_knows_are_kept(self, ports):
        with_fake = replace(ports, store=FakeStore())
        put(with_fake.store, UUID(int=7), b"whose?")

        assert sweep(with_fake, days=2) == 0
