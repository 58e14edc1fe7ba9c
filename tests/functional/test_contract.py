"""The public surface as an outsider tries it: wrong values, races, other people's stores."""

import base64
import hashlib
import io
import json
import re
import threading
import uuid
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from drawing import screenshot
from jsonschema import Draft202012Validator

from evidence_service.cli import main
from evidence_service.domain.access import Role
from evidence_service.usecases.administer.add_person import AddPerson, add_person, issue_token

OPENED = "2026-11-21T12:02:00Z"
NOBODY = "00000000-0000-7000-8000-000000000000"


def at_once(*calls):
    """The answers of calls that are made at the same time."""
    answers, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(number):
        gate.wait()
        answers[number] = calls[number]()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def field_errors(answer):
    assert answer.status_code == 422, answer.get_data()
    return {one["field"] for one in answer.get_json()["errors"]}


def in_seconds(seconds):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


class Desk:
    """One store's people at work, by API alone."""

    def __init__(self, people):
        self.people = people
        self.agent, self.reviewer = people.agent, people.reviewer

    def opening(self, **changes):
        body = {"store": self.people.store, "reason": "item_not_received", "order_number": "O-77"}
        return self.agent.post("/api/v1/cases", json={**body, "opened_at": OPENED, **changes})

    def case(self, **changes):
        opened = self.opening(**changes)
        assert opened.status_code == 201, opened.get_data()
        return opened.headers["Location"]

    def add(self, case, content=None, name="note.txt", **fields):
        content = uuid.uuid4().bytes if content is None else content
        data = {"file": (io.BytesIO(content), name), **fields}
        return self.agent.post(f"{case}/evidence", data=data)

    def patch(self, case, **changes):
        version = self.agent.get(case).headers["ETag"]
        return self.agent.patch(case, json=changes, headers={"If-Match": version})

    def handed_in(self, **changes):
        case = self.case(**changes)
        assert self.add(case).status_code == 201
        for finding in self.agent.get(f"{case}/checklist").get_json()["findings"]:
            if finding["level"] == "required":
                waiver = f"{case}/checklist/{finding['requirement']}/waiver"
                self.agent.post(waiver, json={"reason": "not at hand"})
        assert self.agent.post(f"{case}/hand-in").status_code == 200
        return case

    def approve(self, case):
        return self.reviewer.post(f"{case}/review", json={"decision": "approve", "comment": ""})

    def approved(self, **changes):
        case = self.handed_in(**changes)
        assert self.approve(case).status_code == 200
        return case

    def state(self, case):
        return self.agent.get(case).get_json()["state"]


@pytest.fixture(scope="module")
def desk(make_people):
    return Desk(make_people("Contract", "ebay"))


@pytest.fixture(scope="module")
def case(desk):
    return desk.case()


