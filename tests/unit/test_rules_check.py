import json
from functools import reduce

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_service.cli import main
from evidence_service.platforms import (
    BadPack,
    Change,
    all_packs,
    builtin_paths,
    check,
    diff,
    listed,
    load,
    pack_plain,
    schema,
)
from evidence_service.platforms.pack import merged_limits

WORDS = {"zh": "字", "en": "word", "ru": "слово"}
GOOD = {
    "id": "shop",
    "name": WORDS,
    "version": "1",
    "language": "en",
    "sources": {
        "help": {
            "url": "https://example.com/help",
            "read_on": "2026-09-01",
            "official": True,
            "title": "Help",
        },
        "client": {"url": "seed:S001", "read_on": None, "official": False, "title": "Client"},
    },
    "details": {
        "network": {"title": WORDS, "values": ["visa", "amex"]},
        "scheme": {"title": WORDS},
    },
    "text_limits": {
        "comment": {"title": WORDS, "max_chars": 500, "verified": True, "sources": ["help"]}
    },
    "evidence": {"chat": {"accepts": ["chat_transcript"], "title": WORDS, "why": WORDS}},
    "reasons": [
        {
            "code": "not_received",
            "title": WORDS,
            "verified": True,
            "sources": ["help"],
            "requirements": [
                {"id": "chat", "level": "required", "verified": True, "sources": ["help"]},
                {
                    "id": "label",
                    "level": "recommended",
                    "verified": False,
                    "sources": ["client"],
                    "when": {"network": "visa"},
                    "accepts": ["shipping_label"],
                    "title": WORDS,
                    "why": WORDS,
                },
            ],
            "fields": [
                {"field": "comment", "level": "optional", "verified": True, "sources": ["help"]}
            ],
        }
    ],
    "deliveries": [
        {
            "id": "form",
            "form": "pdf",
            "title": WORDS,
            "limits": {"max_total_bytes": 1000, "max_pages": 20},
            "limits_when": [{"when": {"network": "visa"}, "limits": {"max_pages": 10}}],
            "verified": True,
            "sources": ["help"],
        }
    ],
    "clocks": [
        {
            "id": "answer",
            "what": WORDS,
            "actor": "seller",
            "amount": 5,
            "unit": "days",
            "from": "opened",
            "verified": True,
            "sources": ["help"],
        }
    ],
    "notes": [{"id": "mind", "text": WORDS, "verified": True, "sources": ["help"]}],
}
GONE = object()


def changed(*changes):
    """The good pack with each (path, value) set, or the key taken away."""
    # Not deepcopy: it would keep the texts one and the same object.
    pack = json.loads(json.dumps(GOOD))
    for path, value in changes:
        *way, last = path
        place = pack
        for step in way:
            place = place[step]
        if value is GONE:
            del place[last]
        elif isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = value
    return pack


@pytest.fixture
def write(tmp_path):
    def write(pack, name="shop.yaml"):
        path = tmp_path / name
        path.write_text(pack if isinstance(pack, str) else yaml.safe_dump(pack), "utf-8")
        return path

    return write


REASON = ("reasons", 0)
ASKED = (*REASON, "requirements", 0)
LIMITS = ("deliveries", 0, "limits")
CLOCK = ("clocks", 0)
SIZE = st.integers(1, 9)
LIMITS_OF_ANY = st.fixed_dictionaries(
    {},
    optional={
        "max_pages": SIZE,
        "min_dpi": SIZE,
        "links": st.booleans(),
        "colour": st.sampled_from(["no_highlighting", "black_and_white"]),
        "text": st.dictionaries(
            st.sampled_from(["a", "b"]), st.fixed_dictionaries({}, optional={"max_chars": SIZE})
        ),
        "max_file_bytes_by_type": st.dictionaries(st.sampled_from(["image/png", "a/b"]), SIZE),
    },
)
UNSOURCED = {"id": "form", "form": "pdf", "title": WORDS, "limits": {}, "verified": False}
SAME_CHAT = {"id": "chat", "level": "optional", "verified": True, "sources": ["help"]}


