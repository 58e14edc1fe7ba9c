"""What the environment says, read once at the start and never again.

Nothing here opens a file or a connection. While the engines are embedded (no `DATABASE_URL`, no
`S3_BUCKET`) their addresses are known only once they run: `supervisor.engines()` fills them in.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT = Path(__file__).absolute().parents[1]
SHARED_DATA = Path("/var/lib/evidence-service")
DRIVER = "postgresql+psycopg"
DEFAULT_REGION = "us-east-1"
MIN_SECRET_CHARS = 16


class SettingsError(Exception):
    """Variables that are missing or malformed: one line each, naming the variable."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class S3Settings:
    """The object store: three buckets and the two identities that use them.

    Empty keys mean that boto3 finds them itself (a role, a profile).
    """

    bucket: str
    incoming_bucket: str
    keys_bucket: str
    region: str = DEFAULT_REGION
    endpoint_url: str = ""
    access_key: str = ""
    secret_key: str = ""
    janitor_access_key: str = ""
    janitor_secret_key: str = ""
    public_endpoint_url: str = ""
    """Where browsers may PUT; empty: the service takes the PUT itself."""
    is_embedded: bool = False
    """No ambient AWS setting applies: no profile, token, proxy or configuration file."""


EMBEDDED_S3 = S3Settings("case-files", "case-files-incoming", "case-files-keys", is_embedded=True)


@dataclass(frozen=True, slots=True)
class SMTPSettings:
    """`url` is smtp://[user:password@]host[:port], or smtps:// for TLS from the first byte."""

    url: str
    sender: str


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class ClamdSettings:
    """A malware scanner: `socket_path`, or host and port."""

    socket_path: str = ""
    host: str = ""
    port: int = 0

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"unix:{self.socket_path}" if self.socket_path else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the service (docs/operations.md has the table).

    `database_url`, `database_owner_url`, `secret_key` and the keys in `s3` are empty for an
    embedded engine that has not been started.
    """

    data_dir: Path
    database_url: str
    database_owner_url: str
    s3: S3Settings
    secret_key: str
    envelope_key_file: Path
    """32 bytes, hex or base64, that wrap the case keys; several lines: older ones still unwrap."""
    signing_key_file: Path
    """An Ed25519 key, PEM, that seals manifests and checkpoints."""
    pdf_key_file: Path
    """A P-256 or RSA key, PEM, that signs bundles."""
    pdf_certificate_file: Path
    """Its certificate, PEM, first of its chain."""
    backup_days: int
    public_url: str
    """The address people use; empty: `http://127.0.0.1:<port>`."""
    packs_dir: Path | None = None
    """A team's own rule packs, laid over the built-in ones."""
    sla_file: Path | None = None
    """Service levels over the built-in ones (platforms/sla/builtin.yaml)."""
    tsa_url: str = ""
    """A time-stamping authority (RFC 3161) for the signatures of bundles; empty: none is asked."""
    smtp: SMTPSettings | None = None
    webhook: WebhookSettings | None = None
    clamd: ClamdSettings | None = None
    """Without one no file is scanned for malware."""

    @property
    def needs_postgres(self) -> bool:
        """The embedded PostgreSQL is wanted, and its address is not known yet."""
        return not self.database_url

    @property
    def needs_s3(self) -> bool:
        """The embedded object store is wanted, and its address is not known yet."""
        return self.s3.is_embedded and not self.s3.endpoint_url

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the variables of the contract.

        Raises:
            SettingsError: with every variable that is missing or malformed.
        """
        return _Reader(env).settings()

    def env(self) -> dict[str, str]:
        """The variables that give a child process exactly these settings."""
        named = {
            "EVIDENCE_DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "S3_BUCKET": self.s3.bucket,
            "S3_INCOMING_BUCKET": self.s3.incoming_bucket,
            "S3_KEYS_BUCKET": self.s3.keys_bucket,
            "S3_PUBLIC_ENDPOINT_URL": self.s3.public_endpoint_url,
            "S3_JANITOR_ACCESS_KEY_ID": self.s3.janitor_access_key,
            "S3_JANITOR_SECRET_ACCESS_KEY": self.s3.janitor_secret_key,
            "AWS_ENDPOINT_URL_S3": self.s3.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.s3.access_key,
            "AWS_SECRET_ACCESS_KEY": self.s3.secret_key,
            "AWS_DEFAULT_REGION": self.s3.region,
            "EVIDENCE_SECRET_KEY": self.secret_key,
            "EVIDENCE_ENVELOPE_KEY_FILE": str(self.envelope_key_file),
            "EVIDENCE_SIGNING_KEY_FILE": str(self.signing_key_file),
            "EVIDENCE_PDF_KEY_FILE": str(self.pdf_key_file),
            "EVIDENCE_PDF_CERTIFICATE_FILE": str(self.pdf_certificate_file),
            "EVIDENCE_TSA_URL": self.tsa_url,
            "EVIDENCE_BACKUP_DAYS": str(self.backup_days),
            "EVIDENCE_PUBLIC_URL": self.public_url,
            "EVIDENCE_PACKS_DIR": str(self.packs_dir or ""),
            "EVIDENCE_SLA_FILE": str(self.sla_file or ""),
            "EVIDENCE_SMTP_URL": self.smtp.url if self.smtp else "",
            "EVIDENCE_MAIL_FROM": self.smtp.sender if self.smtp else "",
            "EVIDENCE_WEBHOOK_URL": self.webhook.url if self.webhook else "",
            "EVIDENCE_WEBHOOK_SECRET": self.webhook.secret if self.webhook else "",
            "EVIDENCE_CLAMD": self.clamd.address if self.clamd else "",
            EMBEDDED_MARK: "1" if self.s3.is_embedded else "",
        }
        return {name: value for name, value in named.items() if value}

    def child_env(self, ambient: Mapping[str, str]) -> dict[str, str]:
        """The environment of a child: ours, with these settings, without the owner's rights."""
        hidden = ("AWS_", "S3_") if self.s3.is_embedded else ()
        kept = {
            name: value
            for name, value in ambient.items()
            if name != "DATABASE_OWNER_URL" and not name.startswith(hidden)
        }
        return kept | self.env()

    def with_public_url(self, url: str) -> Settings:
        return self if self.public_url else replace(self, public_url=url)


