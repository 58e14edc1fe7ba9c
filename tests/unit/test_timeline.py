"""Order, tracking and chat on one axis."""

from factories import NOON, make_case, make_item

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.timeline import timeline
from evidence_service.domain.transcript import Message, MessageRole, Transcript


def test_a_message_without_an_author_stands_by_its_words_alone():
    item = make_item(EvidenceKind.CHAT_TRANSCRIPT)
    case = make_case(items=[item])
    messages = (
        Message("Ann", MessageRole.BUYER, NOON, "", "hello"),
        Message("", MessageRole.SYSTEM, NOON, "", "You were added"),
    )

    found = timeline(case, {item.id: (Transcript("whatsapp", messages),)})

    assert [one.text for one in found if one.lane == "chat"] == ["Ann: hello", "You were added"]