class TestCheck:
    def test_finds_nothing_wrong_with_a_good_pack(self, write):
        assert check([write(GOOD)]) == []

    def test_finds_nothing_wrong_with_the_packs_that_come_with_the_service(self):
        assert [str(problem) for problem in check()] == []
        assert {path.stem for path in builtin_paths()} >= {"ozon", "aliexpress", "stripe"}

    @pytest.mark.parametrize(
        ("change", "where", "message"),
        [
            (
                (("evidence", "chat", "accepts"), ["selfie"]),
                "evidence.chat.accepts[0]",
                "unknown kind 'selfie'",
            ),
            (
                (("evidence", "chat", "accepts"), [{"kind": "selfie", "facts": ["smile"]}]),
                "evidence.chat.accepts[0]",
                "unknown kind 'selfie'",
            ),
            (((*ASKED, "level"), "urgent"), "reasons[0].requirements[0].level", "unknown level"),
            (((*ASKED, "sources"), []), "reasons[0].requirements[0].sources", "no source"),
            (
                ((*ASKED, "sources"), GONE),
                "reasons[0].requirements[0]",
                "'sources' is a required property",
            ),
            (
                ((*ASKED, "sources"), ["rumour"]),
                "reasons[0].requirements[0].sources",
                "unknown source 'rumour'",
            ),
            (
                ((*ASKED, "sources"), ["client"]),
                "reasons[0].requirements[0].verified",
                "verified, but none of its sources is official",
            ),
            (
                (("sources", "spare"), GOOD["sources"]["help"]),
                "sources.spare",
                "nothing cites it",
            ),
            (
                (("sources", "help", "url"), "I remember"),
                "sources.help.url",
                "does not match",
            ),
            (
                (("sources", "help", "read_on"), "yesterday"),
                "sources.help.read_on",
                "is not valid",
            ),
            (
                ((*REASON, "title"), {"zh": "字", "en": "word"}),
                "reasons[0].title",
                "no translation: ru",
            ),
            (
                (("evidence", "chat", "why"), {"en": "word"}),
                "evidence.chat.why",
                "no translation: zh, ru",
            ),
            ((("notes", 0, "text", "zh"), ""), "notes[0].text.zh", "should be non-empty"),
            (
                ((*LIMITS, "max_pages"), 0),
                "deliveries[0].limits.max_pages",
                "impossible limit: 0 is not above 0",
            ),
            (
                ((*LIMITS, "max_file_bytes"), 2000),
                "deliveries[0].limits",
                "impossible limits: max_file_bytes 2000 > max_total_bytes 1000",
            ),
            (
                (("deliveries", 0, "limits_when", 0, "limits"), {"max_file_pages": 21}),
                "deliveries[0].limits_when[0].limits",
                "impossible limits: max_file_pages 21 > max_pages 20",
            ),
            (
                ((*LIMITS, "text"), {"comment": {"max_chars": -1}}),
                "deliveries[0].limits.text.comment.max_chars",
                "impossible limit: -1 is not above 0",
            ),
            (((*LIMITS, "max_pagse"), 9), "deliveries[0].limits", "max_pagse"),
            ((("deliveries", 0, "sources"), GONE), "deliveries[0]", "verified, but no source"),
            (
                (("deliveries", 0), {**UNSOURCED, "one_try": True}),
                "deliveries[0]",
                "one_try without a source",
            ),
            ((("deliveries",), []), "deliveries", "a pack needs at least one delivery"),
            (
                ((*REASON, "requirements", 1, "why"), GONE),
                "reasons[0].requirements[1]",
                "'label' has no why here nor under evidence",
            ),
            (
                ((*REASON, "requirements", 0), GONE),
                "evidence.chat",
                "no reason asks for it",
            ),
            (
                ((*REASON, "fields", 0, "field"), "essay"),
                "reasons[0].fields[0]",
                "'essay' is not declared under text_limits",
            ),
            (
                ((*REASON, "requirements", 1, "when"), {"weather": "wet"}),
                "reasons[0].requirements[1].when",
                "'weather' is not declared under details",
            ),
            (
                ((*REASON, "requirements", 1, "when"), {"network": "Visa"}),
                "reasons[0].requirements[1].when",
                "'network' cannot be Visa",
            ),
            (
                ((*REASON, "requirements", 2), SAME_CHAT),
                "reasons[0].requirements",
                "'chat' stands twice under conditions that overlap",
            ),
            (
                (
                    ("deliveries", 0, "limits_when"),
                    [
                        {"when": {"network": "visa"}, "limits": {"language": "en"}},
                        {"when": {"scheme": "fbo"}, "limits": {"language": "ru"}},
                    ],
                ),
                "deliveries[0].limits_when",
                "conditions that overlap both set language",
            ),
            (
                (
                    ("deliveries", 0, "limits_when"),
                    [
                        {"when": {"network": "visa"}, "limits": {"media_types": ["image/png"]}},
                        {"when": {"scheme": "fbo"}, "limits": {"media_types": ["image/jpeg"]}},
                    ],
                ),
                "deliveries[0].limits_when",
                "impossible limits: no media_types is left",
            ),
            (
                (("deliveries", 0, "limits_when", 0, "limits", "max_pages"), 30),
                "deliveries[0].limits_when[0].limits.max_pages",
                "looser than what always applies",
            ),
            (
                ((*LIMITS, "max_file_bytes_by_type"), {"image/png": 0}),
                "deliveries[0].limits.max_file_bytes_by_type.image/png",
                "impossible limit: 0 is not above 0",
            ),
            (
                (
                    ("deliveries", 0, "limits"),
                    {"media_types": ["image/png"], "max_file_bytes_by_type": {"image/gif": 9}},
                ),
                "deliveries[0].limits.max_file_bytes_by_type",
                "image/gif is not among media_types",
            ),
            ((("reasons", 1), GOOD["reasons"][0]), "reasons", "code 'not_received' stands 2 times"),
            (((*CLOCK, "amount_max"), 5), "clocks[0].amount_max", "the upper end is not above"),
            (((*CLOCK, "reasons"), ["late"]), "clocks[0].reasons", "there is no reason 'late'"),
            (
                ((*CLOCK, "when"), {"network": "jcb"}),
                "clocks[0].when",
                "'network' cannot be jcb",
            ),
            (((*CLOCK, "unit"), "weeks"), "clocks[0].unit", "'weeks' is not one of"),
            (((*CLOCK, "actor"), "bank"), "clocks[0].actor", "'bank' is not one of"),
            (
                ((*CLOCK, "differs_from"), "answer"),
                "clocks[0].differs_from",
                "'answer' is no clock of the seller that itself differs from none",
            ),
            (((*CLOCK, "amount"), GONE), "clocks[0]", "is not valid under any of the given"),
            ((("surprise",), 1), "pack", "surprise"),
        ],
    )
    def test_names_what_is_wrong_and_where(self, write, change, where, message):
        problems = check([write(changed(change))])

        assert where in [p.where for p in problems if message in p.message]
        assert all(str(p).startswith("shop.yaml: ") for p in problems)

    def test_names_everything_at_once(self, write):
        problems = check(
            [write(changed(((*LIMITS, "max_pages"), -1), ((*ASKED, "sources"), ["rumour"])))]
        )

        assert {p.where for p in problems} >= {
            "deliveries[0].limits.max_pages",
            "reasons[0].requirements[0].sources",
        }

    def test_allows_one_id_under_conditions_that_exclude_each_other(self, write):
        visa = SAME_CHAT | {"when": {"network": "visa"}}
        amex = SAME_CHAT | {"when": {"network": ["amex"]}, "level": "required"}

        pack = changed(((*REASON, "requirements", 0), visa), ((*REASON, "requirements", 2), amex))

        assert check([write(pack)]) == []

    def test_refuses_one_id_for_two_packs(self, write):
        problems = check([write(GOOD), write(GOOD, "store.yaml")])

        assert [str(p) for p in problems] == ["store.yaml: id: 'shop' is the id of shop.yaml too"]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("id: shop\nid: store\n", "'id' stands twice"),
            ("id: [", "while parsing"),
            ("- 1\n", "is not of type 'object'"),
            ("", "is not of type 'object'"),
        ],
    )
    def test_says_what_is_no_pack_at_all(self, write, text, message):
        [problem] = check([write(text)])

        assert message in problem.message

    def test_says_that_a_file_is_not_there(self, tmp_path):
        [problem] = check([tmp_path / "none.yaml"])

        assert "No such file" in problem.message

    @settings(deadline=None, max_examples=50)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from([*GOOD, "limits", "when"]), inner, max_size=4)
            ),
            max_leaves=8,
        )
    )
    def test_never_stumbles_over_a_file_of_another_form(self, tmp_path_factory, raw):
        path = tmp_path_factory.mktemp("packs") / "shop.yaml"
        path.write_text(yaml.safe_dump(raw), "utf-8")

        assert check([path]) != []


