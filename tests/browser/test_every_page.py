"""Every page, in every language and theme, narrow and wide: no error, no key, nothing sideways."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from drawing import screenshot

from evidence_service import sample
from evidence_service.catalogue import LANGUAGES
from evidence_service.domain.access import Role
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.ids import new_id
from evidence_service.domain.order import Money
from evidence_service.domain.records import CaseDetails, Decision
from evidence_service.domain.sending import OutcomeResult
from evidence_service.ports import Spooled
from evidence_service.usecases.archive.request_archive import RequestArchive, request_archive
from evidence_service.usecases.assemble.add_evidence import AddEvidence, add_evidence
from evidence_service.usecases.assemble.hand_in import HandIn, hand_in
from evidence_service.usecases.assemble.open_case import OpenCase, open_case
from evidence_service.usecases.assemble.write_statement import WriteStatement, write_statement
from evidence_service.usecases.review.review_case import ReviewCase, review_case
from evidence_service.usecases.submit.record_outcome import RecordOutcome, record_outcome
from evidence_service.usecases.submit.record_submission import RecordSubmission, record_submission
from evidence_service.usecases.submit.request_bundle import RequestBundle, request_bundle

WIDTHS = (390, 1280)
OPENED = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)
PARTS = ("", "/timeline", "/statement", "/hand-in", "/review", "/bundle", "/history")
LISTS = ("/", "/archive", "/archive?q=Забрала", "/no-such-page")
# A key that nobody translated, a parameter that nobody filled in, a code as programs write it.
UNSAID = re.compile(r"\b(?:ui|field|error|finding|kind)\.[a-z_]+|\{\w+\}|\b[a-z]+_[a-z_]+\b")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def cases(ports, team, do_jobs):
    """Three cases: a bare one, one in review, an archived one."""
    agent, reviewer = team.actors[Role.AGENT], team.actors[Role.REVIEWER]

    def opened(number):
        about = CaseDetails(
            order_numbers=(number,),
            dispute_ref="OZ-1",
            buyer_ref="Марина К.",
            amount=Money(129_000, "RUB"),
            respond_by=ports.now() + timedelta(hours=5),
            claim_text="Заказ так и не пришёл. Верните деньги.",
            details={},
        )
        command = OpenCase(team.store, "malicious_claim", OPENED, about)
        return open_case(command, actor=agent, ports=ports).id

    def add(case_id, name, content, kind=None):
        path = ports.spool / f"upload-{new_id()}"
        path.write_bytes(content)
        file = Spooled(path, hashlib.sha256(content).hexdigest(), len(content))
        add_evidence(AddEvidence(case_id, file, name, kind, "证明已签收"), actor=agent, ports=ports)
        path.unlink()

    def handed_in(number):
        case_id = opened(number)
        add(case_id, "order.png", screenshot(number), EvidenceKind.ORDER_SCREENSHOT)
        add(case_id, "tracking.json", sample._tracking(OPENED))
        add(case_id, "chat.json", sample._chat(OPENED))
        add(case_id, "unknown.bin", b"\x00\x01 nobody knows this")
        write_statement(
            WriteStatement(case_id, "ru", {"answer": "Выдан по коду."}), actor=agent, ports=ports
        )
        hand_in(HandIn(case_id), actor=agent, ports=ports)
        return case_id

    def archived(number):
        case_id = handed_in(number)
        review_case(ReviewCase(case_id, Decision.APPROVE, ""), actor=reviewer, ports=ports)
        bundle, _ = request_bundle(RequestBundle(case_id), actor=agent, ports=ports)
        do_jobs()
        sent = RecordSubmission(case_id, bundle.id, ports.now(), "88213047")
        record_submission(sent, actor=agent, ports=ports)
        record_outcome(RecordOutcome(case_id, OutcomeResult.WON), actor=agent, ports=ports)
        request_archive(RequestArchive(case_id), actor=reviewer, ports=ports)
        do_jobs()
        return case_id

    return {
        "bare": f"/cases/{opened('39487512-0001-1')}",
        "in_review": f"/cases/{handed_in('39487512-0002-1')}",
        "archived": f"/cases/{archived('39487512-0003-1')}",
    }


# Colours depend on no language: by day the dark ones are looked at in the first.
LOOKS = [
    pytest.param(language, theme, marks=pytest.mark.nightly if at and theme == "dark" else [])
    for at, language in enumerate(LANGUAGES)
    for theme in ("light", "dark")
]


@pytest.mark.parametrize(("language", "theme"), LOOKS)
class TestEveryPage:
    @pytest.mark.parametrize(
        ("role", "case", "more"),
        [
            (Role.AGENT, "bare", ("/outcome", "/details", "/submission")),
            (Role.REVIEWER, "in_review", ("/archive",)),
            (Role.AUDITOR, "archived", ("/submission", "/outcome", "/history?check=1")),
        ],
    )
    def test_says_all_in_one_language_and_fits(  # noqa: PLR0913 - what a page depends on
        self, sign_in, cases, language, theme, role, case, more
    ):
        page = sign_in(role, language, theme)
        paths = [*LISTS, *(cases[case] + part for part in (*PARTS, *more))]
        if role is Role.AGENT:
            paths.append("/cases/new")

        wrong = [problem for path in paths for problem in self.problems(page, path)]

        assert page.locator("html").get_attribute("data-theme") == theme
        assert wrong == []

    def problems(self, page, path):
        page.goto(path)
        for details in page.locator("main details").all():
            details.evaluate("folded => { folded.open = true }")
        for unsaid in UNSAID.findall(page.inner_text("body")):
            yield path, unsaid
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(SIDEWAYS) > 0:
                yield path, f"scrolls sideways at {width}"


class TestAdmin:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_stores_and_people_fits_and_is_in_one_language(self, sign_in, language):
        page = sign_in(Role.ADMIN, language)

        assert [p for path in ("/", "/admin") for p in TestEveryPage().problems(page, path)] == []


class TestItems:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_every_kind_fit_and_are_in_one_language(self, sign_in, cases, language):
        page = sign_in(Role.REVIEWER, language)
        page.goto(cases["in_review"])
        paths = [link.get_attribute("href") for link in page.locator(".item a.pic").all()]

        assert len(paths) == 4
        assert [p for path in paths for p in TestEveryPage().problems(page, path)] == []
