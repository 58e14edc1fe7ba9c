"""What use cases need from outside, as Protocols. `bootstrap.py` alone knows who provides them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Generic, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from evidence_service.domain.access import Role
    from evidence_service.domain.bundle import BundleContent
    from evidence_service.domain.case import Case, Standing
    from evidence_service.domain.chain import Link
    from evidence_service.domain.checklist import Report
    from evidence_service.domain.choices import Choices
    from evidence_service.domain.delivery import DeliveryOrder, Omission
    from evidence_service.domain.events import Event
    from evidence_service.domain.evidence import Shape
    from evidence_service.domain.reading import Reading
    from evidence_service.domain.sending import TimeStamp
    from evidence_service.domain.upload import Upload
    from evidence_service.domain.words import ItemText
    from evidence_service.platforms import Pack
    from evidence_service.platforms.shelf import Shelf
    from evidence_service.platforms.sla import SLA


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoreScope:
    stores: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class SystemScope:
    """Stated aloud where it is used; a test lists its callers."""


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A seller's account on one platform."""

    id: UUID
    name: str
    platform: str
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: UUID
    email: str
    password_hash: str
    language: str
    roles: frozenset[Role]
    stores: frozenset[UUID]
    all_stores: bool
    failed_sign_ins: int
    locked_until: datetime | None


class Cases(Protocol):
    def add(self, case: Case) -> None: ...

    def get(self, case_id: UUID) -> Case:
        """The case, in the scope of the transaction.

        Raises:
            NotFound: there is none, or it stands behind another store's wall.
        """

    def get_for_update(self, case_id: UUID) -> Case:
        """The same, with its row locked until the transaction ends."""

    def get_for_evidence(self, case_id: UUID) -> Case:
        """The same for who adds an item: what the case owns is loaded when it is first looked at.

        That is possible until the transaction ends, so the case is not for handing on.
        """

    def standing(self, case_id: UUID, sha256: str = "") -> Standing:
        """What an upload asks of the case, without loading it.

        `sha256` is of bytes that may be an item already.
        """


class NormalForms(Protocol):
    def put(self, case: Case, evidence_id: UUID, reading: Reading) -> None: ...
    def get(self, evidence_id: UUID) -> Reading | None: ...
    def of_case(self, case_id: UUID) -> Mapping[UUID, Reading]: ...


class Texts(Protocol):
    """The words of pictures and documents; what is put is found by the archive's search."""

    def put(self, case: Case, evidence_id: UUID, text: ItemText) -> None: ...
    def get(self, evidence_id: UUID) -> ItemText | None: ...
    def languages(self, case_id: UUID) -> Mapping[UUID, str]: ...
    def remove(self, evidence_id: UUID) -> None: ...


class RememberedChoices(Protocol):
    """What a store's people chose for tables, by the fingerprint of their header."""

    def put(
        self, store_id: UUID, fingerprint: str, choices: Choices, by: UUID, at: datetime
    ) -> None: ...
    def get(self, store_id: UUID, fingerprint: str) -> Choices | None: ...


class People(Protocol):
    def add(self, person: PersonRow, at: datetime) -> None: ...
    def by_email(self, email: str) -> PersonRow | None: ...
    def get(self, person_id: UUID) -> PersonRow: ...
    def by_token(self, token_sha256: bytes, now: datetime) -> PersonRow | None: ...
    def add_token(
        self, token_id: UUID, person_id: UUID, name: str, token_sha256: bytes, at: datetime
    ) -> None: ...
    def by_session(self, token_sha256: bytes, now: datetime) -> PersonRow | None: ...
    def add_session(self, person_id: UUID, token_sha256: bytes, at: datetime) -> None: ...
    def end_session(self, token_sha256: bytes) -> None: ...
    def sign_in_failed(self, person_id: UUID, locked_until: datetime | None) -> None: ...
    def sign_in_succeeded(self, person_id: UUID) -> None: ...
    def emails(self, ids: Sequence[UUID]) -> Mapping[UUID, str]: ...
    def of_store(self, store_id: UUID) -> Sequence[PersonRow]:
        """Who works for the store, those who see all stores included."""


