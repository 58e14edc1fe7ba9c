"""Parts of a bundle are drawn once; what is put together from them is the same to the byte."""

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from bundle_corpus import (
    START,
    FolderParts,
    draw_chat,
    evidence_id,
    exhibit,
    make_content,
    make_corpus,
)

from evidence_service.adapters.pdf import draw_parts, render_bundle
from evidence_service.adapters.pdf.made_with import (
    faces,
    fingerprint,
    fingerprint_of,
    versions,
)
from evidence_service.domain.bundle import BundleLanguage, ChatLine, Conversation
from evidence_service.domain.evidence import EvidenceKind

# The program that draws, by a clock that is a day ahead.
TOMORROW = """
import sys, time
now = time.time
time.time = lambda: now() + 100_000
from evidence_service.adapters.pdf.child import _render, main
sys.exit(main(sys.argv[1], _render))
"""
MESSAGES = 230  # two parts of a transcript


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given")
    return make_corpus(folder, screenshots=3, message_count=MESSAGES, scan_count=10)


@pytest.fixture(scope="module")
def cold(corpus, tmp_path_factory):
    """The bundle drawn with nothing ready, and the parts it left behind."""
    out = tmp_path_factory.mktemp("out") / "b.pdf"
    parts = FolderParts(tmp_path_factory.mktemp("parts"))
    draw(corpus[0], corpus[1], out, parts)
    return out.read_bytes(), parts


@pytest.fixture
def parts(cold, tmp_path):
    """All the parts, for one test to spoil."""
    kept = FolderParts(tmp_path / "parts")
    kept.folder.mkdir()
    cold[1].fetch([path.name for path in cold[1].folder.iterdir()], kept.folder)
    return kept


def draw(content, files, out, parts):
    return render_bundle(content, files, out, progress=lambda _: None, parts=parts)


@contextmanager
def one_processor():
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


class TestWhatIsReady:
    def test_is_drawn_by_nobody_again_and_gives_the_same_bytes(self, corpus, cold, parts, tmp_path):
        draw(*corpus, tmp_path / "b.pdf", parts)

        assert parts.drawn == []
        assert (tmp_path / "b.pdf").read_bytes() == cold[0]

    def test_is_drawn_anew_where_it_was_damaged(self, corpus, cold, parts, tmp_path):
        whole, short, *_ = sorted(parts.folder.iterdir())
        whole.write_bytes(whole.read_bytes().replace(b"0", b"1", 1))
        short.write_bytes(short.read_bytes()[:40])

        draw(*corpus, tmp_path / "b.pdf", parts)

        assert (tmp_path / "b.pdf").read_bytes() == cold[0]

    def test_can_be_drawn_ahead_of_the_bundle(self, corpus, cold, tmp_path):
        parts = FolderParts(tmp_path / "parts")
        parts.folder.mkdir()
        draw_parts(*corpus, tmp_path, progress=lambda _: None, parts=parts)
        assert sorted(parts.drawn) == sorted(cold[1].drawn)
        parts.drawn = []

        draw(*corpus, tmp_path / "b.pdf", parts)

        assert parts.drawn == []
        assert (tmp_path / "b.pdf").read_bytes() == cold[0]

    def test_serves_the_approved_one_too_but_for_the_certificate(self, corpus, cold, tmp_path):
        content, files = corpus
        preview = replace(content, is_preview=True, approved_at=None)
        parts = FolderParts(tmp_path / "parts")
        parts.folder.mkdir()
        draw_parts(preview, files, tmp_path, progress=lambda _: None, parts=parts)
        parts.drawn = []

        draw(content, files, tmp_path / "b.pdf", parts)

        assert len(parts.drawn) <= 2  # with a font, if it says something in other letters
        assert (tmp_path / "b.pdf").read_bytes() == cold[0]


class TestAChange:
    def test_of_one_more_picture_draws_no_transcript(self, corpus, parts, tmp_path):
        content, files = corpus
        draw_chat(tmp_path / "more.png", 9)
        more = exhibit(300, EvidenceKind.ORDER_SCREENSHOT, tmp_path / "more.png")

        draw(
            replace(content, exhibits=(*content.exhibits, more)),
            files | {more.evidence_id: tmp_path / "more.png"},
            tmp_path / "b.pdf",
            parts,
        )

        drawn = [(parts.folder / name).read_bytes() for name in parts.drawn]
        assert 0 < sum(part.startswith(b"%PDF") for part in drawn) <= 5
        assert max(len(part) for part in drawn) < 200_000

    @pytest.mark.parametrize("library", ["weasyprint", "pango", "harfbuzz", "pikepdf", "pillow"])
    def test_of_a_library_makes_every_part_another(self, library):
        assert fingerprint_of({**versions(), library: "another"}, faces()) != fingerprint()

    def test_of_a_font_too(self):
        place, face = next(iter(faces().items()))
        changed = {**faces(), place: replace(face, version="9.999")}

        assert fingerprint_of(versions(), changed) != fingerprint()


