import pytest

from evidence_service.domain.evidence import EvidenceKind, can_be


class TestCanBe:
    @pytest.mark.parametrize(
        ("kind", "media_type", "possible"),
        [
            (EvidenceKind.ORDER_SCREENSHOT, "image/png", True),
            (EvidenceKind.ORDER_SCREENSHOT, "text/plain", False),
            (EvidenceKind.CHAT_SCREENSHOT, "application/pdf", False),
            (EvidenceKind.PACKING_VIDEO, "video/mp4", True),
            (EvidenceKind.PACKING_VIDEO, "application/octet-stream", True),
            (EvidenceKind.PACKING_VIDEO, "image/png", False),
            (EvidenceKind.CHAT_TRANSCRIPT, "application/json", True),
            (EvidenceKind.ADDITIONAL_INFORMATION, "application/octet-stream", True),
        ],
    )
    def test_knows_which_bytes_could_be_it(self, kind, media_type, possible):
        assert can_be(kind, media_type) is possible
