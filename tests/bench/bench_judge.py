"""What judging costs: one large case, and the whole queue anew.

    python tests/bench/bench_judge.py [cases]

A case of 100 items and 2,000 messages is judged, with its contradictions, in 5 ms; 100,000 cases of
a queue are judged again in 5 minutes on one core, their digests read from the rows' JSON each time.
Ends with status 1 where it takes longer.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from factories import NOON, make_case, make_item

from evidence_service.domain.digest import Digest, digest
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Address, Money, Order
from evidence_service.domain.reading import Reading
from evidence_service.domain.tracking import (
    Tracking,
    TrackingEvent,
    TrackingStatus,
)
from evidence_service.domain.transcript import (
    Message,
    MessageRole,
    Transcript,
)
from evidence_service.platforms.rules import builtin_paths
from evidence_service.platforms.schema import build, read_yaml
from evidence_service.usecases.judging import contradictions_of, judge_case

MOST_MS, MOST_S = 5.0, 300.0
MOSCOW = Address(street="Tverskaya 1", city="Москва", postcode="125009", country="RU")
CHECKS = {
    "proof_of_delivery": [
        {"sort": "tracking_shows", "status": "delivered", "before": "case_opened", "to": "city"}
    ],
    "chat_transcript": [
        {"sort": "transcript_covers", "since": "order_placed", "slack_hours": 720},
        {"sort": "first_reply", "within_hours": 24},
        {"sort": "channel_is", "one_of": ["ozon"]},
        {"sort": "language_is", "one_of": ["ru"]},
    ],
    "order_screenshot": [{"sort": "picture_legible", "min_pt": 9}],
}


def pack():
    """Ozon's, with every line of the bench's reason checked."""
    raw = read_yaml(next(path for path in builtin_paths() if path.stem == "ozon"))
    for name, checks in CHECKS.items():
        raw["evidence"][name]["checks"] = checks
    return build(raw)


def track():
    events = tuple(
        TrackingEvent(
            at=NOON - timedelta(days=9, hours=-n),
            local_time="",
            status=TrackingStatus.DELIVERED if n == 19 else TrackingStatus.IN_TRANSIT,
            place="г. Москва",
        )
        for n in range(20)
    )
    return Tracking("RB1", "post", TrackingStatus.DELIVERED, events=events, destination=MOSCOW)


def chat(messages):
    return Transcript(
        "ozon",
        tuple(
            Message(
                author="a",
                role=(MessageRole.BUYER, MessageRole.SELLER)[n % 2],
                sent_at=NOON - timedelta(days=20, minutes=-n),
                local_time="",
                text="Добрый день! Получил посылку, но она повреждена. Что мне теперь делать?",
            )
            for n in range(messages)
        ),
    )


def order(number):
    total, placed = Money.parse("1290.00", "RUB"), NOON - timedelta(days=30)
    return Order(number, "ozon", placed, total=total, ship_to=MOSCOW, tracking_numbers=("RB1",))


def item(kind, *contents):
    read = digest(Reading("application/json", contents=contents))
    facts = frozenset().union(*(one.facts for one in contents))
    return make_item(kind, digest=read, facts=facts)


def large_case():
    """30 tracks, 20 chats of 100 messages each, 20 orders and 30 pictures that say nothing."""
    case = make_case(amount=Money.parse("1290.00", "RUB"))
    case.items = [
        *(item(EvidenceKind.TRACKING_HISTORY, track()) for _ in range(30)),
        *(item(EvidenceKind.CHAT_TRANSCRIPT, chat(100)) for _ in range(20)),
        *(item(EvidenceKind.ORDER_RECORD, order(case.order_numbers[0])) for _ in range(20)),
        *(make_item(EvidenceKind.ORDER_SCREENSHOT) for _ in range(30)),
    ]
    return case


def usual_case():
    """A track, a chat, an order and three pictures."""
    case = make_case(amount=Money.parse("1290.00", "RUB"))
    case.items = [
        item(EvidenceKind.TRACKING_HISTORY, track()),
        item(EvidenceKind.CHAT_TRANSCRIPT, chat(20)),
        item(EvidenceKind.ORDER_RECORD, order(case.order_numbers[0])),
        *(make_item(EvidenceKind.ORDER_SCREENSHOT) for _ in range(3)),
    ]
    return case


def one_case_ms(rules):
    case = large_case()
    took = []
    for _ in range(50):
        started = time.perf_counter()
        judge_case(case, rules)
        contradictions_of(case, rules)
        took.append((time.perf_counter() - started) * 1000)
    return median(took), max(took)


def queue_s(rules, cases):
    """Every case with its digests read anew, as after a load."""
    made = [usual_case() for _ in range(100)]
    rows = [[json.dumps(one.digest.to_plain()) for one in case.items] for case in made]
    started = time.perf_counter()
    for case, digests in islice(cycle(zip(made, rows, strict=True)), cases):
        for one, text in zip(case.items, digests, strict=True):
            one.digest = Digest.from_plain(json.loads(text))
        judge_case(case, rules)
    return time.perf_counter() - started


def main():
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rules = pack()
    usual, worst = one_case_ms(rules)
    print(f"100 items, 2,000 messages: {usual:.2f} ms, at most {worst:.2f} ms (of {MOST_MS:g})")
    gc.freeze()
    took = queue_s(rules, cases)
    allowed = MOST_S * cases / 100_000
    print(f"{cases:,} cases: {took:.1f} s, {took / cases * 1e6:.0f} µs each (of {allowed:g} s)")
    return int(usual > MOST_MS or took > allowed)


if __name__ == "__main__":
    sys.exit(main())