class TestBadInput:
    @pytest.mark.parametrize(
        "at",
        [
            "0001-01-01T00:00:00+14:00",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-14:00",
            "2026-11-21",
            "2026-11-21T12:02:00",
            "1795262400",
            1795262400,
        ],
    )
    def test_an_instant_is_rfc_3339_with_an_offset_and_on_every_clock(self, desk, case, at):
        assert field_errors(desk.opening(opened_at=at)) == {"opened_at"}
        assert field_errors(desk.patch(case, respond_by=at)) == {"respond_by"}
        assert field_errors(desk.add(case, captured_at=at)) == {"captured_at"}
        listed = desk.agent.get("/api/v1/cases", query_string={"due_before": at})
        assert field_errors(listed) == {"due_before"}

    def test_an_instant_that_no_clock_shows_is_none_in_a_file_either(self, desk):
        message = {
            "message_id": "3000000000800001",
            "user": {"id": "1", "type": "Customer"},
            "created_at": "9999-12-31T23:59:59Z",
            "data": ["thanks"],
        }
        chat = {"has_next": False, "messages": [message]}
        dispute = {
            "id": "dp_1",
            "object": "dispute",
            "amount": 1000,
            "currency": "usd",
            "created": 1700000000,
            "reason": "fraudulent",
            "charge": "ch_1",
            "status": "needs_response",
            "evidence": {},
            "evidence_details": {"due_by": 253402300799},
        }
        case = desk.case()
        assert desk.add(case, json.dumps(chat).encode(), "chat.json").status_code == 201
        said = desk.agent.get(f"{case}/transcript").get_json()["items"][0]["messages"][0]
        record = {"file": (io.BytesIO(json.dumps(dispute).encode()), "dispute.json")}
        proposal = desk.agent.post("/api/v1/cases/proposal", data=record).get_json()

        assert said["sent_at"] is None
        assert proposal["opened_at"] == "2023-11-14T22:13:20Z"
        assert proposal["respond_by"] is None

    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "deep"}])
    def test_json_nested_too_deep_is_malformed(self, desk, headers):
        deep = b'{"a":' * 100_000
        answer = desk.agent.post(
            "/api/v1/cases", data=deep, content_type="application/json", headers=headers
        )

        assert answer.status_code == 400

    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "large"}])
    def test_json_that_is_too_large_is_refused_as_that(self, desk, headers):
        answer = desk.agent.post("/api/v1/cases", json={"x": "x" * 2_000_000}, headers=headers)

        assert answer.status_code == 413

    @pytest.mark.parametrize(
        "url", ["http://a\x00b", "http://a\nb", "javascript:alert(1)", "https://"]
    )
    def test_a_source_is_a_web_address(self, desk, case, url):
        announced = {"file_name": "a.mp4", "size_bytes": 3, "sha256": "0" * 64, "source_url": url}

        assert field_errors(desk.add(case, source_url=url)) == {"source_url"}
        started = desk.agent.post(f"{case}/uploads", json=announced)
        assert field_errors(started) == {"source_url"}

    def test_a_case_is_given_only_to_who_works_for_its_store(self, desk, case, make_people):
        stranger = make_people("Elsewhere", "ebay").agent.get("/api/v1/me").get_json()["id"]
        colleague = desk.reviewer.get("/api/v1/me").get_json()["id"]

        assert field_errors(desk.patch(case, assignee=NOBODY)) == {"assignee"}
        assert field_errors(desk.patch(case, assignee=stranger)) == {"assignee"}
        assert desk.patch(case, assignee=colleague).get_json()["assignee"] == colleague

    def test_an_order_number_stands_once(self, desk, case):
        changed = desk.patch(case, order_numbers=["O-77", "O-78", "O-77"]).get_json()

        assert changed["order_numbers"] == ["O-77", "O-78"]

    @pytest.mark.parametrize("unseen", ["\r\nX: 1", "\x07", "\x7f", "\u202e", "\u200b", "\u2028"])
    def test_an_order_number_is_all_seen(self, desk, case, unseen):
        number = f"O-{unseen}1"
        refused = desk.opening(order_number=number)

        assert field_errors(refused) == {"order_number"}
        assert refused.get_json()["errors"][0]["code"] == "unseen_character"
        assert "type it in by hand" in refused.get_json()["errors"][0]["detail"]
        assert field_errors(desk.opening(order_numbers=[number])) == {"order_numbers.0"}
        assert field_errors(desk.patch(case, order_numbers=["O-77", number])) == {"order_numbers.1"}

    @pytest.mark.parametrize(
        ("tongue", "words"),
        [("en", "give one of zh, en, ru"), ("ru", "Есть zh, en и ru; выберите один.")],
    )
    def test_a_store_speaks_a_language_there_are_words_in(self, desk, tongue, words):
        store = {"name": "Lingua", "platform": "ozon", "language": "xx"}
        headers = {"Accept-Language": tongue}
        refused = desk.people.admin.post("/api/v1/stores", json=store, headers=headers)

        assert field_errors(refused) == {"language"}
        assert refused.get_json()["errors"] == [
            {"field": "language", "code": "unknown", "detail": words}
        ]

    @pytest.mark.parametrize(
        "item", [{}, {"evidence_id": NOBODY, "requirement": "x"}, {"evidence_id": NOBODY}]
    )
    def test_a_remark_is_on_one_thing_of_the_case(self, desk, item):
        handed_in = desk.handed_in()
        body = {"decision": "return", "comment": "see", "items": [{**item, "comment": "x"}]}

        answer = desk.reviewer.post(f"{handed_in}/review", json=body)

        assert answer.status_code == 422
        assert desk.state(handed_in) == "in_review"

    def test_what_is_missing_is_named_in_words(self, desk):
        answer = desk.agent.post(f"{desk.case()}/hand-in")

        assert answer.status_code == 409
        assert answer.get_json()["requirements"]
        assert "[" not in answer.get_json()["detail"]