class TestLoad:
    def test_refuses_a_pack_with_problems_and_names_them(self, write):
        with pytest.raises(BadPack, match=r"shop\.yaml: deliveries: a pack needs at least one"):
            load(write(changed((("deliveries",), []))))

    def test_fills_a_requirement_from_the_entry_of_its_id(self, write):
        chat = load(write(GOOD)).reason("not_received").requirements[0]

        assert chat.why == WORDS
        assert [kind.value for kind in chat.kinds] == ["chat_transcript"]

    def test_takes_an_official_source_for_confirmed_only_where_the_entry_is(self, write):
        pack = load(write(changed(((*ASKED, "verified"), False))))

        chat, label = pack.reason("not_received").requirements
        assert [source.verified for source in (*chat.sources, *label.sources)] == [False, False]
        assert chat.sources[0].read_on.isoformat() == "2026-09-01"

    def test_applies_a_limit_only_under_its_condition(self, write):
        [delivery] = load(write(GOOD)).deliveries

        assert delivery.limits_for({"network": "visa"})["max_pages"] == 10
        assert delivery.limits_for({"network": "amex"})["max_pages"] == 20
        assert delivery.limits_for({})["max_pages"] == 20

    def test_takes_of_each_limit_the_strictest_of_all_that_apply(self, write):
        narrower = [
            {"when": {"network": "visa"}, "limits": {"max_pages": 10, "min_dpi": 100}},
            {
                "when": {"scheme": "fbo"},
                "limits": {
                    "max_pages": 5,
                    "min_dpi": 150,
                    "media_types": ["image/jpeg", "image/png"],
                    "colour": "black_and_white",
                    "links": False,
                    "text": {"comment": {"max_chars": 90}, "title": {"max_chars": 10}},
                    "max_file_bytes_by_type": {"image/jpeg": 500},
                },
            },
            {
                "when": {"network": "visa", "scheme": "fbo"},
                "limits": {
                    "media_types": ["application/pdf", "image/jpeg"],
                    "text": {"comment": {"max_chars": 80, "max_bytes": 100}},
                    "max_file_bytes_by_type": {"image/jpeg": 400, "image/png": 300},
                },
            },
        ]
        always = {"max_pages": 20, "colour": "no_highlighting", "links": True}
        pack = changed(
            (("deliveries", 0, "limits"), always), (("deliveries", 0, "limits_when"), narrower)
        )
        [delivery] = load(write(pack)).deliveries
        backwards = pack["deliveries"][0] | {"limits_when": narrower[::-1]}
        [turned] = load(write(changed((("deliveries", 0), backwards)))).deliveries

        both = {"network": "visa", "scheme": "fbo"}
        assert delivery.limits_for(both) == {
            "max_pages": 5,
            "min_dpi": 150,
            "media_types": ["image/jpeg"],
            "colour": "black_and_white",
            "links": False,
            "text": {"comment": {"max_chars": 80, "max_bytes": 100}, "title": {"max_chars": 10}},
            "max_file_bytes_by_type": {"image/jpeg": 400, "image/png": 300},
        }
        assert turned.limits_for(both) == delivery.limits_for(both)
        assert delivery.limits_for(both) == merged_limits(
            delivery.limits_for(both), delivery.limits_for({"network": "visa"})
        )
        assert delivery.limits_for({}) == always

    def test_shows_a_pack_as_json_values(self, write):
        plain = pack_plain(load(write(GOOD)))

        assert json.loads(json.dumps(plain)) == plain
        [reason] = plain["reasons"]
        assert reason["requirements"][0]["kinds"] == ["chat_transcript"]
        assert reason["requirements"][1]["when"] == {"network": ["visa"]}
        assert plain["clocks"][0]["from"] == "opened"
        assert plain["deliveries"][0]["one_try"] is False


