"""What everybody agreed on, held by tests rather than by memory."""

import ast
import re
from pathlib import Path

import pytest

from evidence_service.catalogue import words
from evidence_service.domain import errors, events
from evidence_service.domain.access import PERMISSIONS, Permission
from evidence_service.http.problems import HTTP_CODES, STATUS
from evidence_service.platforms import all_packs

ROOT = Path(__file__).parents[1]
CODE = sorted(
    path
    for folder in ("evidence_service", "storage", "migrations")
    for path in (ROOT / folder).rglob("*.py")
)
# Nobody's stores are known here, or the work is the service's own.
SYSTEM_SCOPE_CALLERS = {
    "adapters/db/progress.py",
    "adapters/db/queries.py",
    "adapters/db/unit_of_work.py",
    "cli.py",
    "ports.py",
    "sample.py",
    "usecases/administer/add_person.py",
    "usecases/administer/add_store.py",
    "usecases/administer/authenticate.py",
    "usecases/administer/fixity.py",
    "usecases/administer/sweep_incoming.py",
    "usecases/administer/sweep_orphans.py",
    "usecases/archive/archive_case.py",
    "usecases/assemble/ingest_upload.py",
    "usecases/assemble/make_derivatives.py",
    "usecases/assemble/read_text.py",
    "usecases/assemble/receive_upload.py",
    "usecases/looking.py",
    "usecases/remind/deliver_reminder.py",
    "usecases/remind/find_due_reminders.py",
    "usecases/submit/draw_ahead.py",
    "usecases/submit/render_bundle.py",
}


def refusals(of=errors.Refusal):
    for kind in of.__subclasses__():
        yield kind
        yield from refusals(kind)


class TestTransactions:
    def test_nobody_commits(self):
        """Leaving the unit of work is the commit; migrations and engines run outside of one."""
        allowed = {ROOT / "migrations/env.py"}
        found = [p for p in CODE if ".commit(" in p.read_text() and p not in allowed]

        assert found == []

    def test_the_system_scope_is_used_by_those_listed_alone(self):
        found = {
            str(path.relative_to(ROOT / "evidence_service"))
            for path in (ROOT / "evidence_service").rglob("*.py")
            if "SystemScope" in path.read_text()
        }

        assert found <= SYSTEM_SCOPE_CALLERS


class TestRefusals:
    @pytest.mark.parametrize("kind", sorted(refusals(), key=lambda k: k.__name__))
    def test_each_has_a_status(self, kind):
        assert any(base in STATUS for base in kind.__mro__)

    def test_each_code_has_words(self):
        codes = {kind.code for kind in refusals()} | set(HTTP_CODES.values()) | {"unforeseen"}
        raised = re.compile(
            r"(?:NotFound|NotAllowed|NotSignedIn|WrongState|StaleRevision|TooLarge|Unavailable)"
            r"\(\s*\"([a-z_]+)\""
        )
        for path in CODE:
            codes |= set(raised.findall(path.read_text()))
        missing = [
            f"error.{code}.{part}"
            for code in sorted(codes)
            for part in ("title", "detail")
            if f"error.{code}.{part}" not in words()
        ]

        assert missing == []


class TestTables:
    def test_every_permission_is_in_the_table(self):
        assert set(PERMISSIONS) == set(Permission)

    def test_every_event_has_a_kind_of_its_own(self):
        assert len(events.kinds()) > 20

    def test_every_requirement_has_a_source(self):
        bare = [
            f"{pack.id}/{reason.code}/{requirement.id}"
            for pack in all_packs()
            for reason in pack.reasons
            for requirement in reason.requirements
            if not requirement.sources
        ]

        assert bare == []


class TestMigrations:
    def test_are_numbered_without_gaps(self):
        numbers = sorted(p.name[:4] for p in (ROOT / "migrations/versions").glob("*.py"))

        assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]

    def test_import_nothing_of_ours(self):
        for path in (ROOT / "migrations/versions").glob("*.py"):
            imported = {
                getattr(node, "module", None) or node.names[0].name
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Import | ast.ImportFrom)
            }
            assert not {name for name in imported if name.startswith(("evidence", "storage"))}


class TestWords:
    def test_requirements_name_no_host(self):
        for path in (ROOT / "requirements").glob("*.txt"):
            assert "://" not in path.read_text()
