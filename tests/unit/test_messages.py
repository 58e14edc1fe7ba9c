"""The messages of a chat: packed, and as a sequence like any other."""

import pytest

from evidence_service.domain.transcript import AT_ONCE, Message, MessageRole, Messages, Transcript

SAID = [Message("Ann", MessageRole.BUYER, None, "", f"Где 😀 {n}") for n in range(2 * AT_ONCE + 1)]


class TestMessages:
    @pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, len(SAID)])
    def test_are_as_many_as_were_said(self, count):
        assert len(Messages.of(SAID[:count])) == count
        assert list(Messages.of(iter(SAID[:count]))) == SAID[:count]

    @pytest.mark.parametrize("at", [0, AT_ONCE - 1, AT_ONCE, -1, -len(SAID), slice(499, 502)])
    def test_stand_where_they_stood(self, at):
        found = Messages.of(SAID)[at]

        assert (list(found) if isinstance(at, slice) else found) == SAID[at]

    @pytest.mark.parametrize("at", [len(SAID), -len(SAID) - 1])
    def test_beyond_the_last_there_is_none(self, at):
        with pytest.raises(IndexError):
            Messages.of(SAID)[at]

    def test_take_less_than_their_words_in_memory(self):
        words = sum(len(one.text.encode()) for one in SAID)

        assert sum(map(len, Messages.of(SAID).parts)) < words

    def test_are_the_same_however_they_were_packed(self):
        chat = Transcript("ozon", SAID)
        spaced = Messages.of_texts(text.replace(", ", " , ") for text in chat.messages.texts())

        assert spaced.parts != chat.messages.parts
        assert Transcript("ozon", spaced) == chat
        assert Transcript("ozon", SAID[1:]) != chat
