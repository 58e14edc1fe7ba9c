"""Deliveries drawn: pictures encoded, PDFs and archives made, as `domain/fitting.py` decides.

`make_delivery` is the door; it works in a limited child process and may be called from any thread.
Not for the bundle that people read (that is `adapters/pdf`).
"""

from evidence_service.adapters.delivery.make import make_delivery

__all__ = ["make_delivery"]
