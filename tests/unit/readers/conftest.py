"""Readers as their child has them: alone in a process."""

import pytest
from PIL import ImageFile


@pytest.fixture(autouse=True)
def refuse_truncated_pictures(monkeypatch):
    """WeasyPrint, which other tests import, lets Pillow fill up what is cut short."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