class Stores(Protocol):
    def add(self, store: StoreRow, at: datetime) -> None: ...
    def all(self) -> Sequence[StoreRow]: ...
    def get(self, store_id: UUID) -> StoreRow: ...
    def by_name(self, name: str) -> StoreRow | None: ...


class Jobs(Protocol):
    def enqueue(  # noqa: PLR0913 - a job, and when it may begin
        self,
        name: str,
        *,
        job_id: UUID,
        args: Mapping[str, str | int],
        store_id: UUID | None = None,
        priority: int = 0,
        delay_s: float = 0,
    ) -> None:
        """Queue a job in the business transaction: it is there if and only if that commits.

        A job of a lower priority waits until none of a higher one does; none begins before its
        delay is over.
        """


class Work(Protocol):
    """One transaction: what it loads, it saves; the domain's events become chained rows."""

    @property
    def cases(self) -> Cases: ...
    @property
    def normal_forms(self) -> NormalForms: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def choices(self) -> RememberedChoices: ...
    @property
    def people(self) -> People: ...
    @property
    def stores(self) -> Stores: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def packages(self) -> Packages: ...
    @property
    def packs(self) -> Packs: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def reminders(self) -> Reminders: ...
    @property
    def uploads(self) -> Uploads: ...

    def record(self, event: Event, store_id: UUID | None = None) -> None:
        """Chain an event that no loaded case left: of access, with its store, or the system's.

        The same access again within ten minutes is not chained twice.
        """


class UnitOfWork(Protocol):
    """Leaving the block commits, raising rolls back. There is no commit to call."""

    def __call__(self, scope: StoreScope | SystemScope) -> AbstractContextManager[Work]: ...


@dataclass(frozen=True, slots=True)
class PackageRow:
    sha256: str
    size_bytes: int
    version_id: str