def said(old, new, language="en", reason=None):
    return [change.said(language) for change in diff(old, new, reason)]


CHAT = "reason not_received: requirement chat"
HELP = f"{CHAT}: source https://example.com/help"


class TestDiff:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ((("version",), "2"), "pack: the version is now 2 (was 1)"),
            (
                ((*ASKED, "level"), "optional"),
                f"{CHAT}: the level is now Optional (was Required)",
            ),
            (((*ASKED, "at_least"), 2), f"{CHAT}: the least number is now 2 (was 1)"),
            (
                ((*ASKED, "when"), {"network": "amex"}),
                f"{CHAT}: the condition is now network = amex (was none)",
            ),
            (
                (("evidence", "chat", "accepts"), ["chat_transcript", "chat_screenshot"]),
                f"{CHAT}: what is accepted now with Chat screenshot",
            ),
            (
                (("evidence", "chat", "why", "ru"), "иначе"),
                f"{CHAT}: the reason given was reworded (ru)",
            ),
            (
                ((*ASKED, "verified"), False),
                f"{HELP}: that an official source confirms it is now no (was yes)",
            ),
            (
                ((*REASON, "requirements", 1), GONE),
                "reason not_received: requirement label was removed",
            ),
            (
                ((*REASON, "common"), "late"),
                "reason not_received: the common reason is now late (was none)",
            ),
            (
                ((*REASON, "fields", 0, "level"), "required"),
                "reason not_received: field comment: the level is now Required (was Optional)",
            ),
            (
                ((*LIMITS, "max_pages"), 30),
                "delivery form: limit max_pages is now 30 (was 20)",
            ),
            (
                ((*LIMITS, "max_pages"), GONE),
                "delivery form: limit max_pages is now none (was 20)",
            ),
            (
                ((*LIMITS, "text"), {"comment": {"max_chars": 9}}),
                "delivery form: limit text.comment.max_chars is now 9 (was none)",
            ),
            (
                (("deliveries", 0, "limits_when", 0, "limits", "max_pages"), 9),
                "delivery form: limit max_pages (network = visa) is now 9 (was 10)",
            ),
            (
                (("deliveries", 0, "one_try"), True),
                "delivery form: that it can be sent only once is now yes (was no)",
            ),
            (
                (("deliveries", 0, "form"), "images"),
                "delivery form: the form is now images (was pdf)",
            ),
            (((*CLOCK, "amount"), 3), "clock answer: the term is now 3 days (was 5 days)"),
            (
                ((*CLOCK, "actor"), "buyer"),
                "clock answer: who has to act is now the buyer (was the seller)",
            ),
            (
                ((*CLOCK, "when"), {"network": "visa"}),
                "clock answer: the condition is now network = visa (was none)",
            ),
            ((("details", "colour"), {"title": WORDS}), "detail colour was added"),
            (
                (("details", "network", "values"), ["visa", "amex", "jcb"]),
                "detail network: the possible values now with jcb",
            ),
            (
                (("text_limits", "comment", "max_chars"), 9),
                "text field comment: the limit in characters is now 9 (was 500)",
            ),
            ((("notes",), []), "note mind was removed"),
            (
                (
                    ("not_accepted",),
                    [{"id": "video", "text": WORDS, "verified": True, "sources": ["help"]}],
                ),
                "not accepted: video was added",
            ),
        ],
    )
    def test_says_what_changed_in_words(self, write, change, sentence):
        new = changed(change)
        # An entry or source nobody uses any more would be refused.
        if change[0] == (*REASON, "requirements", 1):
            del new["sources"]["client"]
        before, after = load(write(GOOD)), load(write(new, "new.yaml"))

        assert sentence in said(before, after)
        for language in ("zh", "ru"):
            [words] = said(before, after, language)
            assert words not in said(before, after)
            assert "change." not in words

    def test_what_has_a_title_is_called_by_it(self):
        change = Change("added", (("reason", "late"), ("requirement", "chat")))

        said = change.said("en", {("requirement", "chat"): "The chat"})

        assert said == "reason late: requirement The chat was added"

    def test_says_nothing_of_what_is_the_same(self, write):
        assert diff(load(write(GOOD)), load(write(GOOD, "new.yaml"))) == []

    def test_says_it_in_the_reader_s_language(self, write):
        old, new = load(write(GOOD)), load(write(changed(((*ASKED, "level"), "optional"))))

        assert said(old, new, "zh") == ["原因 not_received: 要求 chat：级别由 必需 改为 可选"]
        assert said(old, new, "ru") == [
            "причина not_received: требование chat: уровень теперь По желанию (было Обязательно)"
        ]

    def test_the_command_says_it_in_the_language_asked_for(self, write, capsys):
        old, new = write(GOOD), write(changed(((*CLOCK, "actor"), "carrier")), "new.yaml")

        assert main(["rules", "diff", str(old), str(new), "--language", "ru"]) == 0
        assert (
            capsys.readouterr().out
            == "срок answer: кто действует теперь перевозчик (было продавец)\n"
        )

    def test_opens_with_the_version(self, write):
        new = write(changed((("version",), "2"), ((*LIMITS, "max_pages"), 30)), "new.yaml")

        assert "the version is now 2" in said(load(write(GOOD)), load(new))[0]