class TestLists:
    def test_every_list_is_given_page_by_page(self, desk):
        case = desk.case()
        added = [desk.add(case, str(n).encode(), f"{n}.txt").get_json()["id"] for n in range(5)]
        seen, cursor = [], None
        while cursor is not None or not seen:
            query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = desk.agent.get(f"{case}/evidence", query_string=query).get_json()
            assert len(page["items"]) <= 2
            seen += [one["id"] for one in page["items"]]
            cursor = page["next"]

        assert seen == added

    @pytest.mark.parametrize(
        "path", ["/stores", "/platforms", "{case}/evidence", "{case}/bundles", "{case}/timeline"]
    )
    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"x": "1"}])
    def test_a_wrong_page_is_refused(self, desk, case, path, query):
        where = path.format(case=case.removeprefix("/api/v1"))

        answer = desk.agent.get(f"/api/v1{where}", query_string=query)

        assert field_errors(answer) == set(query)

    @pytest.mark.parametrize("place", [[5, 5], ["2026-01-01T00:00:00+00:00", 5], [None, None]])
    def test_a_cursor_of_nobodys_making_is_refused(self, desk, case, place):
        forged = base64.urlsafe_b64encode(json.dumps(["due", *place]).encode()).decode()
        listed = desk.agent.get("/api/v1/cases", query_string={"cursor": forged})
        chain = desk.agent.get(f"{case}/audit", query_string={"cursor": "9" * 20})

        assert field_errors(listed) == {"cursor"}
        assert field_errors(chain) == {"cursor"}


class TestOpenAPI:
    @pytest.fixture
    def described(self, desk):
        return desk.agent.get("/api/v1/openapi.json").get_json()

    def check(self, described, method, path, answer):
        """The answer is one that the description has for this call, and looks as it says."""
        operation = described["paths"][path][method]
        assert str(answer.status_code) in operation["responses"], (path, answer.status_code)
        content = operation["responses"][str(answer.status_code)].get("content", {})
        assert answer.mimetype in content or "*/*" in content, (path, answer.mimetype)
        if "application/json" in content:
            self.fits(described, content["application/json"]["schema"], answer.get_json())

    def fits(self, described, schema, value):
        Draft202012Validator(schema | {"components": described["components"]}).validate(value)

    def test_what_is_looked_at_looks_as_described(self, desk, described):
        case = desk.case()
        item = desk.add(case).get_json()["id"]
        looked = 0
        for path, operations in described["paths"].items():
            address = path.format_map(
                {
                    "case_id": case.rsplit("/", 1)[1],
                    "evidence_id": item,
                    "platform": "ebay",
                    "form": "order",
                    "bundle_id": NOBODY,
                    "submission_id": NOBODY,
                    "requirement": "x",
                    "upload_id": NOBODY,
                }
            )
            if "get" not in operations:
                continue
            answer = desk.agent.get(address)
            looked += 1
            if answer.status_code < 400:
                self.check(described, "get", path, answer)
            else:
                problem = {"$ref": "#/components/schemas/Problem"}
                self.fits(described, problem, answer.get_json())

        assert looked > 25

    def test_what_is_done_is_described_with_its_body(self, desk, described):
        evidence = "/api/v1/cases/{case_id}/evidence"
        waiver = "/api/v1/cases/{case_id}/checklist/{requirement}/waiver"
        case = desk.case()
        picture = screenshot("twice")
        self.check(described, "post", evidence, desk.add(case, picture))
        self.check(described, "post", evidence, desk.add(case, picture))
        wanted = desk.agent.get(f"{case}/checklist").get_json()["findings"][0]["requirement"]
        waived = desk.agent.post(f"{case}/checklist/{wanted}/waiver", json={"reason": "none"})
        self.check(described, "post", waiver, waived)

        takes_nothing = {
            path
            for path, operations in described["paths"].items()
            for operation in operations
            if operation in {"put", "patch"} and "requestBody" not in operations[operation]
        }
        assert takes_nothing == set()
        assert "requestBody" in described["paths"]["/api/v1/cases/{case_id}/pack"]["post"]


