"""PDFs: what is active in them is named, and no safe copy keeps any of it."""

import io
from functools import partial

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from evidence_service.domain.document import Active
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.readers import document, pages, read

KEYS = (
    *("/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/EF", "/AcroForm"),
    *("/XFA", "/RichMedia", "/GoToR", "/SubmitForm", "/URI", "/Metadata", "/Annots", "/Names"),
)


def make(path, words="hello", **options):
    pdf = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.add_blank_page(page_size=(300, 400))
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=font))
    pdf.pages[0].contents_add(f"BT /F1 12 Tf 40 200 Td ({words}) Tj ET".encode())
    change = options.pop("change", None)
    if change:
        change(pdf)
    pdf.save(path, **options)
    return path


def script():
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def annotate(**entries):
    def change(pdf):
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return change


def act(**entries):
    return annotate(Subtype=Name.Link, A=Dictionary(**entries))


def with_root(**entries):
    def change(pdf):
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value

    return change


def on_page(**entries):
    def change(pdf):
        for key, value in entries.items():
            pdf.pages[0].obj[f"/{key}"] = value

    return change


def with_form(pdf, said="Ann"):
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("name"),
            V=String(said),
            DA=String("/F1 12 Tf 0 g"),
            Rect=Array([0, 0, 90, 20]),
        )
    )
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]),
        XFA=pdf.make_stream(b"<xdp/>"),
        DR=pdf.pages[0].obj.Resources,
        NeedAppearances=True,
    )
    pdf.pages[0].obj.Annots = Array([field])


def with_file(pdf):
    pdf.attachments["secret.txt"] = b"SECRET-CANARY"


ACTIVE = [
    (with_root(OpenAction=script()), {Active.OPEN_ACTION, Active.JAVASCRIPT}),
    (with_root(AA=Dictionary(WC=script())), {Active.ADDITIONAL_ACTIONS, Active.JAVASCRIPT}),
    (
        with_root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))),
        {Active.JAVASCRIPT},
    ),
    (act(S=Name.Launch, F=String("calc.exe")), {Active.LAUNCH}),
    (act(S=Name.GoToR, F=String("other.pdf")), {Active.REMOTE_LINK}),
    (act(S=Name.SubmitForm, F=String("https://example.com")), {Active.SUBMIT_FORM}),
    (act(S=Name.URI, URI=String("file:///etc/passwd")), {Active.FILE_LINK}),
    (act(S=Name.GoToE, F=String("other.pdf")), {Active.REMOTE_LINK}),
    (act(S=Name.ImportData, F=String("data.fdf")), {Active.SUBMIT_FORM}),
    (act(S=Name.Rendition, OP=0), {Active.RICH_MEDIA}),
    (act(S=Name.GoTo, Next=script()), {Active.JAVASCRIPT}),
    (act(S=Name.Thread, Next=Array([Dictionary(S=Name.Launch)])), {Active.LAUNCH}),
    (annotate(Subtype=Name.RichMedia), {Active.RICH_MEDIA}),
    (annotate(Subtype=Name.Movie), {Active.RICH_MEDIA}),
    (annotate(Subtype=Name.Sound), {Active.RICH_MEDIA}),
    (annotate(Subtype=Name("/3D")), {Active.RICH_MEDIA}),
    (annotate(Subtype=Name.FileAttachment), {Active.EMBEDDED_FILES}),
    (on_page(AA=Dictionary(O=script())), {Active.ADDITIONAL_ACTIONS, Active.JAVASCRIPT}),
    (with_form, {Active.FORM, Active.XFA}),
    (with_file, {Active.EMBEDDED_FILES}),
]


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(("change", "active"), ACTIVE)
class TestActive:
    def test_is_named(self, tmp_path, change, active, streams):
        mode = pikepdf.ObjectStreamMode
        path = make(
            tmp_path / "a.pdf",
            change=change,
            object_stream_mode=mode.generate if streams else mode.disable,
        )
        found = read(path)

        assert found.contents[0].active == active
        assert found.warnings == (
            ("document_holds_files",)
            if active == {Active.EMBEDDED_FILES}
            else ("document_active_content",)
        )

    def test_is_not_in_the_safe_copy(self, tmp_path, change, active, streams):
        copy = tmp_path / "copy.pdf"
        copy.write_bytes(document.safe_copy(make(tmp_path / "a.pdf", change=change)))
        with pikepdf.open(copy) as pdf:
            plain = "\n".join(repr(one) for one in pdf.objects)
        again = read(copy).contents[0]

        assert (again.active, again.text.split()[0]) == (frozenset(), "hello")
        assert [key for key in KEYS if f'"{key}"' in plain] == []
        assert b"CANARY" not in copy.read_bytes()


