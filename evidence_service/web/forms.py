"""What the pages' forms take: text in, values out; every wrong field is named at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from evidence_service.domain.calendar import taken
from evidence_service.domain.cards import find
from evidence_service.domain.choices import FIELDS, REQUIRED
from evidence_service.domain.errors import FieldError, InvalidInput
from evidence_service.domain.names import acts_unseen
from evidence_service.domain.order import Money
from evidence_service.domain.records import CaseDetails
from evidence_service.ports import Rectangle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from werkzeug.datastructures import MultiDict

    from evidence_service.domain.choices import TableForm
    from evidence_service.usecases.assemble.propose_case import Proposal

SHORT, SAID, LONG = 200, 2_000, 20_000
ORDER_NUMBER, DETAIL = 100, 500
LANGUAGE_TAG = 10
CURRENCY_LETTERS = 3
PLACE = ("page", "x", "y", "width", "height")
MOST_PLACES = 100
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"
# What stands in for a required value that is wrong; `check` lets none of it out.
NO_INSTANT = datetime.min.replace(tzinfo=UTC)

E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a platform's field takes, in characters or in bytes of UTF-8."""

    most: int
    is_bytes: bool = False

    def measure(self, text: str) -> int:
        return len(text.encode()) if self.is_bytes else len(text)


class Fields:
    """A submitted form, read field by field; `check` raises for all wrong ones together."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = form
        self._errors: list[FieldError] = []

    def optional(self, name: str, most: int = SHORT, *, is_free: bool = True) -> str | None:
        """The field's text, or None where it is empty.

        A long text that is free, and no list of numbers, may hold no card number.
        """
        # Browsers send every line's end as two characters and count it as one.
        text = self._form.get(name, "").replace("\r\n", "\n").strip()
        self._measure(name, len(text), most)
        if "\x00" in text:
            self._wrong(name, "malformed", "must not contain NUL")
        if is_free and most > SHORT and find(text)[0]:
            self._wrong(name, "card_number", "holds a card number; leave it out")
        return text or None

    def limited(self, name: str, limit: Limit) -> str | None:
        """A text for a platform's own field, measured as the platform does; never cut."""
        text = self.optional(name, LONG)
        if text and limit.most < LONG:
            self._measure(name, limit.measure(text), limit.most)
        return text

    def _measure(self, name: str, count: int, most: int) -> None:
        if count > most:
            detail = f"{count} of at most {most}"
            self._wrong(name, "over_limit", detail, count=count, most=most)

    def required(self, name: str, most: int = SHORT, *, is_free: bool = True) -> str:
        text = self.optional(name, most, is_free=is_free)
        if text is None:
            self._wrong(name, "required", "must be given")
        return text or ""

    def instant(self, name: str, zone: str) -> datetime | None:
        """What the clock on the wall of the store showed, as an instant."""
        text = self._form.get(name, "").strip()
        if not text:
            return None
        try:
            local = datetime.strptime(text[: len("2026-01-01T00:00")], LOCAL_FORMAT).replace(
                tzinfo=ZoneInfo(zone)
            )
        except ValueError:
            self._wrong(name, "malformed_instant", "like 2026-11-24T13:30")
            return None
        at = taken(local)
        if at is None:
            self._wrong(name, "malformed_instant", "like 2026-11-24T13:30")
        return at

    def required_instant(self, name: str, zone: str) -> datetime:
        if not self._form.get(name, "").strip():
            self._wrong(name, "required", "must be given")
        return self.instant(name, zone) or NO_INSTANT

    def money(self, name: str, currency_name: str) -> Money | None:
        text = self._form.get(name, "").strip().replace(",", ".").replace(" ", "")
        currency = self._form.get(currency_name, "").strip().upper()
        if not text:
            return None
        if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isalpha()):
            self._wrong(currency_name, "malformed_currency", "three letters, like RUB")
            return None
        try:
            return Money.parse(text, currency)
        except ValueError as error:
            self._wrong(name, "malformed_amount", str(error))
            return None

    def choice(self, name: str, among: type[E]) -> E | None:
        text = self._form.get(name, "")
        if not text:
            return None
        try:
            return among(text)
        except ValueError:
            self._wrong(name, "unknown", "is none of those offered")
            return None

    def required_choice(self, name: str, among: type[E]) -> E:
        if not self._form.get(name):
            self._wrong(name, "required", "choose one")
        return self.choice(name, among) or next(iter(among))

    def refuse(self, name: str, code: str, detail: str, **params: object) -> None:
        self._wrong(name, code, detail, **params)

    def check(self) -> None:
        if self._errors:
            raise InvalidInput(*self._errors)

    def _wrong(self, name: str, code: str, detail: str, **params: object) -> None:
        self._errors.append(FieldError(name, code, detail, params))