def ready_bundle(desk, case, run_jobs):
    asked = desk.agent.post(f"{case}/bundles", json={})
    assert asked.status_code == 202
    run_jobs()
    bundle = desk.agent.get(f"{case}/bundles/{asked.get_json()['id']}").get_json()
    assert bundle["state"] == "ready", bundle
    served = desk.agent.get(f"{case}/bundles/{bundle['id']}/content")
    assert hashlib.sha256(served.data).hexdigest() == bundle["sha256"]
    assert "X-Forged" not in served.headers
    return bundle["id"]


def changes(desk, case):
    """The status of each change of what would be sent."""
    item = desk.agent.get(f"{case}/evidence").get_json()["items"][0]["id"]
    rectangle = {"x": 0, "y": 0, "width": 5, "height": 5}
    wanted = desk.agent.get(f"{case}/checklist").get_json()["findings"][0]["requirement"]
    announced = {"file_name": "a.mp4", "size_bytes": 3, "sha256": "0" * 64}
    said = {"language": "en", "text": "other words"}
    at = f"{case}/evidence/{item}"
    asked = [
        desk.add(case),
        desk.agent.post(f"{case}/uploads", json=announced),
        desk.agent.patch(at, json={"caption": "another"}),
        desk.agent.patch(at, json={"position": 9}),
        desk.agent.put(f"{at}/text", json=said),
        desk.agent.put(f"{at}/reading", json={}),
        desk.agent.post(f"{at}/redact", json={"reason": "x", "rectangles": [rectangle]}),
        desk.agent.post(f"{at}/withdraw", json={"reason": "x"}),
        desk.agent.put(f"{case}/statement", json={"language": "en", "fields": {"note": "x"}}),
        desk.agent.post(f"{case}/checklist/{wanted}/waiver", json={"reason": "other"}),
        desk.patch(case, claim_text="another"),
        desk.patch(case, amount={"amount": "1.00", "currency": "USD"}),
        desk.patch(case, order_numbers=["O-79"]),
        desk.patch(case, dispute_ref="another"),
        desk.patch(case, buyer_ref="another"),
    ]
    return {answer.status_code for answer in asked}


