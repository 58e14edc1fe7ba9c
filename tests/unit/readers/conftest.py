"""What the tests of readers share."""

import csv

import pytest
from PIL import ImageFile


@pytest.fixture(scope="session")
def expected(samples):
    """Of the files in a folder: the file, and what the index of the samples expects of it."""

    def rows(folder):
        with (samples / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
            listed = csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE)
            found = [(row["file"], row["expect"]) for row in listed]
        return [row for row in found if row[0].startswith(f"{folder}/")]

    return rows


@pytest.fixture(autouse=True)
def refuse_truncated_pictures(monkeypatch):
    """WeasyPrint, which other tests import, lets Pillow fill up what is cut short."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
