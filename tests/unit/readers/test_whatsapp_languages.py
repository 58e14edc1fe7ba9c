"""WhatsApp in every language it speaks, with dates and times as Unicode's CLDR has them."""

from datetime import datetime

import pytest
from babel.dates import format_date, format_time

from evidence_service.domain.choices import DateOrder
from evidence_service.readers.chat import whatsapp
from evidence_service.readers.texts import Text

LANGUAGES = (
    *("af", "sq", "am", "ar", "az", "bn", "bg", "ca", "zh_CN", "zh_HK", "zh_TW", "hr", "cs", "da"),
    *("nl", "en_US", "en_GB", "en_CA", "en_IN", "et", "fil", "fi", "fr", "fr_CA", "ka", "de"),
    *("de_CH", "el", "gu", "he", "hi", "hu", "id", "ga", "it", "ja", "kn", "kk", "ko", "lo", "lv"),
    *("lt", "mk", "ms", "ml", "mr", "nb", "fa", "pl", "pt_BR", "pt_PT", "pa", "ro", "ru", "sr"),
    *("sk", "sl", "es", "es_MX", "es_CO", "es_US", "sw", "sv", "ta", "te", "th", "tr", "uk", "ur"),
    *("uz", "vi", "zu"),
)
# Of phones and computers: what stands around date and time, and whether seconds are told.
HEADS = (
    ("[{date}, {time}] ", "medium"),
    ("[{date} {time}] ", "medium"),
    ("{date}, {time} - ", "short"),
    ("{date} {time} - ", "short"),
)
MOMENTS = [
    datetime(2024, 5, day, hour, 5)  # noqa: DTZ001 - the clock of a phone
    for day, hour in ((1, 0), (3, 9), (13, 12), (27, 21))
]


def export(language, head, times):
    lines = (
        head.format(
            date=format_date(at, "short", locale=language),
            time=format_time(at, times, locale=language),
        )
        for at in MOMENTS
    )
    return "".join(f"{line}Ann: hello\n" for line in lines)


@pytest.mark.parametrize(("head", "times"), HEADS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_its_author_and_time(language, head, times):
    messages = read(export(language, head, times)).contents[0].messages

    assert {one.author for one in messages} == {"Ann"}
    assert [one.local_time for one in messages] == [at.isoformat() for at in MOMENTS]


def read(text, *chosen):
    return whatsapp.read(Text(text.encode()), *chosen)


def test_a_half_of_the_day_that_nobody_knows_leaves_the_time_as_written():
    (first, _) = (
        read("13/05/24, 9:45 akasuba - Ann: hello\n13/05/24, 9:46 akasuba - Bob: hi\n")
        .contents[0]
        .messages
    )

    assert (first.author, first.local_time) == ("Ann", "13/05/24, 9:45 akasuba")


class TestShortYears:
    def test_before_the_month_are_not_taken_for_days(self):
        found = read("24/05/27, 21:45 - Ann: a\n24/05/28, 21:45 - Ann: b\n")

        assert found.date_order is None
        assert "date_order_ambiguous" in found.warnings

    def test_are_read_where_a_person_says_so(self):
        text = "24/05/27, 21:45 - Ann: a\n24/05/28, 21:45 - Ann: b\n"
        found = read(text, DateOrder.YEAR_FIRST)

        assert found.contents[0].messages[0].local_time == "2024-05-27T21:45:00"
