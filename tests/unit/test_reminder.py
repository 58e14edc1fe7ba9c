"""Which reminders a case asks for, and the service levels they come from."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from evidence_service.domain.case import NEVER, CaseState
from evidence_service.domain.reminder import Audience, ReminderKind, gravest, plan
from evidence_service.platforms.schema import BadPack, read_yaml
from evidence_service.platforms.sla import BUILTIN, check_sla, load_sla

OPENED = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday, 09:00 in Shanghai
DEADLINE = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)  # Thursday, 23:00 there
HANDOVER = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
SLA = load_sla()


ASSIGNEE = UUID(int=1)


@dataclass(frozen=True)
class Row:
    state: str = CaseState.ASSEMBLING
    opened_at: datetime = OPENED
    next_due_at: datetime = DEADLINE
    assignee: UUID | None = ASSIGNEE
    item_count: int = 0


def planned(row, platform="stripe"):
    return [
        (one.kind.value, (one.at - OPENED) / timedelta(hours=1))
        for one in plan(row, SLA.profile(platform), SLA.desk)
    ]


class TestPlan:
    def test_a_case_that_somebody_has_taken(self):
        back = (HANDOVER - OPENED) / timedelta(hours=1)
        ends = (DEADLINE - OPENED) / timedelta(hours=1)

        assert planned(Row()) == [
            ("solution", 24),
            ("handover_soon", back - 24),
            ("handover_soon", back - 4),
            ("handover_due", back),
            ("deadline_soon", ends - 2),
            ("deadline_passed", ends),
            ("follow_up", 72),
        ]

    @pytest.mark.parametrize(
        ("platform", "hours"), [("ozon", {2}), ("aliexpress", {4}), ("stripe", set())]
    )
    def test_the_first_reply_is_due_as_the_platform_s_profile_says(self, platform, hours):
        found = planned(Row(assignee=None), platform)

        assert {at for kind, at in found if kind == "first_reply"} == hours
        assert ("supervisor", 1) in found

    @pytest.mark.parametrize("taken", [{"assignee": UUID(int=1)}, {"item_count": 1}])
    def test_who_works_on_a_case_is_not_told_to_begin(self, taken):
        kinds = {kind for kind, _ in planned(replace(Row(assignee=None), **taken), "ozon")}

        assert kinds.isdisjoint({"first_reply", "supervisor"})

    @pytest.mark.parametrize(
        ("state", "kinds"),
        [
            (CaseState.IN_REVIEW, {"deadline_soon", "deadline_passed", "solution", "follow_up"}),
            (CaseState.APPROVED, {"deadline_soon", "deadline_passed", "solution", "follow_up"}),
            (CaseState.SUBMITTED, {"follow_up"}),
            (CaseState.CLOSED, set()),
            (CaseState.ARCHIVED, set()),
        ],
    )
    def test_a_step_that_was_taken_asks_for_nothing(self, state, kinds):
        assert {kind for kind, _ in planned(Row(state=state))} == kinds

    def test_without_a_deadline_only_the_levels_speak(self):
        assert {kind for kind, _ in planned(Row(next_due_at=NEVER))} == {"solution", "follow_up"}

    @pytest.mark.parametrize("at", [NEVER, datetime(1, 1, 1, tzinfo=UTC)])
    def test_a_slip_of_the_pen_is_no_accident(self, at):
        assert planned(Row(opened_at=at, next_due_at=at)) == []

    def test_a_list_shows_the_gravest(self):
        reminders = plan(Row(), SLA.profile("stripe"), SLA.desk)

        assert gravest(reminders, OPENED) is None
        assert gravest(reminders, OPENED + timedelta(hours=25)).kind is ReminderKind.SOLUTION
        assert gravest(reminders, HANDOVER).kind is ReminderKind.HANDOVER_DUE
        assert gravest(reminders, DEADLINE + timedelta(days=9)).kind is ReminderKind.DEADLINE_PASSED


class TestServiceLevels:
    def test_the_built_in_ones_are_in_order(self):
        assert check_sla(read_yaml(BUILTIN)) == []

    def test_each_level_names_its_source(self):
        profiles = read_yaml(BUILTIN)["profiles"].values()
        levels = [
            entry
            for profile in profiles
            for entry in (
                *profile.get("steps", ()),
                *profile.get("delay_tiers", ()),
                *([profile["first_reply"]] if "first_reply" in profile else ()),
            )
        ]

        assert len(levels) == 8
        assert all(entry["source"].startswith("seed:S") for entry in levels)

    @pytest.mark.parametrize(
        ("days", "tier"),
        [
            *((0, None), (1, "live_link"), (7, "live_link"), (8, "coupon"), (15, "coupon")),
            *((16, "compensation"), (90, "compensation")),
        ],
    )
    def test_delays_fall_into_tiers(self, days, tier):
        found = SLA.profile("ozon").delay_tier(timedelta(days=days))

        assert (found.id if found else None) == tier

    def test_escalation_is_after_1_24_and_72_hours(self):
        steps = {step.kind.value: step for step in SLA.profile("ebay").steps}

        assert {kind: step.after / timedelta(hours=1) for kind, step in steps.items()} == {
            "supervisor": 1,
            "solution": 24,
            "follow_up": 72,
        }
        assert steps["supervisor"].to is Audience.REVIEWERS

    def test_a_team_s_own_file_replaces_key_by_key(self, tmp_path):
        own = tmp_path / "sla.yaml"
        own.write_text(
            "desk: {time_zone: Europe/Moscow, country: RU, review_minutes: 60}\n"
            "profiles:\n"
            "  ozon: {first_reply: {minutes: {order_status: 45}}}\n"
            "  ebay: {steps: []}\n"
        )
        with pytest.raises(BadPack, match="'case' is a required property"):
            load_sla(own)
        own.write_text(own.read_text().replace("{minutes", "{case: order_status, minutes"))
        sla = load_sla(own)

        assert sla.desk.place.calendar.country == "RU"
        assert sla.desk.review == timedelta(hours=1)
        assert sla.desk.send == SLA.desk.send
        assert sla.profile("ozon").steps[0].after == timedelta(minutes=45)
        assert sla.profile("ebay").steps == ()
        assert sla.profile("aliexpress") == SLA.profile("aliexpress")

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("desk: {time_zone: Moscow}", "'Moscow' is not known"),
            ("desk: {country: XX}", "'XX' is not known"),
            ("desk: {hours: ['9-18']}", "does not match"),
            ("desk: {hours: ['18:00-09:00']}", "ends before it begins"),
            ("desk: {hours: ['13:00-18:00', '09:00-14:00']}", "must follow one another"),
            ("desk: {review_minutes: -1}", "less than the minimum"),
            ("holidays: []", "Additional properties"),
            ("profiles: {ozon: {first_reply: {case: x, minutes: {y: 1}}}}", "no minutes for 'x'"),
            ("- 1", "is not of type 'object'"),
            ("desk: [", "while parsing"),
        ],
    )
    def test_what_is_wrong_is_named(self, tmp_path, text, problem):
        own = tmp_path / "sla.yaml"
        own.write_text(text)

        with pytest.raises(BadPack, match=problem):
            load_sla(own)
