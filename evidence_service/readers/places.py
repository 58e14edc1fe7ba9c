"""Addresses and places from their parts, as the source writes them."""

from __future__ import annotations

from typing import Any

from evidence_service.domain.order import Address
from evidence_service.readers.values import joined, text


def address_of(**parts: str) -> Address | None:
    """The address, or None where the source says nothing of it."""
    return Address(**parts) if any(parts.values()) else None


def place(value: Any, *names: str) -> str:
    """What there is of the named parts; mere words are the place themselves."""
    if isinstance(value, str):
        return value.strip()
    return joined(*(text(value, name) for name in names))