class TestStates:
    def test_what_is_sent_is_frozen_from_hand_in_on(self, desk, run_jobs):
        case = desk.handed_in(order_number='O-1"; X-Forged: 1')
        assert changes(desk, case) == {409}
        assert desk.patch(case, respond_by=in_seconds(90_000)).status_code == 200
        assert desk.approve(case).status_code == 200
        sent = {"bundle_id": ready_bundle(desk, case, run_jobs), "submitted_at": in_seconds(0)}

        # However many say it at once, it was sent once.
        submissions = at_once(
            *[lambda: desk.agent.post(f"{case}/submission", json=sent).status_code] * 4
        )

        assert sorted(submissions) == [201, 409, 409, 409]
        assert changes(desk, case) == {409}
        assert desk.agent.post(f"{case}/outcome", json={"result": "won"}).status_code == 201
        assert changes(desk, case) == {409}
        assert desk.agent.post(f"{case}/outcome", json={"result": "won"}).status_code == 409

    def test_a_change_voids_the_approval_and_with_it_what_was_made(self, desk, run_jobs):
        case = desk.approved()
        bundle = ready_bundle(desk, case, run_jobs)
        assert desk.patch(case, claim_text="another").get_json()["state"] == "assembling"
        sent = {"bundle_id": bundle, "submitted_at": in_seconds(0)}

        assert desk.agent.post(f"{case}/bundles", json={}).status_code == 409
        assert desk.agent.post(f"{case}/submission", json=sent).status_code == 409
        assert desk.agent.post(f"{case}/hand-in").status_code == 200
        preview = desk.reviewer.post(f"{case}/bundles", json={}).get_json()
        assert preview["preview"]
        assert desk.approve(case).status_code == 200
        for old in (bundle, preview["id"]):
            refused = desk.agent.post(f"{case}/submission", json=sent | {"bundle_id": old})
            assert refused.get_json()["code"] == "bundle_not_of_approved_revision"

    @pytest.mark.parametrize("state", ["case", "handed_in", "approved"])
    def test_unsent_a_case_ends_only_without_a_verdict(self, desk, state):
        case = getattr(desk, state)()
        ended = [
            desk.agent.post(f"{case}/outcome", json={"result": result}).status_code
            for result in ("won", "lost", "partial", "not_contested")
        ]

        assert ended == [409, 409, 409, 201]

    def test_an_approval_is_of_what_was_handed_in_whatever_comes_meanwhile(self, desk):
        case = desk.handed_in()

        approved, *added = at_once(
            lambda: desk.approve(case).status_code, *[lambda: desk.add(case).status_code] * 3
        )

        found = desk.agent.get(case).get_json()
        assert approved == 200
        assert set(added) <= {201, 409}
        # What came after the approval has voided it; nothing slipped in below it.
        assert (found["state"] == "assembling") == (201 in added)
        assert found["approved_revision"] in {None, found["revision"]}

    def test_two_redactions_at_once_leave_one_copy(self, desk):
        case = desk.case()
        item = desk.add(case, screenshot("redacted")).get_json()["id"]

        def redact(x):
            body = {"reason": "x", "rectangles": [{"x": x, "y": 90, "width": 90, "height": 30}]}
            return desk.agent.post(f"{case}/evidence/{item}/redact", json=body).status_code

        assert sorted(at_once(lambda: redact(1), lambda: redact(9))) == [201, 409]
        states = [one["state"] for one in desk.agent.get(f"{case}/evidence").get_json()["items"]]
        assert sorted(states) == ["accepted", "withdrawn"]

    def test_an_upload_completed_many_times_at_once_is_one_item(self, desk, case):
        content = b"\x00film" + uuid.uuid4().bytes
        announced = {
            "file_name": "a.mp4",
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        started = desk.agent.post(f"{case}/uploads", json=announced).get_json()
        path = re.sub(r"^https?://[^/]+", "", started["url"])
        assert desk.people.client(None).put(path, data=content).status_code == 204
        complete = f"{case}/uploads/{started['id']}/complete"

        answers = at_once(*[lambda: desk.agent.post(complete, json={})] * 4)

        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.get_json()["id"] for answer in answers}) == 1

    def test_two_roles_do_not_lift_the_rule_of_two(self, desk, ports, make_client):
        email = f"{uuid.uuid4().hex}@example.com"
        both = AddPerson(
            email, frozenset({Role.AGENT, Role.REVIEWER}), (desk.people.store,), "a-long-password"
        )
        add_person(both, by=None, ports=ports)
        person = make_client(issue_token(email, "test", by=None, ports=ports))
        case = desk.case()
        assert (
            person.put(
                f"{case}/statement", json={"language": "en", "fields": {"note": "x"}}
            ).status_code
            == 200
        )
        for finding in desk.agent.get(f"{case}/checklist").get_json()["findings"]:
            waiver = f"{case}/checklist/{finding['requirement']}/waiver"
            desk.agent.post(waiver, json={"reason": "not at hand"})
        assert desk.agent.post(f"{case}/hand-in").status_code == 200

        refused = person.post(f"{case}/review", json={"decision": "approve", "comment": ""})

        assert refused.status_code == 403
        assert refused.get_json()["code"] == "contributor_cannot_review"
        assert desk.approve(case).status_code == 200


