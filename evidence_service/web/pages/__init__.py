"""The pages of the three roles. Each view is: parse, call the use case, render or go on."""

from evidence_service.web.pages import (
    admin,
    case,
    closing,
    evidence,
    lists,
    opening,
    review,
    signing_in,
    submit,
)
from evidence_service.web.pages.base import TEMPLATES, blueprint

__all__ = [
    "TEMPLATES",
    "admin",
    "blueprint",
    "case",
    "closing",
    "evidence",
    "lists",
    "opening",
    "review",
    "signing_in",
    "submit",
]
