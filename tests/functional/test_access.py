"""Every route of the API, walked as every role: contract.md §8, read aloud."""

import io

import pytest

ID = "00000000-0000-7000-8000-000000000000"
ROLES = ("agent", "reviewer", "auditor", "admin")
# What each call answers to those who may: on a case in `assembling`, with an empty body.
EVERYBODY, CASE_ROLES, AGENT, REVIEWER = set(ROLES), {"agent", "reviewer"}, {"agent"}, {"reviewer"}
CALLS = {
    "GET /me": EVERYBODY,
    "GET /platforms": EVERYBODY,
    "GET /platforms/<platform>": EVERYBODY,
    "GET /stores": EVERYBODY,
    "POST /stores": {"admin"},
    "GET /keys": EVERYBODY,
    "GET /openapi.json": EVERYBODY,
    "POST /cases": AGENT,
    "POST /cases/proposal": AGENT,
    "GET /cases": {"agent", "reviewer", "auditor"},
    "GET /cases/<uuid:case_id>": CASE_ROLES,
    "PATCH /cases/<uuid:case_id>": AGENT,
    "POST /cases/<uuid:case_id>/evidence": AGENT,
    "POST /cases/<uuid:case_id>/uploads": AGENT,
    "POST /cases/<uuid:case_id>/uploads/<uuid:upload_id>/complete": AGENT,
    # Whoever has the address, which nobody here does.
    "PUT /uploads/<uuid:upload_id>": EVERYBODY,
    "GET /cases/<uuid:case_id>/evidence": CASE_ROLES,
    "GET /cases/<uuid:case_id>/evidence/<uuid:evidence_id>": CASE_ROLES,
    "PATCH /cases/<uuid:case_id>/evidence/<uuid:evidence_id>": AGENT,
    "GET /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/content": CASE_ROLES,
    "POST /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/withdraw": AGENT,
    "POST /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/redact": AGENT,
    "GET /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/text": CASE_ROLES,
    "PUT /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/text": AGENT,
    "GET /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/reading": CASE_ROLES,
    "PUT /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/reading": AGENT,
    "GET /cases/<uuid:case_id>/statement": CASE_ROLES,
    "PUT /cases/<uuid:case_id>/statement": AGENT,
    "GET /cases/<uuid:case_id>/<any(transcript, tracking, order, dispute):form>": CASE_ROLES,
    "GET /cases/<uuid:case_id>/remarks": CASE_ROLES,
    "GET /cases/<uuid:case_id>/timeline": CASE_ROLES,
    "GET /cases/<uuid:case_id>/platform-requirements": CASE_ROLES,
    "PUT /cases/<uuid:case_id>/platform-requirements": AGENT,
    "POST /cases/<uuid:case_id>/pack": AGENT,
    "GET /cases/<uuid:case_id>/checklist": CASE_ROLES,
    "POST /cases/<uuid:case_id>/checklist/<requirement>/waiver": AGENT,
    "POST /cases/<uuid:case_id>/hand-in": AGENT,
    "POST /cases/<uuid:case_id>/recall": AGENT,
    "POST /cases/<uuid:case_id>/review": REVIEWER,
    "POST /cases/<uuid:case_id>/bundles": CASE_ROLES,
    "GET /cases/<uuid:case_id>/bundles": CASE_ROLES,
    "GET /cases/<uuid:case_id>/bundles/plan": CASE_ROLES,
    "GET /cases/<uuid:case_id>/bundles/<uuid:bundle_id>": CASE_ROLES,
    "GET /cases/<uuid:case_id>/bundles/<uuid:bundle_id>/content": CASE_ROLES,
    "POST /cases/<uuid:case_id>/submission": CASE_ROLES,
    "POST /cases/<uuid:case_id>/submissions/<uuid:submission_id>/receipt": CASE_ROLES,
    "GET /cases/<uuid:case_id>/submissions/<uuid:submission_id>/receipt": CASE_ROLES,
    "POST /cases/<uuid:case_id>/outcome": CASE_ROLES,
    "POST /cases/<uuid:case_id>/archive": REVIEWER,
    "GET /archive": {"agent", "reviewer", "auditor"},
    "GET /cases/<uuid:case_id>/package": CASE_ROLES,
    "GET /cases/<uuid:case_id>/audit": CASE_ROLES,
    "GET /cases/<uuid:case_id>/verification": CASE_ROLES,
}
# Bodies that are in order, so that what is refused is refused for who asks.
BODIES = {
    "POST /stores": {"name": "x", "platform": "nowhere"},
    "POST /cases/<uuid:case_id>/uploads": {
        "file_name": "a.mp4",
        "size_bytes": 3,
        "sha256": "0" * 64,
    },
    "POST /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/withdraw": {"reason": "x"},
    "POST /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/redact": {
        "rectangles": [{"x": 0, "y": 0, "width": 1, "height": 1}],
        "reason": "x",
    },
    "PUT /cases/<uuid:case_id>/evidence/<uuid:evidence_id>/text": {"language": "ru", "text": "x"},
    "PUT /cases/<uuid:case_id>/statement": {"language": "ru", "fields": {"answer": "x"}},
    "PUT /cases/<uuid:case_id>/platform-requirements": {"source": "x", "requirements": []},
    "POST /cases/<uuid:case_id>/pack": {"version": "x"},
    "POST /cases/<uuid:case_id>/checklist/<requirement>/waiver": {"reason": "x"},
    "POST /cases/<uuid:case_id>/review": {"decision": "return", "comment": "x"},
    "POST /cases/<uuid:case_id>/submission": {
        "bundle_id": ID,
        "submitted_at": "2026-11-25T10:00:00Z",
    },
    "POST /cases/<uuid:case_id>/outcome": {"result": "won"},
}


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Roles", "ozon")