class TestTheSameBytes:
    def test_come_from_one_process_and_from_two(self, corpus, cold, tmp_path):
        with one_processor():
            draw(*corpus, tmp_path / "b.pdf", None)

        assert (tmp_path / "b.pdf").read_bytes() == cold[0]

    def test_come_on_another_day(self, corpus, cold, tmp_path):
        drawer = (sys.executable, "-P", "-c", TOMORROW)
        render_bundle(*corpus, tmp_path / "b.pdf", progress=lambda _: None, drawer=drawer)

        assert (tmp_path / "b.pdf").read_bytes() == cold[0]


LANGUAGES = {
    "en": (
        "The parcel was handed over to the carrier yesterday.",
        "Did you check with neighbours?",
    ),
    "ru": ("Посылка передана перевозчику вчера вечером.", "Проверьте, пожалуйста, у соседей."),
    "es": ("El paquete llegó el miércoles, ¿lo recibió usted?", "Mañana le devolverán el dinero."),
    "zh": ("包裹昨天已经交给承运商。", "请您和邻居确认一下是否代收。"),
    "ar": (
        "تم تسليم الطرد إلى شركة الشحن أمس",
        "هل يمكنكم سؤال الجيران من فضلكم",
        "مرحبا هل يمكنكم تأكيد عنوان التسليم رقم 14 من فضلكم",
        "نعم العنوان صحيح وسيصل الطرد قريبا إن شاء الله",
        "شكرا جزيلا وصلت البضاعة سليمة يوم الخميس",
    ),
}
FOUND = dict.fromkeys(LANGUAGES, 0.99) | {"ar": 0.94}


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """What pdftotext finds in a transcript of five languages, spaces taken out."""
    folder = tmp_path_factory.mktemp("spoken")
    (folder / "chat.json").write_text("{}")
    lines = tuple(
        ChatLine(author="", role="buyer", sent_at=START + timedelta(hours=n), text=text)
        for n, text in enumerate(text for said in LANGUAGES.values() for text in said)
    )
    content = make_content(
        language=BundleLanguage.ENGLISH,
        exhibits=(exhibit(1, EvidenceKind.CHAT_TRANSCRIPT, folder / "chat.json"),),
        conversations=(Conversation(evidence_id=evidence_id(1), channel="Ozon", lines=lines),),
    )
    draw(content, {evidence_id(1): folder / "chat.json"}, folder / "b.pdf", None)
    told = subprocess.run(["pdftotext", folder / "b.pdf", "-"], capture_output=True, check=True)
    return "".join(told.stdout.decode().split())


SCRIPTS = (
    "👍🏽 🎉 👨‍👩‍👧 🇰🇿 ❤️",
    "พัสดุมาถึงแล้ว ขอบคุณค่ะ",
    "החבילה הגיעה, תודה רבה",
    "पार्सल मिल गया, धन्यवाद",
    "ამანათი მივიღე, გმადლობთ",
    "Ստացա ծանրոցը, շնորհակալություն",
    "Сәлемдеме келді, рақмет! Әй, қоңыр өң, ұзақ, үй, іс, һәм",
    "Tôi đã nhận được bưu kiện, cảm ơn rất nhiều",
    "包裹收到了，謝謝。荷物が届きました。소포를 받았습니다.",
)


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """A transcript with a line in each script."""
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "chat.json").write_text("{}")
    lines = tuple(
        ChatLine(author="", role="buyer", sent_at=START + timedelta(hours=n), text=text)
        for n, text in enumerate(SCRIPTS)
    )
    content = make_content(
        exhibits=(exhibit(1, EvidenceKind.CHAT_TRANSCRIPT, folder / "chat.json"),),
        conversations=(Conversation(evidence_id=evidence_id(1), channel="Ozon", lines=lines),),
    )
    return draw(content, {evidence_id(1): folder / "chat.json"}, folder / "b.pdf", None)


class TestWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_a_transcript_are_found_by_a_search(self, spoken, language):
        said = LANGUAGES[language]
        words = [part for text in said for part in (text if language == "zh" else text.split())]

        found = sum(word in spoken for word in words)

        assert found / len(words) >= FOUND[language]

    def test_of_every_script_a_buyer_may_write_in_are_drawn(self, scripts):
        assert scripts.missing_glyphs == ()