CHECKS = ("evidence", "chat", "checks")
TRACK = ("evidence", "chat", "accepts")


class TestChecks:
    @pytest.mark.parametrize(
        "found",
        [
            {"sort": "transcript_covers", "since": "order_placed", "slack_hours": 9},
            {"sort": "first_reply", "within_hours": 24},
            {"sort": "channel_is", "one_of": ["ozon"]},
            {"sort": "language_is", "one_of": ["en", "ru"]},
            {"sort": "picture_legible", "min_pt": 9},
        ],
    )
    def test_reach_the_requirement_as_they_are_written(self, write, found):
        path = write(changed((CHECKS, [found])))

        assert check([path]) == []
        [first, *_] = load(path).reasons[0].requirements
        assert [one.to_plain() for one in first.checks] == [found]

    @pytest.mark.parametrize(
        ("found", "said"),
        [
            ({"sort": "wish"}, "'wish' is not one of"),
            ({"sort": "first_reply"}, "'within_hours' is a required property"),
            ({"sort": "first_reply", "within_hours": 0}, "0 is less than the minimum"),
            ({"sort": "first_reply", "within_hours": 1, "x": 1}, "'x' was unexpected"),
            ({"sort": "transcript_covers", "since": "yesterday"}, "does not match"),
            ({"sort": "transcript_covers", "since": "detail:x"}, "'x' is not declared"),
            ({"sort": "tracking_shows", "status": "lost"}, "'lost' is not one of"),
            ({"sort": "tracking_shows", "status": "delivered"}, "none of what it accepts"),
            ({"sort": "amount_agrees"}, "none of what it accepts"),
        ],
    )
    def test_what_they_cannot_ask_is_named(self, write, found, said):
        problems = [str(problem) for problem in check([write(changed((CHECKS, [found])))])]

        assert any(said in line and "checks" in line for line in problems), problems

    def test_a_window_that_ends_before_it_begins_is_impossible(self, write):
        found = {"sort": "prior_transactions", "min_days": 365, "max_days": 120}
        pack = changed((CHECKS, [found]), (TRACK, ["order_record"]))

        [problem] = check([write(pack)])

        assert "impossible span" in problem.message

    def test_a_check_that_came_or_went_is_said(self, write):
        found = [{"sort": "channel_is", "one_of": ["ozon", "line"]}]
        old, new = load(write(GOOD)), load(write(changed((CHECKS, found))))

        [came] = said(old, new)
        assert came.endswith("what is checked now with sort: channel_is, one_of: ozon / line")
        [went] = said(new, old)
        assert "what is checked no longer with sort: channel_is" in went

    def test_the_change_of_another_reason_concerns_nobody_here(self, write):
        other = {**GOOD["reasons"][0], "code": "late"}
        old, new = load(write(GOOD)), load(write(changed((("reasons", 1), other))))

        assert diff(old, new, "not_received") == []
        assert said(old, new) == ["reason late was added"]


@given(st.lists(LIMITS_OF_ANY, min_size=1, max_size=4), st.randoms())
def test_merged_limits_are_the_strictest_in_whatever_order(several, chance):
    merged = reduce(merged_limits, several)
    shuffled = list(several)
    chance.shuffle(shuffled)

    assert reduce(merged_limits, shuffled) == merged == merged_limits(merged, merged)
    for one in several:
        assert merged_limits(merged, one) == merged


class TestList:
    def test_counts_requirements_and_those_that_nobody_confirmed(self):
        rows = listed(all_packs())
        reasons = {row["reason"]: row for row in rows if row["platform"] == "ozon"}

        assert reasons["malicious_claim"]["requirements"] == 3
        assert reasons["malicious_claim"]["unconfirmed"] == 3
        assert reasons["rfbs_return_request"]["unconfirmed"] == 0


def test_the_schema_beside_the_packs_is_the_one_in_use():
    path = builtin_paths()[0].with_name("pack.schema.json")

    assert json.loads(path.read_text("utf-8")) == schema()