EMBEDDED_MARK = "EVIDENCE_S3_IS_EMBEDDED"
"""Set by the supervisor for its children: the endpoint is our own server."""


class _Reader:
    """One reading of one environment, collecting what is wrong with it."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._problems: list[str] = []

    def settings(self) -> Settings:
        data_dir = self._data_dir()
        database_url = self._database_url("DATABASE_URL")
        s3 = self._s3()
        # Generated secrets live with embedded engines; with one of them outside, a lost data
        # folder must not take the only key to what is kept there.
        may_generate = not self._text("DATABASE_URL") and not self._text("S3_BUCKET")
        read = Settings(
            data_dir=data_dir,
            database_url=database_url,
            database_owner_url=self._database_url("DATABASE_OWNER_URL"),
            s3=s3,
            secret_key=self._secret_key(may_generate=may_generate),
            envelope_key_file=self._key_file(
                "EVIDENCE_ENVELOPE_KEY_FILE", data_dir / "secrets/envelope.key", may_generate
            ),
            signing_key_file=self._key_file(
                "EVIDENCE_SIGNING_KEY_FILE", data_dir / "secrets/signing.pem", may_generate
            ),
            pdf_key_file=self._path("EVIDENCE_PDF_KEY_FILE") or data_dir / "secrets/pdf.pem",
            pdf_certificate_file=self._path("EVIDENCE_PDF_CERTIFICATE_FILE")
            or data_dir / "secrets/pdf-certificate.pem",
            backup_days=self._backup_days(),
            public_url=self._url("EVIDENCE_PUBLIC_URL").rstrip("/"),
            packs_dir=self._folder("EVIDENCE_PACKS_DIR"),
            sla_file=self._existing("EVIDENCE_SLA_FILE"),
            tsa_url=self._url("EVIDENCE_TSA_URL"),
            smtp=self._smtp(),
            webhook=self._webhook(),
            clamd=self._clamd(),
        )
        self._pairs()
        if self._problems:
            raise SettingsError(self._problems)
        return read

    def _text(self, name: str) -> str:
        return self._env.get(name, "").strip()

    def _say(self, name: str, problem: str) -> None:
        self._problems.append(f"{name}: {problem}")

    def _data_dir(self) -> Path:
        named = self._text("EVIDENCE_DATA_DIR")
        if "\0" in named:
            self._say("EVIDENCE_DATA_DIR", "is no path")
            return Path()
        if named:
            return Path(named).absolute()
        if os.geteuid() == 0:
            digest = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()
            return SHARED_DATA / digest[:8]
        return CHECKOUT / "var"

    def _database_url(self, name: str) -> str:
        url = self._text(name)
        if not url:
            return ""
        scheme, _, rest = url.partition("://")
        if scheme not in (DRIVER, "postgresql", "postgres") or not rest:
            self._say(name, f"must be a URL that begins with {DRIVER}://")
            return ""
        try:
            parts = urlsplit(url)
            _port = parts.port
        except ValueError:
            self._say(name, "is no URL: its host or port cannot be read")
            return ""
        if not parts.path.strip("/") and "dbname=" not in parts.query:
            self._say(name, "names no database (…/name)")
        if not parts.username:
            self._say(name, "names no role (…://role:password@…)")
        return f"{DRIVER}://{rest}"

    def _s3(self) -> S3Settings:
        if not self._text("S3_BUCKET"):
            return EMBEDDED_S3
        bucket = self._bucket("S3_BUCKET")
        # Keys with a session token end soon; boto3 reads all three itself and knows how.
        temporary = bool(self._text("AWS_SESSION_TOKEN"))
        return S3Settings(
            bucket=bucket,
            incoming_bucket=self._bucket("S3_INCOMING_BUCKET", bucket and f"{bucket}-incoming"),
            keys_bucket=self._bucket("S3_KEYS_BUCKET", bucket and f"{bucket}-keys"),
            region=self._text("AWS_REGION") or self._text("AWS_DEFAULT_REGION") or DEFAULT_REGION,
            endpoint_url=self._url("AWS_ENDPOINT_URL_S3"),
            access_key="" if temporary else self._text("AWS_ACCESS_KEY_ID"),
            secret_key="" if temporary else self._text("AWS_SECRET_ACCESS_KEY"),
            janitor_access_key=self._text("S3_JANITOR_ACCESS_KEY_ID"),
            janitor_secret_key=self._text("S3_JANITOR_SECRET_ACCESS_KEY"),
            public_endpoint_url=self._url("S3_PUBLIC_ENDPOINT_URL"),
            is_embedded=bool(self._text(EMBEDDED_MARK)),
        )

    def _bucket(self, name: str, default: str = "") -> str:
        bucket = self._text(name) or default
        if bucket and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
            self._say(name, f"{bucket!r} is no bucket name (3–63 of a–z, 0–9, dot and hyphen)")
            return ""
        return bucket

    def _url(self, name: str) -> str:
        url = self._text(name)
        if not url:
            return ""
        try:
            parts = urlsplit(url)
            sound = (
                parts.scheme in ("http", "https")
                and parts.hostname
                and parts.port != 0
                and not re.search(r"\s", url)
            )
        except ValueError:
            sound = False
        if not sound:
            self._say(name, "must be an address that begins with http:// or https://")
        return url

    def _secret_key(self, *, may_generate: bool) -> str:
        key = self._text("EVIDENCE_SECRET_KEY")
        if not key and not may_generate:
            self._say("EVIDENCE_SECRET_KEY", "is needed with an outside database or object store")
        if key and len(key) < MIN_SECRET_CHARS:
            self._say("EVIDENCE_SECRET_KEY", f"is shorter than {MIN_SECRET_CHARS} characters")
        return key

    def _key_file(self, name: str, generated: Path, may_generate: bool) -> Path:
        path = self._path(name)
        if path is None and not may_generate:
            self._say(name, "is needed with an outside database or object store")
        return path or generated

    def _path(self, name: str) -> Path | None:
        named = self._text(name)
        if "\0" in named:
            self._say(name, "is no path")
            return None
        return Path(named).absolute() if named else None

    def _folder(self, name: str) -> Path | None:
        path = self._path(name)
        if path is not None and not path.is_dir():
            self._say(name, "names no folder")
        return path

    def _existing(self, name: str) -> Path | None:
        path = self._path(name)
        if path is not None and not path.is_file():
            self._say(name, "names no file")
        return path

    def _smtp(self) -> SMTPSettings | None:
        url, sender = self._text("EVIDENCE_SMTP_URL"), self._text("EVIDENCE_MAIL_FROM")
        if not url:
            return None
        try:
            parts = urlsplit(url)
            sound = (
                parts.scheme in ("smtp", "smtps")
                and parts.hostname
                and parts.port != 0
                and parts.path in ("", "/")
                and not re.search(r"\s", url)
            )
        except ValueError:
            sound = False
        if not sound:
            self._say(
                "EVIDENCE_SMTP_URL", "must be smtp://[user:password@]host[:port], or smtps://"
            )
        if sender and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
            self._say("EVIDENCE_MAIL_FROM", "is no mail address")
        return SMTPSettings(url, sender)

    def _webhook(self) -> WebhookSettings | None:
        url, secret = self._url("EVIDENCE_WEBHOOK_URL"), self._text("EVIDENCE_WEBHOOK_SECRET")
        if secret and len(secret) < MIN_SECRET_CHARS:
            self._say("EVIDENCE_WEBHOOK_SECRET", f"is shorter than {MIN_SECRET_CHARS} characters")
        return WebhookSettings(url, secret) if url else None

    def _clamd(self) -> ClamdSettings | None:
        text = self._text("EVIDENCE_CLAMD")
        if not text:
            return None
        if text.startswith("unix:/"):
            return ClamdSettings(socket_path=text.removeprefix("unix:"))
        try:
            parts = urlsplit(f"//{text}")
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if not host or not port or parts.netloc != text or "@" in text:
            self._say("EVIDENCE_CLAMD", "must be host:port, or unix:/path")
            return None
        return ClamdSettings(host=host, port=port)

    def _backup_days(self) -> int:
        text = self._text("EVIDENCE_BACKUP_DAYS") or "35"
        if not re.fullmatch(r"[0-9]{1,5}", text):
            self._say("EVIDENCE_BACKUP_DAYS", "must be a whole number of days, 0 or more")
            return 0
        return int(text)

    def _pairs(self) -> None:
        """Variables that only make sense together."""
        for one, other in (
            ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            ("S3_JANITOR_ACCESS_KEY_ID", "S3_JANITOR_SECRET_ACCESS_KEY"),
            ("EVIDENCE_PDF_KEY_FILE", "EVIDENCE_PDF_CERTIFICATE_FILE"),
            ("EVIDENCE_SMTP_URL", "EVIDENCE_MAIL_FROM"),
            ("EVIDENCE_WEBHOOK_URL", "EVIDENCE_WEBHOOK_SECRET"),
        ):
            if one.startswith("AWS_") and not self._text("S3_BUCKET"):
                # Ambient settings of other programs: with embedded engines they are ignored.
                continue
            for named, missing in ((one, other), (other, one)):
                if self._text(named) and not self._text(missing):
                    self._say(missing, f"is needed beside {named}")
        if self._text("DATABASE_OWNER_URL") and not self._text("DATABASE_URL"):
            self._say("DATABASE_URL", "is needed beside DATABASE_OWNER_URL")
