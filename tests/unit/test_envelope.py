"""The envelope: wraps a case's data key, and opens it for that case alone."""

import base64
import secrets
from uuid import uuid4

import pytest

from storage.envelope import Envelope, EnvelopeError, new_key_line

CASE_KEY = secrets.token_bytes(32)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "envelope.key"


class TestEnvelope:
    def test_opens_what_it_wrapped(self, file):
        file.write_text(new_key_line())
        case_id = uuid4()
        envelope = Envelope.from_file(file)
        wrapped = envelope.wrap(case_id, CASE_KEY)

        assert CASE_KEY not in wrapped
        assert envelope.unwrap(case_id, wrapped) == CASE_KEY

    def test_never_wraps_twice_alike(self):
        envelope, case_id = Envelope([secrets.token_bytes(32)]), uuid4()

        assert envelope.wrap(case_id, CASE_KEY) != envelope.wrap(case_id, CASE_KEY)

    def test_opens_no_other_case(self):
        envelope = Envelope([secrets.token_bytes(32)])
        wrapped = envelope.wrap(uuid4(), CASE_KEY)

        with pytest.raises(EnvelopeError):
            envelope.unwrap(uuid4(), wrapped)

    @pytest.mark.parametrize("length", [0, 11, 12, 27, 59])
    def test_refuses_what_was_cut_short(self, length):
        envelope, case_id = Envelope([secrets.token_bytes(32)]), uuid4()
        wrapped = envelope.wrap(case_id, CASE_KEY)

        with pytest.raises(EnvelopeError):
            envelope.unwrap(case_id, wrapped[:length])

    def test_refuses_a_changed_bit(self):
        envelope, case_id = Envelope([secrets.token_bytes(32)]), uuid4()
        wrapped = bytearray(envelope.wrap(case_id, CASE_KEY))
        wrapped[20] ^= 1

        with pytest.raises(EnvelopeError):
            envelope.unwrap(case_id, bytes(wrapped))

    def test_a_new_first_key_wraps_and_the_old_one_still_opens(self, file):
        case_id, old = uuid4(), new_key_line()
        file.write_text(old)
        before = Envelope.from_file(file).wrap(case_id, CASE_KEY)
        new = new_key_line()
        file.write_text(new + old)
        both = Envelope.from_file(file)
        after = both.wrap(case_id, CASE_KEY)
        file.write_text(new)
        new_alone = Envelope.from_file(file)

        assert both.unwrap(case_id, before) == CASE_KEY
        assert new_alone.unwrap(case_id, after) == CASE_KEY
        with pytest.raises(EnvelopeError):
            new_alone.unwrap(case_id, before)

    def test_reads_hexadecimal_and_base64(self, file):
        case_id, key = uuid4(), secrets.token_bytes(32)
        wrapped = Envelope([key]).wrap(case_id, CASE_KEY)
        for line in (key.hex(), base64.b64encode(key).decode()):
            file.write_text(f"{line}\n\n")

            assert Envelope.from_file(file).unwrap(case_id, wrapped) == CASE_KEY

    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"not a key!\n", b"ab" * 31, b"ab" * 33, b"\xff" * 32]
    )
    def test_names_a_file_that_holds_no_key(self, file, content):
        file.write_bytes(content)

        with pytest.raises(EnvelopeError, match=r"envelope\.key"):
            Envelope.from_file(file)

    def test_names_a_file_that_is_not_there(self, file):
        with pytest.raises(EnvelopeError, match=r"envelope\.key"):
            Envelope.from_file(file)
