"""Ports from settings: the one module that knows ports and adapters both."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evidence_service.adapters.clamd import ClamdScanner
from evidence_service.adapters.db.idempotency import SQLIdempotencyKeys
from evidence_service.adapters.db.progress import SQLProgress
from evidence_service.adapters.db.queries import SQLQueries
from evidence_service.adapters.db.unit_of_work import (
    make_engine,
    make_sessions,
    sql_unit_of_work,
)
from evidence_service.adapters.delivery import make_delivery
from evidence_service.adapters.jobs import fence
from evidence_service.adapters.mailer import SMTPMailer
from evidence_service.adapters.package import SealedPackager
from evidence_service.adapters.passwords import Argon2Passwords
from evidence_service.adapters.pdf.certificate import SigningCertificate, is_self_signed
from evidence_service.adapters.pdf.render import draw_parts, render_bundle
from evidence_service.adapters.reading import ChildReader
from evidence_service.adapters.signing import SigningKey
from evidence_service.adapters.webhook import SignedWebhook
from evidence_service.platforms.schema import BadPack
from evidence_service.platforms.shelf import Shelf
from evidence_service.platforms.sla import SLA, load_sla
from evidence_service.ports import Ports, PublicKey, Sealed
from evidence_service.settings import SettingsError
from storage.envelope import Envelope, EnvelopeError
from storage.selftest import LockProof
from storage.store import S3Config, S3EvidenceStore, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from evidence_service.settings import S3Settings, Settings


def build_ports(settings: Settings) -> Ports:
    """Everything outside, made from settings that name running engines.

    Connections are made when they are first used, so this may run before a fork.
    """
    engine = make_engine(settings.database_url)
    sessions = make_sessions(engine)
    fence(sessions)
    spool = settings.data_dir / "spool"
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    reader = ChildReader()
    store = S3EvidenceStore(s3_config(settings.s3))
    signing_key = SigningKey.from_file(settings.signing_key_file)
    certificate = SigningCertificate.from_files(
        settings.pdf_key_file, settings.pdf_certificate_file, at=datetime.now(UTC)
    )

    def seal(path: Path) -> Sealed:
        # Heavy, and only a worker signs.
        from evidence_service.adapters.pdf.seal import seal as seal_pdf  # noqa: PLC0415 - see above

        return seal_pdf(path, certificate, settings.tsa_url)

    def close() -> None:
        reader.close()
        engine.dispose()

    return Ports(
        unit_of_work=sql_unit_of_work(sessions),
        queries=SQLQueries(sessions),
        progress=SQLProgress(sessions),
        idempotency=SQLIdempotencyKeys(sessions),
        store=store,
        store_errors=(StoreError, EnvelopeError),
        reader=reader,
        pictures=reader,
        envelope=Envelope.from_file(settings.envelope_key_file),
        renderer=render_bundle,
        draw_parts=draw_parts,
        delivery_maker=make_delivery,
        seal=seal,
        packager=SealedPackager(signing_key),
        passwords=Argon2Passwords(),
        signing_keys=(
            PublicKey("packages", signing_key.fingerprint, "Ed25519", signing_key.public_base64),
            PublicKey(
                "bundles",
                certificate.fingerprint,
                certificate.algorithm,
                certificate.pem,
                is_self_signed(certificate.certificate),
                certificate.certificate.not_valid_before_utc,
                certificate.certificate.not_valid_after_utc,
            ),
        ),
        shelf=Shelf.load(settings.packs_dir),
        spool=spool,
        now=lambda: datetime.now(UTC),
        lock_proven=LockProof(settings.data_dir, settings.s3.bucket).is_proven,
        sla=_service_levels(settings),
        mailer=SMTPMailer(settings.smtp) if settings.smtp else None,
        webhook=SignedWebhook(settings.webhook) if settings.webhook else None,
        public_url=settings.public_url,
        scanner=ClamdScanner(settings.clamd) if settings.clamd else None,
        upload_origin=_origin(settings.s3.public_endpoint_url),
        close=close,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else ""


def _service_levels(settings: Settings) -> SLA:
    try:
        return load_sla(settings.sla_file)
    except BadPack as bad:
        lines = str(bad).splitlines()
        raise SettingsError([f"EVIDENCE_SLA_FILE: {line}" for line in lines]) from bad


def s3_config(settings: S3Settings) -> S3Config:
    """The store's own terms for the settings: what is empty is not named."""
    return S3Config(
        bucket=settings.bucket,
        incoming_bucket=settings.incoming_bucket,
        keys_bucket=settings.keys_bucket,
        endpoint_url=settings.endpoint_url or None,
        region=settings.region,
        access_key=settings.access_key or None,
        secret_key=settings.secret_key or None,
        janitor_access_key=settings.janitor_access_key or None,
        janitor_secret_key=settings.janitor_secret_key or None,
        public_endpoint_url=settings.public_endpoint_url or None,
        is_embedded=settings.is_embedded,
    )
