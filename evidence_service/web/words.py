"""What a page says, in the reader's language: texts, instants, durations, sizes, money."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_currency, format_decimal, format_percent

from evidence_service.catalogue import bundle_error, say, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime, timedelta

    from evidence_service.domain.errors import FieldError
    from evidence_service.domain.order import Money
    from evidence_service.domain.sending import Bundle

LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB", "ru": "ru_RU"}
# In the mark-up Chinese names its script, or Japanese shapes appear.
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en", "ru": "ru"}
DAY_PATTERNS = {"zh": "M月d日 EEE", "en": "EEE d MMM", "ru": "EEE d MMM"}
YEAR_PATTERNS = {"zh": "y年M月d日", "en": "d MMM y", "ru": "d MMM y"}
MINUTES_A_DAY = 24 * 60
# From here on minutes say nothing any more.
DAYS_WITHOUT_MINUTES = 3
KILO = 1000


@dataclass(frozen=True, slots=True)
class Reader:
    """The person in front of the screen, as far as words go."""

    language: str

    @property
    def html_language(self) -> str:
        return HTML_LANGUAGES[self.language]

    def t(self, key: str, **params: object) -> str:
        """A word of the pages: `ui.<key>`."""
        return say(f"ui.{key}", self.language, **params)

    def say(self, key: str, **params: object) -> str:
        return say(key, self.language, **params)

    def named(self, key: str, code: str) -> str:
        """The words for a code, or the code itself, readable, where nobody wrote any."""
        whole = f"{key}.{code}"
        return self.say(whole) if whole in words() else code.replace("_", " ")

    def bundle_error(self, bundle: Bundle) -> str:
        """Why there is none, and what to change."""
        return bundle_error(bundle.error or "bundle_failed", bundle.error_params, self.language)

    def of(self, texts: Mapping[str, str]) -> str:
        """A pack's text."""
        return texts.get(self.language) or texts.get("en") or next(iter(texts.values()), "")

    def language_name(self, code: str) -> str:
        """What the reader calls a language."""
        return str(Locale.parse(LOCALES[self.language]).languages.get(code, code))

    def wrong(self, error: FieldError) -> str:
        """What is wrong with a field; a code without words shows the developer's."""
        params = dict(error.params)
        if "columns" in params:
            wanted = cast("tuple[str, ...]", params["columns"])
            names = (self.named("ui.column", name) for name in wanted)
            params["columns"] = self.t("list_comma").join(names)
        for whole in (f"field.{error.code}.{error.field}", f"field.{error.code}"):
            if whole in words():
                return self.say(whole, **params)
        return error.detail

    # --- instants ------------------------------------------------------------------------

    def when(self, at: datetime, zone: str, now: datetime | None = None) -> str:
        """`Thu 26 Nov 13:30`, with the year where it is another than `now`'s."""
        local = at.astimezone(ZoneInfo(zone))
        other_year = now is not None and now.astimezone(ZoneInfo(zone)).year != local.year
        pattern = (YEAR_PATTERNS if other_year else DAY_PATTERNS)[self.language]
        return str(format_datetime(local, f"{pattern} HH:mm", locale=LOCALES[self.language]))

    def when_there(self, at: datetime, zone: str, other: str) -> str:
        """The same instant by another zone's clock; its day only where that differs."""
        here, there = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(other))
        if here.date() != there.date():
            return self.when(at, other)
        return str(format_datetime(there, "HH:mm", locale=LOCALES[self.language]))

    def day(self, day: date) -> str:
        return str(format_date(day, YEAR_PATTERNS[self.language], locale=LOCALES[self.language]))

    def place(self, zone: str) -> str:
        if "/" not in zone:
            return zone
        return str(
            get_timezone_location(
                ZoneInfo(zone).key, locale=LOCALES[self.language], return_city=True
            )
        )

    def lasting(self, span: timedelta) -> str:
        """`1 d 23 h 20 min`: whole units, never more than three."""
        minutes = int(abs(span).total_seconds()) // 60
        days, rest = divmod(minutes, MINUTES_A_DAY)
        hours, minutes = divmod(rest, 60)
        if days >= DAYS_WITHOUT_MINUTES:
            minutes = 0
        parts = [("days", days), ("hours", hours), ("minutes", minutes)]
        said = [self.t(f"unit.{name}", n=n) for name, n in parts if n]
        return " ".join(said) or self.t("unit.minutes", n=0)

    # --- amounts -------------------------------------------------------------------------

    def size(self, count: int) -> str:
        if count < KILO:
            return self.t("unit.bytes", n=count)
        if count < KILO * KILO:
            return self.t("unit.kilobytes", n=self._decimal(count / KILO))
        return self.t("unit.megabytes", n=self._decimal(count / KILO / KILO))

    def share(self, part: float) -> str:
        return str(format_percent(part, format="#,##0 %", locale=LOCALES[self.language]))

    def _decimal(self, value: float) -> str:
        pattern = "#,##0" if value >= 10 else "0.#"  # noqa: PLR2004 - two digits tell enough
        return str(format_decimal(value, format=pattern, locale=LOCALES[self.language]))

    def money(self, amount: Money) -> str:
        return str(
            format_currency(
                Decimal(amount.text),
                amount.currency,
                format="#,##0.00\N{NO-BREAK SPACE}¤",
                locale=LOCALES[self.language],
            )
        )


def marked(text: str, wanted: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the wanted words."""
    terms = [re.escape(term) for term in wanted.split() if term]
    if not terms:
        yield text, False
        return
    for n, piece in enumerate(re.split(f"({'|'.join(terms)})", text, flags=re.IGNORECASE)):
        if piece:
            yield piece, bool(n % 2)