def about_case(
    fields: Fields, zone: str, details: Iterable[str], *, assignee: UUID | None = None
) -> CaseDetails:
    """What a form says of a case; fields named `details.<name>` are the platform's own."""
    given = fields.required("order_number", most=SAID, is_free=False)
    numbers = dict.fromkeys(given.replace(",", " ").split())
    if any(len(number) > ORDER_NUMBER for number in numbers):
        fields.refuse("order_number", "too_long", f"at most {ORDER_NUMBER} characters each")
    if any(map(acts_unseen, numbers)):
        detail = "holds a character that cannot be seen; type it in by hand"
        fields.refuse("order_number", "unseen_character", detail)
    stated = {name: fields.optional(f"details.{name}", DETAIL) for name in details}
    return CaseDetails(
        order_numbers=tuple(numbers),
        dispute_ref=fields.optional("dispute_ref"),
        buyer_ref=fields.optional("buyer_ref"),
        amount=fields.money("amount", "currency"),
        respond_by=fields.instant("respond_by", zone),
        claim_text=fields.optional("claim_text", LONG),
        details={name: value for name, value in stated.items() if value},
        assignee=assignee,
    )


def rows_of_places(form: MultiDict[str, str]) -> list[tuple[str, ...]]:
    """The rows that were filled in; one that names its page alone is not."""
    rows = zip(*(form.getlist(name) for name in PLACE), strict=False)
    return [row for row in rows if any(row[1:])]


def rectangles(fields: Fields, form: MultiDict[str, str]) -> tuple[Rectangle, ...]:
    """The places to black out, one a row of numbers; a row left empty is none."""
    found = []
    for row in rows_of_places(form):
        numbers = [int(one) if re.fullmatch("[0-9]{1,9}", one) else -1 for one in row]
        if min(numbers) < 0 or 0 in (numbers[0], *numbers[3:]):
            fields.refuse("rectangles", "malformed_place", "four whole numbers, like 10 20 300 40")
            break
        page, x, y, width, height = numbers
        found.append(Rectangle(x, y, width, height, page))
    else:
        if not found:
            fields.refuse("rectangles", "required", "mark at least one place")
    return tuple(found)


def columns_of(fields: Fields, form: TableForm | None) -> dict[str, str]:
    """Which column of a table is what; empty where the file is no table."""
    names = FIELDS[form] if form else ()
    chosen = {name: fields.optional(f"columns.{name}", is_free=False) for name in names}
    for group in REQUIRED[form] if form else ():
        if not any(chosen[name] for name in group):
            code = "no_column" if len(group) == 1 else "no_column_of"
            detail = f"one of: {', '.join(group)}"
            fields.refuse(f"columns.{group[0]}", code, detail, columns=group)
    return {name: column for name, column in chosen.items() if column}


def as_fields(proposal: Proposal, zone: str) -> dict[str, str]:
    """What a dispute's record says, as the fields of the form that opens a case."""
    amount = proposal.amount
    found = {
        "reason": proposal.reason,
        "order_number": proposal.order_number,
        "opened_at": as_local(proposal.opened_at, zone),
        "respond_by": as_local(proposal.respond_by, zone),
        "amount": amount.text if amount else None,
        "currency": amount.currency if amount else None,
        "dispute_ref": proposal.dispute_ref,
        "claim_text": proposal.claim_text,
        **{f"details.{name}": value for name, value in proposal.details.items()},
    }
    return {name: value for name, value in found.items() if value}


def as_local(at: datetime | None, zone: str) -> str:
    """An instant as a form shows it, on the store's clock."""
    return at.astimezone(ZoneInfo(zone)).strftime(LOCAL_FORMAT) if at else ""
