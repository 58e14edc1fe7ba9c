import re

import pytest

from evidence_service.catalogue import LANGUAGES, best_language, say, words


class TestCatalogue:
    @pytest.mark.parametrize("key", sorted(words()))
    def test_says_everything_in_three_languages_with_the_same_parameters(self, key):
        entry = words()[key]

        assert sorted(entry) == sorted(LANGUAGES)
        assert all(entry[language].strip() for language in LANGUAGES)
        placeholders = {frozenset(re.findall(r"{(\w+)}", entry[tongue])) for tongue in LANGUAGES}
        assert len(placeholders) == 1

    def test_fills_parameters_in(self):
        said = say("error.file_too_large.detail", "en", limit=100)

        assert said.startswith("A file sent this way holds at most 100 MB")

    def test_answers_the_key_where_it_has_no_words(self):
        assert say("no.such.key", "ru") == "no.such.key"


class TestBestLanguage:
    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
            ("fr, zh-CN;q=0.7, en;q=0.9", "en"),
            ("fr", "zh"),
            ("en;q=rubbish", "zh"),
            ("", "zh"),
            (None, "zh"),
        ],
    )
    def test_prefers_the_reader_over_the_fallback(self, header, expected):
        assert best_language(header, "zh") == expected

    def test_falls_back_to_english_for_a_language_it_does_not_know(self):
        assert best_language(None, "pt") == "en"
