"""Where everything of a case lies in the bucket (README.md says why). Ids and hashes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

CASES = "cases/"
INCOMING = "incoming/"
SELFTEST = "selftest/"


def evidence(case_id: UUID, sha256: str) -> str:
    return f"{CASES}{case_id}/evidence/{sha256}"


def derivative(case_id: UUID, sha256: str) -> str:
    return f"{CASES}{case_id}/derivatives/{sha256}"


def bundle(case_id: UUID, sha256: str) -> str:
    return f"{CASES}{case_id}/bundles/{sha256}"


def parts(case_id: UUID) -> str:
    return f"{CASES}{case_id}/parts/"


def part(case_id: UUID, name: str) -> str:
    """Of a bundle, drawn; `name` is the hash of what it was drawn from."""
    return f"{parts(case_id)}{name}"


def is_part(key: str) -> bool:
    """Whether it is kept for speed alone."""
    return "/parts/" in key


def receipt(case_id: UUID, sha256: str) -> str:
    return f"{CASES}{case_id}/receipts/{sha256}"


def package(case_id: UUID, sha256: str) -> str:
    return f"{CASES}{case_id}/packages/{sha256}"


def incoming(upload_id: UUID) -> str:
    """In the incoming bucket: one upload on its way."""
    return f"{INCOMING}{upload_id}"


def case_key(case_id: UUID) -> str:
    """In the keys bucket: the case's wrapped data key."""
    return f"keys/{case_id}"
