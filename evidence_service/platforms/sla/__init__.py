"""Service levels as data: builtin.yaml, and over it the team's own file.

A platform's own terms do not belong here: they are clocks of its pack.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from holidays import list_supported_countries
from jsonschema import Draft202012Validator

from evidence_service.domain.deadline import Calendar, Desk, Place
from evidence_service.domain.reminder import (
    Audience,
    DelayTier,
    Profile,
    ReminderKind,
    Step,
    Until,
)
from evidence_service.platforms.schema import LANGUAGES, BadPack, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BUILTIN = Path(__file__).with_name("builtin.yaml")
DEFAULT = "default"
_DAY_MINUTES = 24 * 60

_MINUTES: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 365 * _DAY_MINUTES}
_SOURCE: dict[str, Any] = {"type": "string", "pattern": "^(https?://[^ ]+|seed:S[0-9]{3})$"}
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_HOURS = "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


def _object(properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        "required": list(required),
    }


_PLACE: dict[str, Any] = {
    "time_zone": {"enum": sorted(available_timezones())},
    "country": {"enum": sorted(list_supported_countries())},
}
_STEP = _object(
    {
        "kind": {"enum": [kind.value for kind in ReminderKind]},
        "minutes": _MINUTES,
        "until": {"enum": [until.value for until in Until]},
        "to": {"enum": [to.value for to in Audience]},
        "source": _SOURCE,
    },
    ("kind", "minutes", "until", "to"),
)
_TIER = _object(
    {
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "over_days": {"type": "integer", "minimum": 0},
        "text": _object(dict.fromkeys(LANGUAGES, _TEXT), LANGUAGES),
        "source": _SOURCE,
    },
    ("id", "over_days", "text"),
)
_REPLY = _object(
    {
        "case": {"type": "string"},
        "minutes": {"type": "object", "minProperties": 1, "additionalProperties": _MINUTES},
        "source": _SOURCE,
    },
    ("case", "minutes"),
)
_PROFILE = _object(
    {
        "before_handover_minutes": {"type": "array", "items": _MINUTES},
        "before_deadline_minutes": {"type": "array", "items": _MINUTES},
        "steps": {"type": "array", "items": _STEP},
        "delay_tiers": {"type": "array", "items": _TIER},
        "first_reply": _REPLY,
    }
)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file; a team's own may leave anything out."""
    desk = {
        **_PLACE,
        "hours": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": _HOURS}},
        **dict.fromkeys(("review_minutes", "send_minutes", "reserve_minutes"), _MINUTES),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Service levels",
        **_object(
            {
                "desk": _object(desk),
                "places": {"type": "object", "additionalProperties": _object(_PLACE)},
                "profiles": {"type": "object", "additionalProperties": _PROFILE},
            }
        ),
    }


@dataclass(frozen=True, slots=True)
class SLA:
    """When reviewers work, where platforms count their days, and how fast a team wants to be."""

    desk: Desk
    places: Mapping[str, tuple[ZoneInfo | None, Calendar]]
    profiles: Mapping[str, Profile]

    def place(self, platform: str, store_zone: str) -> Place:
        zone, calendar = self.places.get(platform, (None, Calendar()))
        return Place(zone or ZoneInfo(store_zone), calendar)

    def profile(self, platform: str) -> Profile:
        return self.profiles.get(platform) or self.profiles[DEFAULT]


def load_sla(own: Path | None = None) -> SLA:
    """The built-in service levels, with a team's own over them.

    Raises:
        BadPack: the file has problems; the text names each.
    """
    raw = read_yaml(BUILTIN)
    if own is not None:
        given = _read(own)
        problems = check_sla(given)
        if problems:
            raise BadPack("\n".join(f"{own.name}: {problem}" for problem in problems))
        raw = _over(raw, given)
    return _build(raw)


def _read(path: Path) -> Any:
    try:
        return read_yaml(path)
    except OSError as error:
        raise BadPack(f"{path.name}: {error.strerror}") from error


def check_sla(raw: Any) -> list[str]:
    """Everything wrong with the values of such a file; empty if nothing is."""
    errors = sorted(_validator().iter_errors(raw), key=lambda error: error.json_path)
    if errors:
        return [f"{error.json_path}: {_shortly(error.message)}" for error in errors]
    return list(_nonsense(raw))


def _shortly(message: str) -> str:
    """A list of all zones helps nobody."""
    return message.partition(" is not one of ")[0] + (
        " is not known" if " is not one of " in message else ""
    )


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _nonsense(raw: Mapping[str, Any]) -> Iterator[str]:
    hours = [_shift(text) for text in raw.get("desk", {}).get("hours", ())]
    if any(opens >= closes for opens, closes in hours):
        yield "$.desk.hours: a shift ends before it begins; over midnight it is two"
    if any(before[1] > after[0] for before, after in pairwise(hours)):
        yield "$.desk.hours: shifts must follow one another"
    for name, profile in raw.get("profiles", {}).items():
        reply = profile.get("first_reply")
        if reply and reply["case"] not in reply["minutes"]:
            yield f"$.profiles.{name}.first_reply: there are no minutes for {reply['case']!r}"


def _over(base: Any, own: Any) -> Any:
    """Mappings are merged key by key; anything else is replaced."""
    if not isinstance(base, dict) or not isinstance(own, dict):
        return own
    return base | {key: _over(base.get(key), value) for key, value in own.items()}


def _build(raw: Mapping[str, Any]) -> SLA:
    desk, default = raw["desk"], raw["profiles"][DEFAULT]
    return SLA(
        desk=Desk(
            place=Place(ZoneInfo(desk["time_zone"]), Calendar(desk.get("country"))),
            hours=tuple(_shift(text) for text in desk["hours"]),
            review=timedelta(minutes=desk["review_minutes"]),
            send=timedelta(minutes=desk["send_minutes"]),
            reserve=timedelta(minutes=desk["reserve_minutes"]),
        ),
        places={
            name: (
                ZoneInfo(place["time_zone"]) if "time_zone" in place else None,
                Calendar(place.get("country")),
            )
            for name, place in raw["places"].items()
        },
        profiles={name: _profile(default | own) for name, own in raw["profiles"].items()},
    )


def _profile(raw: Mapping[str, Any]) -> Profile:
    return Profile(
        steps=(*_first_reply(raw.get("first_reply")), *(_step(one) for one in raw["steps"])),
        delay_tiers=tuple(
            DelayTier(one["id"], timedelta(days=one["over_days"]), one["text"])
            for one in raw["delay_tiers"]
        ),
        before_handover=_minutes(raw["before_handover_minutes"]),
        before_deadline=_minutes(raw["before_deadline_minutes"]),
    )


def _first_reply(raw: Mapping[str, Any] | None) -> tuple[Step, ...]:
    if raw is None:
        return ()
    after = timedelta(minutes=raw["minutes"][raw["case"]])
    return (Step(ReminderKind.FIRST_REPLY, after, Until.TAKEN, Audience.AGENT),)


def _step(raw: Mapping[str, Any]) -> Step:
    return Step(
        ReminderKind(raw["kind"]),
        timedelta(minutes=raw["minutes"]),
        Until(raw["until"]),
        Audience(raw["to"]),
    )


def _minutes(raw: list[int]) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=one) for one in raw)


def _shift(text: str) -> tuple[int, int]:
    opens, closes = text.split("-")
    return _minute_of_day(opens), _minute_of_day(closes)


def _minute_of_day(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