def canonical(value):
    """RFC 8785 of what events hold: text, whole numbers, truths, lists and objects."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(k)}:{canonical(v)}" for k, v in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    assert not isinstance(value, float)
    return json.dumps(value, ensure_ascii=False)


class TestChain:
    def test_anybody_can_follow_it(self, desk):
        case, events, cursor = desk.approved(), [], "0"
        while cursor is not None:
            query = {"limit": 3, "cursor": cursor}
            page = desk.agent.get(f"{case}/audit", query_string=query).get_json()
            events, cursor = events + page["items"], page["next"]

        before = "0" * 64
        for number, event in enumerate(events, 1):
            stated = event.pop("hash")
            assert (event["seq"], event["prev"]) == (number, before)
            assert event["chain"] == f"case:{case.rsplit('/', 1)[1]}"
            before = hashlib.sha256(canonical(event).encode()).hexdigest()
            assert before == stated
        assert desk.agent.get(f"{case}/verification").get_json()["chain"]["head"] == before
        assert "not at hand" not in json.dumps(events)


class TestPackage:
    @pytest.fixture
    def package(self, desk, run_jobs):
        case = desk.approved()
        desk.agent.post(f"{case}/outcome", json={"result": "expired"})
        assert desk.reviewer.post(f"{case}/archive").status_code == 202
        run_jobs()
        return desk.agent.get(f"{case}/package").data

    def test_no_file_of_it_changes_or_goes_or_comes_unseen(self, package, tmp_path, capsys):
        with zipfile.ZipFile(io.BytesIO(package)) as bag:
            files = {name: bag.read(name) for name in bag.namelist()}
        copy = tmp_path / "case.zip"

        def verified(changed):
            with zipfile.ZipFile(copy, "w") as bag:
                for name, content in changed.items():
                    bag.writestr(name, content)
            status = main(["verify", str(copy)])
            return status, "".join(capsys.readouterr())

        assert verified(files)[0] == 0
        root = next(iter(files)).split("/")[0]
        assert verified({**files, f"{root}/data/more.txt": b"x"})[0] == 1
        for name, content in files.items():
            flipped = bytes([content[0] ^ 1]) + content[1:]
            status, said = verified({**files, name: flipped})
            assert (status, name.split("/", 1)[1] in said) == (1, True), name
            assert verified({k: v for k, v in files.items() if k != name})[0] == 1, name


class TestAnotherStore:
    def test_knows_nothing_of_a_case_by_any_id(self, desk, make_people):
        strangers = make_people("Across", "ebay")
        other = Desk(strangers)
        theirs, own = desk.case(order_number="SECRET-77"), other.case()
        item = desk.add(theirs).get_json()["id"]
        announced = {"file_name": "a.mp4", "size_bytes": 3, "sha256": "0" * 64}
        upload = desk.agent.post(f"{theirs}/uploads", json=announced).get_json()["id"]
        asked = [
            other.agent.open(f"{case}{path}", method=method, json=body)
            for case in (theirs, own)
            for method, path, body in (
                ("GET", f"/evidence/{item}", None),
                ("GET", f"/evidence/{item}/content", None),
                ("GET", f"/evidence/{item}/reading", None),
                ("PUT", f"/evidence/{item}/reading", {}),
                ("GET", f"/evidence/{item}/text", None),
                ("POST", f"/evidence/{item}/withdraw", {"reason": "x"}),
                ("POST", f"/uploads/{upload}/complete", {}),
                ("GET", f"/submissions/{NOBODY}/receipt", None),
            )
        ]
        asked += [other.agent.get(f"{theirs}{path}") for path in ("", "/bundles/plan", "/audit")]

        assert {answer.status_code for answer in asked} == {404}
        follows = theirs.rsplit("/", 1)[1]
        assert field_errors(other.opening(follows=follows)) == {"follows"}
        assert field_errors(other.opening(store=desk.people.store)) == {"store"}
        for path in ("/cases", "/archive"):
            for query in ({"q": "SECRET-77"}, {"store": desk.people.store}):
                found = other.agent.get(f"/api/v1{path}", query_string=query).get_json()
                assert found["items"] == []
