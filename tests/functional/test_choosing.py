"""How a file is to be read where it does not say so itself: shown, chosen, remembered."""

import io

import pytest

CSV = (
    "Zeitpunkt des Ereignisses;Was geschah;Wo\n"
    "03/04/2026 10:00;Zugestellt;Berlin\n"
    "02/04/2026 09:00;Angekommen;Leipzig\n"
)
WHATSAPP = "03/04/26, 10:15 - Ann: hello\n04/05/26, 10:16 - Bob: hi\n02/03/26, 9:00 - Ann: x\n"


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Choosing", "ozon")


@pytest.fixture
def case_id(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()["id"]


@pytest.fixture
def add(people, case_id):
    def add(text, name="file.csv"):
        data = {"file": (io.BytesIO(text.encode()), name)}
        answer = people.agent.post(f"/api/v1/cases/{case_id}/evidence", data=data)
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()

    return add


@pytest.fixture
def reading(people, case_id):
    """Ask for the reading of an item, or have it read as chosen."""

    def reading(item, chosen=None):
        path = f"/api/v1/cases/{case_id}/evidence/{item['id']}/reading"
        return people.agent.get(path) if chosen is None else people.agent.put(path, json=chosen)

    return reading


@pytest.fixture
def tracking(people, case_id):
    def tracking():
        answer = people.agent.get(f"/api/v1/cases/{case_id}/tracking")
        return [parcel["events"] for parcel in answer.get_json()["items"]]

    return tracking


COLUMNS = {"time": "Zeitpunkt des Ereignisses", "event": "Was geschah", "place": "Wo"}


class TestTable:
    def test_columns_are_proposed_shown_chosen_and_remembered(self, add, reading, tracking):
        item = add(CSV)
        shown = reading(item).get_json()
        chosen = {
            "form": "tracking",
            "columns": COLUMNS,
            "date_order": "day_first",
            "time_zone": "Europe/Berlin",
        }
        after = reading(item, chosen)

        assert item["reader"] is None or "columns_proposed" in item["warnings"]
        assert shown["header"] in ([], list(COLUMNS.values()))
        assert after.status_code == 200, after.get_json()
        assert after.get_json()["columns"] == COLUMNS
        assert after.get_json()["warnings"] == []
        assert tracking()[0][0]["at"] == "2026-04-03T08:00:00+00:00"
        again = add(CSV.replace("Berlin", "Hamburg"))
        assert again["warnings"] == []
        assert tracking()[1][0]["at"] == "2026-04-03T08:00:00+00:00"

    def test_sample_rows_are_five_at_most(self, add, reading):
        rows = "".join(f"2026-05-0{day},Parcel {day} moved,Tver\n" for day in range(1, 9))
        shown = reading(add("Scan date,Event,City\n" + rows)).get_json()

        assert (shown["form"], len(shown["sample_rows"])) == ("tracking", 5)
        assert shown["alternatives"]["time"] == ["Scan date"]

    @pytest.mark.parametrize(
        ("chosen", "field"),
        [
            ({"columns": {"time": "nowhere", "event": "Event"}}, "columns"),
            ({"columns": {"time": "Scan date"}}, "columns"),
            ({"columns": {"time": "Scan date", "soul": "Event"}}, "columns"),
            ({"date_order": "month_first"}, "date_order"),
            ({"time_zone": "Nowhere/At_All"}, "time_zone"),
            ({"date_order": "backwards"}, "date_order"),
            ({"else": 1}, "else"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_changes_nothing(self, add, reading, chosen, field):
        item = add("Scan date,Event,City\n2026-05-01,Parcel moved,Tver\n")
        before = reading(item).get_json()
        answer = reading(item, chosen)

        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["field"] == field
        assert reading(item).get_json() == before


class TestChat:
    def test_date_order_and_zone_are_chosen(self, people, case_id, add, reading):
        item = add(WHATSAPP, "chat.txt")
        after = reading(item, {"date_order": "month_first", "time_zone": "Asia/Shanghai"})
        chat = people.agent.get(f"/api/v1/cases/{case_id}/transcript").get_json()["items"][0]

        assert set(item["warnings"]) == {"date_order_ambiguous", "time_zone_unknown"}
        assert after.get_json()["warnings"] == []
        assert chat["messages"][0]["sent_at"] == "2026-03-04T02:15:00+00:00"


class TestStates:
    def test_the_revision_grows_and_a_review_refuses(self, people, case_id, add, reading):
        item = add(WHATSAPP, "chat.txt")
        case = f"/api/v1/cases/{case_id}"
        before = people.agent.get(case).get_json()["revision"]
        reading(item, {"date_order": "day_first"})
        after = people.agent.get(case).get_json()["revision"]
        report = people.agent.get(f"{case}/checklist").get_json()
        for finding in report["findings"]:
            if finding["level"] == "required":
                path = f"{case}/checklist/{finding['requirement']}/waiver"
                people.agent.post(path, json={"reason": "x"})
        assert people.agent.post(f"{case}/hand-in").status_code == 200
        answer = reading(item, {"date_order": "month_first"})

        assert after == before + 1
        assert answer.status_code == 409
