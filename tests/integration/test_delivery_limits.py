"""Every platform's every delivery, made for real and held against its limits from outside."""

import io
import json
import zipfile
from dataclasses import replace

import pypdfium2
import pytest
from delivery_check import broken_limits, opened
from delivery_corpus import evidence_id, make_order
from PIL import Image

from evidence_service.adapters.delivery import make_delivery
from evidence_service.adapters.delivery.build import build
from evidence_service.domain.bundle import RenderTimedOut
from evidence_service.domain.checklist import Level
from evidence_service.domain.delivery import DeliveryTextTooLong, DeliveryTooLarge
from evidence_service.platforms import all_packs


def channels():
    """Each form with each set of limits once, under the name of its first platform."""
    seen = {}
    for pack in all_packs():
        for delivery in pack.deliveries:
            details = [{}, *(dict(more.when) for more in delivery.limits_when)]
            for one in details:
                limits = delivery.limits_for(one)
                key = json.dumps([delivery.form, limits], sort_keys=True, default=list)
                name = "-".join((pack.id, delivery.id, *one.values()))
                seen.setdefault(key, (name, delivery.form, limits))
    return list(seen.values())


def params():
    """All of them by night; by day as few as show every limit in every form that has it."""
    seen = set()
    for name, form, limits in sorted(channels(), key=lambda channel: -len(channel[2])):
        new = {(form, limit) for limit in limits or ["none"]} - seen
        seen |= new
        yield pytest.param(form, limits, id=name, marks=[] if new else pytest.mark.nightly)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return tmp_path_factory.mktemp("corpus")


def make(folder, form, limits, out, **over):
    order, files = make_order(folder, form, limits, **over)
    order = replace(order, statement={} if order.limits.text else order.statement)
    build(order, files, out, lambda _: None)
    return out.read_bytes()


@pytest.mark.parametrize(("form", "limits"), list(params()))
def test_keeps_every_limit_and_what_is_required(form, limits, corpus, tmp_path):
    content = make(corpus, form, limits, tmp_path / "out")

    assert list(broken_limits(content, limits)) == []
    _, manifest = opened(content)
    held = {one for row in manifest["files"] for one in row["evidence_ids"]}
    left = {one["evidence_id"] for one in manifest["omissions"] if one["what"] == "left_out"}
    assert held | left == {str(evidence_id(number)) for number in range(11, 18)}
    assert not held & left
    assert {str(evidence_id(11)), str(evidence_id(13))} <= held


class TestOneDelivery:
    def test_is_the_same_bytes_whenever_it_is_made(self, corpus, tmp_path):
        limits = {"max_total_bytes": 1_200_000}
        first = make(corpus, "images", limits, tmp_path / "one")

        assert first == make(corpus, "images", limits, tmp_path / "two")

    def test_fills_its_budget(self, corpus, tmp_path):
        limits = {"media_types": ["image/jpeg", "image/png"], "max_total_bytes": 900_000}
        content = make(corpus, "images", limits, tmp_path / "out")

        files, manifest = opened(content)
        assert any(one["what"] == "shrunk" for one in manifest["omissions"])
        assert 0.95 * 900_000 <= sum(map(len, files.values())) <= 900_000

    def test_all_in_one_picture_is_no_ribbon(self, corpus, tmp_path):
        files, manifest = opened(make(corpus, "images", {"max_files": 1}, tmp_path / "out"))

        (name,) = files.keys() - {"statement.txt"}
        assert len(manifest["files"][0]["evidence_ids"]) == 6
        with Image.open(io.BytesIO(files[name])) as joined:
            assert joined.height < 3 * joined.width

    def test_a_page_as_a_picture_ends_with_what_is_written_on_it(self, corpus, tmp_path):
        files, _ = opened(make(corpus, "images", {}, tmp_path / "out"))

        (name,) = (one for one in files if "tracking_history" in one)
        with Image.open(io.BytesIO(files[name])) as page:
            ink = page.convert("L").point(lambda level: 255 * (level < 200)).getbbox()
            assert page.height < 1.2 * page.width
            assert ink[3] > 0.9 * page.height

    def test_a_page_says_what_goes_on_there(self, corpus, tmp_path):
        files, _ = opened(make(corpus, "pdf_per_kind", {"min_text_pt": 12}, tmp_path / "out"))

        with pypdfium2.PdfDocument(files["chat_screenshot.pdf"]) as pdf:
            said = [page.get_textpage().get_text_range() for page in pdf]
        assert "C-12 · Chat screenshot" in said[-2]
        assert "C-12 · 2/2" in said[-1]

    def test_a_photograph_stands_upright_without_saying_where_it_was_taken(self, corpus, tmp_path):
        files, manifest = opened(make(corpus, "images", {}, tmp_path / "out"))

        row = next(r for r in manifest["files"] if str(evidence_id(15)) in r["evidence_ids"])
        with Image.open(io.BytesIO(files[row["name"]])) as photo:
            assert photo.size == (1200, 1600)
            assert not photo.getexif()

    def test_one_pdf_is_no_archive(self, corpus, tmp_path):
        assert make(corpus, "pdf", {}, tmp_path / "out").startswith(b"%PDF-")

    def test_a_preview_shows_it_on_every_picture(self, corpus, tmp_path):
        order, _ = make_order(corpus, "images", {})
        content = replace(order.content, is_preview=True, approved_at=None)
        plain, _ = opened(make(corpus, "images", {}, tmp_path / "one"))
        marked, _ = opened(make(corpus, "images", {}, tmp_path / "two", content=content))

        pictures = [name for name in plain if name.endswith((".jpg", ".png"))]
        assert pictures
        assert not {plain[name] for name in pictures} & set(marked.values())

    def test_a_statement_too_long_is_refused_with_its_count(self, corpus, tmp_path):
        order, files = make_order(
            corpus,
            "images",
            {"text": {"note": {"max_chars": 1000}}},
            statement={"note": "x" * 1204},
        )

        with pytest.raises(DeliveryTextTooLong) as caught:
            make_delivery(order, files, tmp_path / "out", progress=lambda _: None)
        assert caught.value.params == {"fields": "note: 1204 > 1000"}

    def test_what_is_required_and_too_large_fails_with_the_list(self, corpus, tmp_path):
        order, files = make_order(corpus, "pdf_per_kind", {"max_total_bytes": 90_000})

        with pytest.raises(DeliveryTooLarge) as caught:
            make_delivery(order, files, tmp_path / "out", progress=lambda _: None)
        required = {o.evidence_id for o in caught.value.omissions if o.level is Level.REQUIRED}
        assert required == {evidence_id(11), evidence_id(13)}
        assert not (tmp_path / "out").exists()

    def test_a_child_that_takes_too_long_is_ended(self, corpus, tmp_path):
        order, files = make_order(corpus, "images", {})

        with pytest.raises(RenderTimedOut):
            make_delivery(order, files, tmp_path / "out", progress=lambda _: None, timeout_s=0.2)

    def test_a_file_that_is_no_picture_after_all_is_named(self, corpus, tmp_path):
        order, files = make_order(corpus, "images", {})
        broken = tmp_path / "broken.png"
        broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
        made = make_delivery(
            order, files | {evidence_id(12): broken}, tmp_path / "out", progress=lambda _: None
        )

        assert (evidence_id(12), "left_out") in {(o.evidence_id, o.what) for o in made.omissions}
        assert zipfile.is_zipfile(tmp_path / "out")
