"""Real files with a few changes: whatever comes of them, nobody raises and nobody dawdles."""

import json
import random
import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from evidence_service.domain.digest import digest
from evidence_service.domain.reading import Reading
from evidence_service.readers import read

# What programs trip over, put where something else stood.
SPICE = st.sampled_from(
    (
        *(
            b"\0",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\\u0000",
            b"\\ud800",
            b"NaN",
            b"1e400",
            b"9" * 5000,
        ),
        *(b"null", b"[]", b"{}", b'""', b"true", b"-1", b"&#xd800;", b"&#99999999999;", b"<" * 50),
        *(
            b"[" * 2000,
            b" " * 3000,
            b"\n" * 2000,
            b"1/1/0000",
            b"99:99:99",
            b"\xe2\x80\x8f",
            b"-" * 50,
        ),
        *(b"(" * 2000, b"=?utf-8?b?////?=", b"0001-01-01T00:00:00+14:00", b"2024-02-30T00:00:00Z"),
    )
)
PLACE = st.floats(0, 1, exclude_max=True)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("flip"), PLACE, st.integers(0, 7)),
        st.tuples(st.just("insert"), PLACE, SPICE),
        st.tuples(st.just("value"), PLACE, SPICE),
        st.tuples(st.just("drop"), PLACE, st.integers(1, 400)),
        st.tuples(st.just("repeat"), PLACE, st.integers(2, 200)),
        st.tuples(st.just("cut"), PLACE, st.none()),
    ),
    min_size=1,
    max_size=8,
)
LARGEST = 400_000


def changed(data, changes):
    for change, place, what in changes:
        at = int(place * len(data))
        if change == "flip" and data:
            data = data[:at] + bytes([data[at] ^ 1 << what]) + data[at + 1 :]
        elif change == "insert":
            data = data[:at] + what + data[at:]
        elif change == "value":
            # A quoted value, where there is one.
            start = data.find(b'"', at)
            end = data.find(b'"', start + 1)
            data = data[:start] + what + data[end + 1 :] if 0 <= start < end else data
        elif change == "drop":
            data = data[:at] + data[at + what :]
        elif change == "repeat":
            data = data[:at] + data[at : at + 200] * what + data[at + 200 :]
        elif change == "cut":
            data = data[:at]
    return data


@pytest.fixture(scope="module")
def texts(samples):
    paths = [one for name in ("chat", "order", "tracking") for one in (samples / name).iterdir()]
    return sorted(one for one in paths if one.stat().st_size < LARGEST)


@pytest.fixture(scope="module")
def pictures(samples):
    paths = [one for name in ("image", "pdf") for one in (samples / name).iterdir()]
    return sorted(one for one in paths if one.stat().st_size < LARGEST)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "changed"


def survives(file, data):
    file.write_bytes(data)
    started = time.process_time()
    found = read(file)
    plain = json.dumps(found.to_plain(), ensure_ascii=False)
    plain.encode()
    assert Reading.from_plain(json.loads(plain)) == found
    digest(found)
    assert time.process_time() - started < 2


FEW = hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
MANY = hypothesis_settings(FEW, max_examples=20_000)
WHICH = st.integers(0, 10_000)


class TestChanged:
    @FEW
    @given(WHICH, CHANGES)
    def test_texts(self, texts, file, which, changes):
        survives(file, changed(texts[which % len(texts)].read_bytes(), changes))

    @FEW
    @given(WHICH, st.lists(st.tuples(st.just("flip"), PLACE, st.integers(0, 7)), max_size=1))
    def test_pictures_and_documents_with_one_bit_flipped(self, pictures, file, which, changes):
        survives(file, changed(pictures[which % len(pictures)].read_bytes(), changes))

    @pytest.mark.nightly
    @MANY
    @given(WHICH, CHANGES)
    def test_very_many(self, texts, file, which, changes):
        survives(file, changed(texts[which % len(texts)].read_bytes(), changes))

    @pytest.mark.nightly
    def test_a_thousand_bits_of_each_sample(self, texts, pictures, file):
        chance = random.Random(15)  # noqa: S311 - the same bits each night
        for path in (*texts, *pictures):
            data = path.read_bytes()
            for _ in range(1000 if data else 0):
                flip = ("flip", chance.random(), chance.randrange(8))
                survives(file, changed(data, [flip]))
