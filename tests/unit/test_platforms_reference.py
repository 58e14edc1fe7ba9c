import re
from pathlib import Path

import pytest

from evidence_service.cli import main
from evidence_service.platforms import all_packs
from evidence_service.platforms.reference import COMMAND, reference

PAGE = Path(__file__).parents[2] / "docs/platforms.md"
ROWS = [line for line in reference(all_packs()).splitlines() if line.startswith("| ")]


def test_the_committed_page_is_made_from_the_packs():
    assert PAGE.read_text("utf-8") == reference(all_packs()), f"packs changed; run: {COMMAND}"


def test_the_command_prints_it(capsys):
    assert main(["rules", "docs"]) == 0

    assert capsys.readouterr().out == reference(all_packs())


@pytest.mark.parametrize("pack", all_packs(), ids=lambda pack: pack.id)
def test_names_every_requirement_with_a_source(pack):
    section = reference([pack]).split("\n## ")[1].partition("| clock |")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    asked = [one for reason in pack.reasons for one in reason.requirements]
    bare = [reason for reason in pack.reasons if not reason.requirements]

    assert len(lines) == len(asked) + len(bare)
    for line in lines:
        assert re.search(r"\[\d+\]\(https?://|seed:S\d{3}", line.rsplit("|", 2)[1])


@pytest.mark.parametrize("pack", all_packs(), ids=lambda pack: pack.id)
def test_names_every_clock_with_a_source(pack):
    section = reference([pack]).split("\n## ")[1].partition("| clock |")[2]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]

    assert len(lines) == len(pack.clocks)
    for line, clock in zip(lines, pack.clocks, strict=True):
        assert f"`{clock.id}`" in line
        assert re.search(r"\[\d+\]\(https?://|seed:S\d{3}", line.rsplit("|", 2)[1])


def test_rows_have_as_many_cells_as_their_table():
    assert {len(re.split(r"(?<!\\)\|", line)) for line in ROWS} == {7, 9}