@pytest.fixture(scope="module")
def strangers(make_people):
    return make_people("Strangers", "aliexpress")


def open_case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body)


@pytest.fixture(scope="module")
def ids(people):
    case_id = open_case(people).get_json()["id"]
    added = people.agent.post(
        f"/api/v1/cases/{case_id}/evidence", data={"file": (io.BytesIO(b"\x00one"), "one.bin")}
    )
    return {"case_id": case_id, "evidence_id": added.get_json()["id"]}


def ask(client, call, ids, people):
    method, rule = call.split(" ", 1)
    path = rule
    for name, value in (
        ("<uuid:case_id>", ids["case_id"]),
        ("<uuid:evidence_id>", ids["evidence_id"]),
        ("<uuid:bundle_id>", ID),
        ("<uuid:upload_id>", ID),
        ("<uuid:submission_id>", ID),
        ("<platform>", "ozon"),
        ("<requirement>", "order_screenshot"),
        ("<any(transcript, tracking, order, dispute):form>", "tracking"),
    ):
        path = path.replace(name, value)
    if call == "POST /cases":
        return (
            open_case(people)
            if client is people.agent
            else client.post(
                "/api/v1/cases",
                json={
                    "store": people.store,
                    "reason": "malicious_claim",
                    "order_number": "1",
                    "opened_at": "2026-11-21T12:02:00Z",
                },
            )
        )
    body = BODIES.get(call, {})
    headers = {"If-Match": '"0"'} if method == "PATCH" else {}
    if call.endswith("/evidence") and method == "POST":
        return client.post(f"/api/v1{path}", data={"file": (io.BytesIO(b"\x00two"), "two.bin")})
    return client.open(
        f"/api/v1{path}", method=method, json=None if method == "GET" else body, headers=headers
    )


def test_the_table_names_every_route(app):
    found = {
        f"{method} {rule.rule.removeprefix('/api/v1')}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert found == set(CALLS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("call", CALLS)
def test_each_role_may_what_the_contract_says(people, ids, call, role):
    answer = ask(getattr(people, role), call, ids, people)

    if role in CALLS[call]:
        assert answer.status_code != 403, answer.get_json()
        assert answer.status_code < 500
    else:
        # What one may not know of is not there; what one sees and may not do is forbidden.
        is_unknown = "case_id" in call and role in {"auditor", "admin"}
        assert answer.status_code == (404 if is_unknown else 403)


@pytest.mark.parametrize("call", [call for call in CALLS if "case_id" in call])
def test_a_case_of_another_store_does_not_exist(people, strangers, ids, call):
    for role in ROLES:
        assert ask(getattr(strangers, role), call, ids, strangers).status_code == 404


@pytest.mark.parametrize("call", [call for call in CALLS if call != "GET /keys"])
def test_nobody_may_anything_without_a_token(people, ids, call):
    answer = ask(people.client(None), call, ids, people)

    assert answer.status_code == 401


def test_the_keys_are_public(people):
    assert people.client(None).get("/api/v1/keys").get_json()["items"]