class TestDocument:
    def test_pages_words_and_what_it_is(self, tmp_path):
        found = read(make(tmp_path / "a.pdf", "Proof of Delivery no 1"))

        assert (found.reader, found.kind) == ("pdf", EvidenceKind.PROOF_OF_DELIVERY)
        assert found.contents[0].to_plain() == {
            "pages": 1,
            "text": "Proof of Delivery no 1",
            "is_encrypted": False,
            "active": [],
            "unread_pages": 0,
        }
        assert found.warnings == ()

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ("Invoice 12", EvidenceKind.INVOICE),
            ("Waybill", EvidenceKind.SHIPPING_LABEL),
            ("hello", EvidenceKind.ADDITIONAL_INFORMATION),
            ("Invoice for the waybill", EvidenceKind.INVOICE),
        ],
    )
    def test_its_kind_is_what_it_calls_itself_first(self, tmp_path, words, kind):
        assert read(make(tmp_path / "a.pdf", words)).kind is kind

    def test_the_view_it_opens_with_is_no_action(self, tmp_path):
        def change(pdf):
            pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])

        assert read(make(tmp_path / "a.pdf", change=change)).contents[0].active == frozenset()

    def test_one_that_only_forbids_is_read(self, tmp_path):
        path = make(tmp_path / "a.pdf", encryption=pikepdf.Encryption(owner="o", user=""))
        found = read(path).contents[0]

        assert (found.is_encrypted, found.text) == (True, "hello")
        with pikepdf.open(io.BytesIO(document.safe_copy(path))) as copy:
            assert not copy.is_encrypted

    def test_one_with_a_password_is_unparseable_and_says_why(self, tmp_path):
        found = read(make(tmp_path / "a.pdf", encryption=pikepdf.Encryption(owner="o", user="u")))

        assert (found.reader, found.warnings) == (None, ("document_needs_password",))
        assert found.is_unparseable

    @pytest.mark.parametrize("content", [b"%PDF-1.7\nno", b"\xff\x00 junk %PDF-1.4 and nothing"])
    def test_a_damaged_one_is_unparseable(self, tmp_path, content):
        (tmp_path / "a.pdf").write_bytes(content)
        found = read(tmp_path / "a.pdf")

        assert (found.media_type, found.warnings) == ("application/pdf", ("document_damaged",))
        assert found.is_unparseable

    def test_a_card_number_on_a_page_is_noticed(self, tmp_path):
        found = read(make(tmp_path / "a.pdf", "card 4111 1111 1111 1111"))

        assert (found.hides_card, found.contents) == (True, ())

    def test_what_was_filled_in_is_read_with_its_page(self, tmp_path):
        assert "Ann" in read(make(tmp_path / "a.pdf", change=with_form)).contents[0].text

        card = partial(with_form, said="4111 1111 1111 1111")
        assert read(make(tmp_path / "b.pdf", change=card)).hides_card


class TestCutOff:
    """One library mends what lost its end; the other, which draws and reads words, does not."""

    @pytest.fixture
    def cut(self, tmp_path):
        whole = make(tmp_path / "a.pdf", "card 4111 1111 1111 1111", compress_streams=False)
        content = whole.read_bytes()
        whole.write_bytes(content[: content.rindex(b"xref")])
        return whole

    def test_its_words_are_looked_through(self, cut):
        assert read(cut).hides_card

    def test_its_pages_are_shown_and_blacked_out(self, cut):
        assert document.first_page(cut, 300).getextrema()[0][0] < 255
        assert pages.sizes(cut) == [(300, 400)]
        cut.write_bytes(pages.redacted(cut, [(1, 0, 100, 300, 200)]))
        assert not read(cut).hides_card


class TestSizes:
    @pytest.mark.parametrize("side", [(600, 20_000), (2, 400)])
    def test_a_page_of_any_size_is_blacked_out(self, tmp_path, side):
        path = tmp_path / "a.pdf"
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.pages[0].obj.MediaBox = Array([0, 0, *side])
        pdf.save(path)
        path.write_bytes(pages.redacted(path, [(1, 0, 0, 1, 1)]))

        assert pages.sizes(path) == [side]
        assert max(document.first_page(path, 480).size) <= 65_000


class TestSafeCopy:
    def test_shows_a_filled_field_as_the_pages_on_the_screen_do(self, tmp_path):
        copy = tmp_path / "copy.pdf"
        copy.write_bytes(document.safe_copy(make(tmp_path / "a.pdf", change=with_form)))
        before = document.first_page(tmp_path / "a.pdf", 300)
        after = document.first_page(copy, 300)

        corner = (0, 380, 90, 400)
        assert before.crop(corner).getextrema() != ((255, 255),) * 3
        assert after.tobytes() == before.tobytes()

    def test_has_the_edges_that_are_seen(self, tmp_path):
        def change(pdf):
            pdf.pages[0].trimbox = Array([50, 50, 90, 90])

        copy = document.safe_copy(make(tmp_path / "a.pdf", change=change))
        with pikepdf.open(io.BytesIO(copy)) as pdf:
            page = pdf.pages[0]
            assert list(page.as_form_xobject().BBox) == list(page.mediabox)

    def test_its_pictures_carry_pixels_alone(self, tmp_path):
        tags = Image.Exif()
        tags[0x010F] = "SECRET-CANARY"
        scan = io.BytesIO()
        Image.effect_noise((80, 60), 50).save(scan, "JPEG", exif=tags)

        def change(pdf):
            stream = pdf.make_stream(
                scan.getvalue(),
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=80,
                Height=60,
                ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
                Filter=Name.DCTDecode,
                Metadata=pdf.make_stream(b"<x:xmpmeta>SECRET-CANARY</x:xmpmeta>"),
            )
            pdf.pages[0].obj.Resources.XObject = Dictionary(Im0=stream)
            pdf.pages[0].contents_add(b"q 80 0 0 60 100 100 cm /Im0 Do Q")

        path = make(tmp_path / "a.pdf", change=change, compress_streams=False)
        assert b"CANARY" in path.read_bytes()
        copy = document.safe_copy(path)

        assert b"CANARY" not in copy
        (tmp_path / "copy.pdf").write_bytes(copy)
        assert document.first_page(tmp_path / "copy.pdf", 300).getextrema()[0][0] < 255
