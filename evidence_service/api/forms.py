"""What the API takes: syntax alone. Sense is the use cases' business."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar
from uuid import UUID

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from evidence_service.domain.calendar import EARLIEST, LATEST, taken
from evidence_service.domain.cards import find
from evidence_service.domain.checklist import Level
from evidence_service.domain.choices import DateOrder, TableForm
from evidence_service.domain.errors import FieldError, InvalidInput
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.names import acts_unseen
from evidence_service.domain.order import Money
from evidence_service.domain.records import Decision
from evidence_service.domain.sending import OutcomeReason, OutcomeResult
from evidence_service.domain.words import MOST_CHARS
from evidence_service.http.spool import MAX_JSON_BYTES

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic_core import ErrorDetails


def _no_control(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain lone surrogates") from None
    return text


def _no_card(text: str) -> str:
    if find(text)[0]:
        raise PydanticCustomError("card_number", "holds a card number; leave it out")
    return text


def _all_seen(text: str) -> str:
    if acts_unseen(text):
        raise PydanticCustomError(
            "unseen_character", "holds a character that cannot be seen; type it in by hand"
        )
    return text


def _as_utc(instant: datetime) -> datetime:
    at = taken(instant)
    if at is None:
        raise ValueError(f"must lie between {EARLIEST.year} and {LATEST.year}")
    return at


_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _stated_in_full(value: object) -> object:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("must be text in RFC 3339 with an offset")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_stated_in_full), AfterValidator(_as_utc)]


def _chars(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most, strict=True)


Clean = AfterValidator(_no_control)
Short = Annotated[str, _chars(200), Clean]
Name = Annotated[str, _chars(200, 1), Clean]
# What people write freely: a card number in it would be kept, shown and sent.
Free = AfterValidator(_no_card)
Long = Annotated[str, _chars(20_000), Clean, Free]
Said = Annotated[str, _chars(2_000, 1), Clean, Free]
Caption = Annotated[str, _chars(2_000), Clean, Free]
Comment = Annotated[str, _chars(5_000), Clean, Free]
FieldName = Annotated[str, _chars(60, 1), Clean]
Cursor = Annotated[str, _chars(500, 1), Clean]
LanguageTag = Annotated[str, _chars(10, 2), Clean]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, hide_input_in_errors=True)


class MoneyForm(Form):
    amount: Annotated[str, StringConstraints(pattern=r"^\d{1,15}(\.\d{1,4})?$", strict=True)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$", strict=True)]

    def money(self) -> Money:
        try:
            return Money.parse(self.amount, self.currency)
        except ValueError as error:
            raise InvalidInput(FieldError("amount.amount", "malformed", str(error))) from error


class StoreForm(Form):
    name: Name
    platform: Name
    time_zone: Name = "UTC"
    language: Name = "zh"


OrderNumber = Annotated[str, _chars(100, 1), Clean, AfterValidator(_all_seen)]
Details = dict[FieldName, Annotated[str, _chars(500), Clean, Free]]


class OpenCaseForm(Form):
    store: Name
    reason: Name
    order_number: OrderNumber
    order_numbers: list[OrderNumber] = Field(default=[], max_length=50)
    dispute_ref: Short | None = None
    buyer_ref: Annotated[Short, Free] | None = None
    amount: MoneyForm | None = None
    opened_at: Instant
    respond_by: Instant | None = None
    claim_text: Long | None = None
    details: Details = {}
    follows: UUID | None = None
    stage: Short | None = None


class ProposalForm(Form):
    store: Name | None = None


class EditCaseForm(Form):
    assignee: UUID | None = None
    order_numbers: list[OrderNumber] = Field(default=[], min_length=1, max_length=50)
    dispute_ref: Short | None = None
    buyer_ref: Annotated[Short, Free] | None = None
    amount: MoneyForm | None = None
    respond_by: Instant | None = None
    claim_text: Long | None = None
    details: Details = {}


class AddEvidenceForm(Form):
    kind: EvidenceKind | None = None
    caption: Caption = ""
    captured_at: Instant | None = None
    source_url: (
        Annotated[
            str, StringConstraints(pattern=r"^https?://[^\s\x00-\x1f\x7f]+$", max_length=2000), Free
        ]
        | None
    ) = None


class StartUploadForm(AddEvidenceForm):
    file_name: Annotated[str, _chars(255, 1), Clean]
    size_bytes: Annotated[int, Field(ge=1, strict=True)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", strict=True)]


class EditEvidenceForm(Form):
    kind: EvidenceKind | None = None
    caption: Caption | None = None
    position: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None


class ReasonForm(Form):
    reason: Said


Pixels = Annotated[int, Field(ge=0, le=100_000, strict=True)]
Extent = Annotated[int, Field(ge=1, le=100_000, strict=True)]


class RectangleForm(Form):
    """A place, measured from the upper left as a person sees it.

    Of a picture in its pixels; of a PDF in points (1/72 inch) of `page`, which counts from 1, as
    that page is shown: cropped and turned.
    """

    page: Annotated[int, Field(ge=1, le=5000, strict=True)] = 1
    x: Pixels
    y: Pixels
    width: Extent
    height: Extent


class RedactForm(Form):
    rectangles: list[RectangleForm] = Field(min_length=1, max_length=100)
    reason: Said


class TextForm(Form):
    """Without a text the picture is read again in the language."""

    language: LanguageTag
    text: Annotated[str, _chars(MOST_CHARS), Clean, Free] | None = None


class ReadingForm(Form):
    """`columns` names the column of each field; what is left out is as the file says it."""

    form: TableForm | None = None
    columns: dict[FieldName, Annotated[str, _chars(110, 1), Clean]] = {}
    date_order: DateOrder | None = None
    time_zone: Short | None = None


class StatementForm(Form):
    language: LanguageTag
    fields: dict[FieldName, Long]


class AskedForm(Form):
    """A line of the platform's own answer; its id is the pack's where it asks for the same."""

    id: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$", strict=True)
    ]
    title: Short = ""
    level: Level = Level.REQUIRED
    kinds: list[EvidenceKind] = Field(default=[], max_length=40)


class PlatformRequirementsForm(Form):
    source: Annotated[str, _chars(2_000, 1), Clean]
    requirements: list[AskedForm] = Field(max_length=100)
    respond_by: Instant | None = None

    @field_validator("requirements")
    @classmethod
    def _each_once(cls, asked: list[AskedForm]) -> list[AskedForm]:
        if len({one.id for one in asked}) < len(asked):
            raise ValueError("each id stands once")
        return asked


class PackForm(Form):
    version: Name


class ReviewItemForm(Form):
    evidence_id: UUID | None = None
    requirement: Name | None = None
    comment: Said

    @model_validator(mode="after")
    def _of_one_thing(self) -> ReviewItemForm:
        if (self.evidence_id is None) is (self.requirement is None):
            raise ValueError("name either evidence_id or requirement")
        return self


class ReviewForm(Form):
    decision: Decision
    comment: Comment = ""
    revision: Annotated[int, Field(ge=1, strict=True)] | None = None
    items: list[ReviewItemForm] = Field(default=[], max_length=500)


class BundleForm(Form):
    delivery: Short | None = None
    again: Annotated[bool, Field(strict=True)] = False


class PlanQuery(Form):
    delivery: Short | None = None


class SubmissionForm(Form):
    bundle_id: UUID
    reference: Short | None = None
    submitted_at: Instant
    corrects: UUID | None = None
    reason: Said | None = None


class OutcomeForm(Form):
    result: OutcomeResult
    amount: MoneyForm | None = None
    reason: OutcomeReason | None = None
    note: Comment | None = None


class NoForm(Form):
    """A call that takes nothing."""


State = Literal["assembling", "in_review", "approved", "submitted", "closed", "archived", "expired"]


class PageQuery(Form):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class ListQuery(PageQuery):
    """Of a list that is at hand whole: the cursor says how much of it was given."""

    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")] | None = None


class CasesQuery(PageQuery):
    state: State | None = None
    platform: Short | None = None
    store: Short | None = None
    reason: Short | None = None
    assignee: UUID | None = None
    due_before: Instant | None = None
    q: Short | None = None
    sort: Literal["due", "-opened"] = "due"


class ArchiveQuery(PageQuery):
    q: Short | None = None
    platform: Short | None = None
    store: Short | None = None
    outcome: OutcomeResult | None = None
    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None


F = TypeVar("F", bound=Form)


def body(form: type[F]) -> F:
    """The request's JSON as this form.

    Raises:
        BadRequest: it is no JSON (400).
        InvalidInput: fields are unknown, missing or wrong (422).
    """
    request.max_content_length = MAX_JSON_BYTES
    raw = request.get_data()
    if not raw.strip():
        return _validated(form, {})
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        plain = request.get_json(force=True)
    except (BadRequest, RecursionError) as error:
        raise BadRequest from error
    if not isinstance(plain, dict):
        raise InvalidInput(FieldError("", "not_an_object", "send a JSON object"))
    return _validated(form, plain)


def query(form: type[F]) -> F:
    return _validated(form, request.args.to_dict())


def fields(form: type[F]) -> F:
    """The text fields of a multipart request; an empty one counts as left out."""
    return _validated(form, {k: v for k, v in request.form.items() if v != ""})


def given(form: Form) -> dict[str, Any]:
    """The fields the caller sent, as attributes."""
    return {name: getattr(form, name) for name in form.model_fields_set}


def _validated(form: type[F], plain: dict[str, Any]) -> F:
    try:
        return form.model_validate(plain)
    except ValidationError as error:
        raise InvalidInput(*(_field_error(e) for e in error.errors())) from error


CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "enum": "unknown",
    "literal_error": "unknown",
    "string_too_long": "too_long",
    "string_too_short": "required",
    "card_number": "card_number",
    "unseen_character": "unseen_character",
}


def _field_error(error: ErrorDetails) -> FieldError:
    field = ".".join(str(part) for part in error["loc"])
    return FieldError(field, CODES.get(error["type"], "malformed"), error["msg"])