class Packages(Protocol):
    def get(self, case_id: UUID) -> PackageRow | None: ...
    def add(self, case: Case, row: PackageRow, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file on its way in: where it stands, and what was counted while it was written."""

    path: Path
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as lists show it. `completeness` is 0–1, `missing_count` required items missing."""

    id: UUID
    store_id: UUID
    platform: str
    reason: str
    state: str
    revision: int
    version: int
    order_numbers: tuple[str, ...]
    dispute_ref: str | None
    buyer_ref: str | None
    amount_minor: int | None
    currency: str | None
    opened_at: datetime
    respond_by: datetime | None
    assignee: UUID | None
    completeness: float
    missing_count: int
    item_count: int
    result: str | None
    archived_at: datetime | None
    created_at: datetime
    next_due_at: datetime
    attention: str | None = None
    """The gravest reminder that is due, where a use case has looked."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a search word stands in an archived case."""

    case_id: UUID
    evidence_id: UUID
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed to; None leaves a field open."""

    states: tuple[str, ...] | None = None
    expired: bool | None = None
    platform: str | None = None
    store: str | None = None
    reason: str | None = None
    assignee: UUID | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    outcome: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    words: str | None = None
    sort: Literal["due", "-opened"] = "due"


class Queries(Protocol):
    """The read side: lists, searches and chains, as frozen rows."""

    def cases(
        self,
        scope: StoreScope,
        wanted: CaseFilter,
        *,
        now: datetime,
        limit: int,
        cursor: str | None,
    ) -> Page[CaseRow]: ...

    def hits(self, scope: StoreScope, words: str, case_ids: Sequence[UUID]) -> Sequence[Hit]: ...

    def chain(self, chain: str, after: int = 0, limit: int | None = None) -> Sequence[Link]: ...

    def chains(self) -> Sequence[str]: ...

    def case_ids(self) -> Sequence[UUID]: ...

    def ping(self) -> None: ...


class Progress(Protocol):
    """How far a job is; kept outside its transactions so that it shows while it runs."""

    def of_bundle(self, bundle_id: UUID, fraction: float) -> None: ...
    def of_archive(self, case_id: UUID, fraction: float) -> None: ...


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What an idempotency key was used for; without `status` the first request still runs."""

    fingerprint: bytes
    status: int | None
    body: bytes
    headers: Mapping[str, str]


class IdempotencyKeys(Protocol):
    def claim(
        self, person: UUID, path: str, key: str, fingerprint: bytes, now: datetime
    ) -> FirstAnswer | None:
        """Take the key, or answer what it was first used for."""

    def settle(  # noqa: PLR0913 - the answer as it went out
        self,
        person: UUID,
        path: str,
        key: str,
        status: int,
        body: bytes,
        headers: Mapping[str, str],
    ) -> None: ...

    def release(self, person: UUID, path: str, key: str) -> None: ...


class Packs(Protocol):
    """Rule packs as they were when cases were opened."""

    def keep(self, pack: Pack, at: datetime) -> str:
        """Keep the pack for good, and answer the version it is kept under.

        That is its own, unless another content is kept under it already.
        """

    def get(self, pack_id: str, version: str) -> Pack | None: ...


class Reports(Protocol):
    def put(self, case: Case, report: Report, at: datetime) -> None:
        """Keep the checklist as it was judged, with the case's revision."""


class StoredObject(Protocol):
    @property
    def version_id(self) -> str: ...


class ListedObject(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def version_id(self) -> str: ...
    @property
    def modified_at(self) -> datetime: ...


class PresignedUpload(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


class IncomingObject(Protocol):
    """`sha256` is the server's own checksum; empty in a list."""

    @property
    def upload_id(self) -> UUID: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def modified_at(self) -> datetime: ...


class EvidenceStore(Protocol):
    """The case file on S3 (storage/store.py). No call of it belongs inside a transaction."""

    def put(  # noqa: PLR0913 - all that a verified, encrypted, write-once object needs
        self,
        key: str,
        source: BinaryIO,
        *,
        sha256: str,
        size_bytes: int,
        case_key: bytes,
        media_type: str,
    ) -> StoredObject: ...

    def get(
        self,
        key: str,
        *,
        version_id: str,
        case_key: bytes,
        start: int = 0,
        length: int | None = None,
    ) -> AbstractContextManager[Iterator[bytes]]: ...

    def lock(
        self,
        key: str,
        *,
        version_id: str,
        until: datetime,
        mode: Literal["COMPLIANCE", "GOVERNANCE"],
    ) -> None: ...

    def locked_until(self, key: str, *, version_id: str) -> datetime | None: ...
    def delete_version(self, key: str, *, version_id: str) -> None: ...
    def list(self, prefix: str) -> Iterator[ListedObject]: ...
    def put_case_key(self, case_id: UUID, wrapped: bytes) -> None: ...

    def presign_upload(
        self, upload_id: UUID, *, sha256: str, size_bytes: int, expires_s: int
    ) -> PresignedUpload: ...

    def receive(self, upload_id: UUID, source: BinaryIO, *, sha256: str, size_bytes: int) -> bool:
        """Pass a body on to the incoming bucket; False where its bytes are others."""

    def find_incoming(self, upload_id: UUID) -> IncomingObject | None: ...
    def list_incoming(self) -> Iterator[IncomingObject]: ...
    def open_incoming(self, upload_id: UUID) -> AbstractContextManager[Iterator[bytes]]: ...
    def delete_incoming(self, upload_id: UUID) -> None: ...
    def ping(self) -> None: ...


class Reader(Protocol):
    def media_type(self, path: Path) -> str:
        """What the bytes say they are; nothing but their beginning is looked at."""

    def read(
        self, path: Path, known: Collection[str] = (), choices: Choices | None = None
    ) -> Reading:
        """What the bytes are, found out under limits; never raises for what they contain.

        Card numbers are masked before anything is read, but for the numbers in `known`. `choices`
        are taken where they fit the bytes.
        """


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read in pixels: the words, and once more their lines, read for numbers alone.

    A document's letters are among its words. `is_whole` is False where some pages were too many.
    `text_height_px` is how high most lines of a picture are, `contrast` that of its words, 1 to 21.
    """

    text: str
    numbers: str
    is_whole: bool = True
    text_height_px: int | None = None
    contrast: float | None = None


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on a page (from 1), measured from the upper left as a person sees it.

    Of a picture, which is its one page, in pixels; of a document's page in points (1/72 inch).
    """

    x: int
    y: int
    width: int
    height: int
    page: int = 1


class Pictures(Protocol):
    """What is made of untrusted pictures and documents, under limits; None where that failed."""

    def shaped(self, path: Path, shape: Shape) -> bytes | None:
        """A derivative, made from pixels or visible pages alone."""

    def page(self, path: Path, number: int) -> bytes | None:
        """A document's page (from 1) for the screen; None where there is no such page, too."""

    def sizes(self, path: Path) -> Sequence[tuple[int, int]] | None:
        """Width and height of each page, in the units in which rectangles are measured."""

    def redacted(self, path: Path, rectangles: Sequence[Rectangle]) -> bytes | None:
        """Black where the rectangles are: a PNG of a picture, a PDF of a document.

        Of the pages concerned nothing is left but pixels.
        """

    def words(self, path: Path, languages: Sequence[str]) -> Seen | None:
        """What stands in a picture or on pages, in the languages named by two letters."""


class Envelope(Protocol):
    """Wraps the cases' data keys."""

    def wrap(self, case_id: UUID, key: bytes) -> bytes: ...
    def unwrap(self, case_id: UUID, wrapped: bytes) -> bytes: ...


class Rendered(Protocol):
    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def pages(self) -> int: ...
    @property
    def missing_glyphs(self) -> Sequence[str]:
        """Characters that no installed font could draw; each shows as a box."""

    @property
    def kept(self) -> Sequence[str]:
        """Ids of evidence that is only named: it cannot be shown as pages."""


class Parts(Protocol):
    """Drawn parts of a case's bundles, kept by names that say what they were drawn from."""

    def fetch(self, names: Sequence[str], folder: Path) -> None:
        """Put those that are kept into the folder, each under its name."""

    def keep(self, paths: Iterable[Path]) -> None:
        """Keep these, each under its file's name."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed PDF; `signed_by` is the certificate's fingerprint."""

    sha256: str
    size_bytes: int
    signed_by: str
    time_stamp: TimeStamp


class Seal(Protocol):
    def __call__(self, path: Path) -> Sealed:
        """Sign the PDF in place, as the last thing that is done to it.

        Raises:
            BundleFailed: it cannot be signed.
        """


class BundleRenderer(Protocol):
    def __call__(
        self,
        content: BundleContent,
        files: Mapping[UUID, Path],
        out: Path,
        *,
        progress: Callable[[float], None],
        parts: Parts | None = None,
    ) -> Rendered:
        """Draw the bundle in a child process.

        Raises:
            BundleFailed: it cannot be made; nothing stands under `out`.
        """


class PartsDrawer(Protocol):
    def __call__(
        self,
        content: BundleContent,
        files: Mapping[UUID, Path],
        folder: Path,
        *,
        progress: Callable[[float], None],
        parts: Parts,
    ) -> None:
        """Draw ahead what the bundle will be put together from; raises as its rendering does."""


class MadeDelivery(Protocol):
    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def pages(self) -> int: ...
    @property
    def media_type(self) -> str: ...
    @property
    def omissions(self) -> Sequence[Omission]: ...


class DeliveryMaker(Protocol):
    def __call__(
        self,
        order: DeliveryOrder,
        files: Mapping[UUID, Path],
        out: Path,
        *,
        progress: Callable[[float], None],
    ) -> MadeDelivery:
        """Make what a platform's form takes, in a child process.

        Raises:
            BundleFailed: it cannot be made, or not be made to fit; nothing stands under `out`.
        """


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a package: its path below `data/`, and its bytes, read when it is written.

    `sha256` is what they must hash to, where that is known from elsewhere.
    """

    path: str
    read: Callable[[], AbstractContextManager[Iterable[bytes]]]
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PackageContents:
    """`name` is the folder all stands in, `info` the lines of its bag-info.txt."""

    name: str
    info: Mapping[str, str]
    files: Sequence[PackageFile]


class Packager(Protocol):
    def write(self, path: Path, contents: PackageContents) -> Packaged:
        """Write a sealed package; equal contents and key give equal bytes.

        Raises:
            PackageError: a file's bytes are not those that were announced.
        """


class Packaged(Protocol):
    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


class Channel(StrEnum):
    MAIL = "mail"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder on its way to one receiver; `id` follows from the rest, so it is there once.

    `person_id` is None on the webhook. `started_at` is when its bytes began to leave.
    """

    id: UUID
    store_id: UUID
    case_id: UUID
    kind: str
    due_at: datetime
    about: datetime
    channel: Channel
    person_id: UUID | None
    started_at: datetime | None = None
    sent_at: datetime | None = None


class Reminders(Protocol):
    def claim(self, row: ReminderRow, at: datetime) -> bool:
        """Keep the row, and answer whether it was not there before."""

    def get(self, reminder_id: UUID) -> ReminderRow: ...
    def started(self, reminder_id: UUID, at: datetime | None) -> None:
        """Its bytes begin to leave; None takes that back after a failure."""

    def sent(self, reminder_id: UUID, at: datetime) -> None: ...
    def failed(self, reminder_id: UUID, at: datetime) -> None:
        """No further try follows."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of templates/mail/<message>, which see `values`; `id` is the same for every try."""

    id: UUID
    message: str
    to: str
    language: str
    values: Mapping[str, str]


class Mailer(Protocol):
    def send(self, mail: Mail, *, leaving: Callable[[], None]) -> None:
        """Send it; `leaving` is called before its text leaves.

        Raises:
            Unavailable: the server did not take it.
        """


class Webhook(Protocol):
    def post(
        self, content: Mapping[str, str], *, post_id: UUID, leaving: Callable[[], None]
    ) -> None:
        """Post the content as signed JSON; `leaving` is called before it leaves.

        Raises:
            Unavailable: the receiver did not answer 2xx.
        """


class Uploads(Protocol):
    """Direct uploads; what is got is saved when the transaction ends."""

    def add(self, upload: Upload) -> None: ...
    def get(self, upload_id: UUID) -> Upload: ...
    def waiting(self, case_id: UUID, sha256: str, now: datetime) -> Upload | None:
        """One of the same bytes that nobody has completed yet."""

    def by_token(self, upload_id: UUID, token_sha256: bytes) -> Upload | None:
        """The upload whose PUT this token opens, with its row locked."""

    def complete(self, upload: Upload, evidence_id: UUID) -> None: ...
    def wanted(self, now: datetime) -> Collection[UUID]:
        """Those whose bytes in the incoming bucket somebody waits for."""

    def forget(self, now: datetime) -> None:
        """Remove what is a day old and waits for nothing."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The name of what was found, if anything; `is_whole` is False where the file is too large."""

    found: str | None = None
    is_whole: bool = True


class Scanner(Protocol):
    def scan(self, path: Path) -> Scan:
        """Look for malware.

        Raises:
            Unavailable: the scanner does not answer, so nothing is known.
        """


class Passwords(Protocol):
    def hash(self, password: str) -> str: ...
    def verify(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password; without a hash the same work is done, and the answer no."""


@dataclass(frozen=True)
class Ports:
    """Everything outside, handed to use cases as one."""

    unit_of_work: UnitOfWork
    queries: Queries
    progress: Progress
    idempotency: IdempotencyKeys
    store: EvidenceStore
    store_errors: tuple[type[Exception], ...]
    reader: Reader
    pictures: Pictures
    envelope: Envelope
    renderer: BundleRenderer
    draw_parts: PartsDrawer
    delivery_maker: DeliveryMaker
    seal: Seal
    packager: Packager
    passwords: Passwords
    signing_keys: Sequence[PublicKey]
    shelf: Shelf
    spool: Path
    now: Callable[[], datetime]
    lock_proven: Callable[[], bool]
    sla: SLA
    mailer: Mailer | None
    """None: no mail is sent, nor posts where there is no webhook."""
    webhook: Webhook | None
    public_url: str
    scanner: Scanner | None
    """None: no file is scanned for malware."""
    upload_origin: str
    """Where browsers reach the object store for direct uploads; empty: the service takes them."""
    close: Callable[[], None]
    """Give the connections back; for those who hand ports on for one piece of work."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key whose signatures the service leaves.

    `signs` is packages or bundles; `public_key` is of 32 bytes in base64 for the former, and for
    the latter the certificate in PEM. Without `valid_to` it has no end.
    """

    signs: Literal["packages", "bundles"]
    fingerprint: str
    algorithm: str
    public_key: str
    is_self_signed: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None
