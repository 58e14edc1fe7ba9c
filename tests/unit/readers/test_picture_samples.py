"""Real pictures and documents: size as seen and frames, pages and whether there are letters."""

import pytest

from evidence_service.readers import read

# What has no size or pages is kept unread: held where its bytes claim a format that is parsed.
PICTURES = [
    ("16-bit-grey-alpha__sharp.png", "image/png", (109, 96, 1), ()),
    ("200MP__pillow_heif.heic", "image/heic", None, ("picture_too_large",)),
    ("Channel_digital_image_CMYK_color__sharp.jpg", "image/jpeg", (500, 333, 1), ()),
    ("DSCN0010__exif-samples.jpg", "image/jpeg", (640, 480, 1), ()),
    ("DSCN0042__exif-samples.jpg", "image/jpeg", (640, 480, 1), ()),
    ("L_exif_xmp_iptc__pillow_heif.heic", "image/heic", (64, 64, 1), ()),
    ("Landscape_9__sharp.jpg", "image/jpeg", (480, 369, 1), ()),
    ("RGB_8__128x128__pillow_heif.heif", "image/heic", (128, 128, 1), ()),
    ("anim_frame1__pillow.webp", "image/webp", (82, 82, 1), ()),
    ("animated-loop-3__sharp.gif", "image/gif", (370, 285, 10), ()),
    ("apng-syntax_num_frames_high__pillow.png", "image/png", (128, 64, 4), ()),
    ("avif-hopper__pillow.heif", "image/heic", (128, 128, 1), ()),
    ("avif-rot1mir0__pillow.avif", "image/avif", (640, 427, 1), ()),
    ("avif32-mini__libheif.heif", "image/avif", None, ("picture_damaged",)),
    ("big-height__sharp.webp", "image/webp", (13, 169, 97), ()),
    ("broken_data_stream__pillow.png", "image/png", None, ("picture_damaged",)),
    (
        "clusterfuzz-testcase-minimized-file-fuzzer-5752063708495872__libheif.heic",
        "image/heic",
        None,
        ("picture_damaged",),
    ),
    (
        "crash-0da013a13571cc8eb457a39fee8db18f8a3c7127__pillow.tif",
        "application/octet-stream",
        None,
        ("not_recognised",),
    ),
    ("decompression_bomb__pillow.gif", "image/gif", None, ("picture_too_large",)),
    ("decompression_bomb__pillow.ico", "application/octet-stream", None, ("not_recognised",)),
    ("empty__pillow_heif.heic", "text/plain", None, ("not_recognised",)),
    ("empty_icc__pillow_heif.heic", "image/heic", (1025, 900, 1), ()),
    ("exif_gps__pillow.jpg", "image/jpeg", (8, 8, 1), ()),
    ("exif_gps_typeerror__pillow.jpg", "image/jpeg", (800, 531, 1), ()),
    ("exif_imagemagick_orientation__pillow.png", "image/png", (512, 512, 1), ()),
    ("gain-map__sharp.jpg", "image/jpeg", (3840, 2160, 1), ()),
    ("hopper_orientation_5__pillow.jpg", "image/jpeg", (128, 128, 1), ()),
    ("hopper_orientation_6__pillow.webp", "image/webp", (128, 128, 1), ()),
    ("hopper_orientation_8__pillow.jpg", "image/jpeg", (128, 128, 1), ()),
    ("image01088__exif-samples.jpg", "image/jpeg", (425, 120, 1), ()),
    ("invalid_id__pillow_heif.heic", "image/heic", (564, 870, 1), ()),
    ("iss634__pillow.apng", "image/png", (245, 245, 41), ()),
    ("iss634__pillow.webp", "image/webp", (245, 245, 42), ()),
    ("l_trns__pillow.png", "image/png", (64, 64, 1), ()),
    ("long_description__exif-samples.jpg", "image/jpeg", (100, 73, 1), ()),
    ("multiple_exif__pillow.jpg", "image/jpeg", (1, 1, 1), ()),
    (
        "oom-225817ca0f8c663be7ab4b9e717b02c661e66834__pillow.tif",
        "application/octet-stream",
        None,
        ("not_recognised",),
    ),
    ("phone-screenshot-chat-1__deltachat-android.png", "image/png", (1080, 1920, 1), ()),
    ("phone-screenshot-raw-app__obtainium.png", "image/png", (1080, 2400, 1), ()),
    ("phone-screenshot-raw-webview__obtainium.png", "image/png", (1080, 2400, 1), ()),
    ("pitm__sharp.avif", "image/avif", (4096, 800, 1), ()),
    ("pug__pillow_heif.heic", "image/heic", (4032, 3024, 1), ()),
    ("rotating-squares__sharp.gif", "image/gif", (80, 80, 30), ()),
    ("samplefilehub__exif-samples.heif", "image/heic", (640, 426, 1), ()),
    ("seek_too_large__pillow.tif", "application/octet-stream", None, ("not_recognised",)),
    ("spatial_photo__pillow_heif.heic", "image/heic", (2560, 2560, 1), ()),
    ("sugarshack_no_data__pillow.mpo", "image/jpeg", (640, 480, 1), ()),
    ("tall-page-screenshot__karrio.png", "image/png", (666, 1879, 1), ()),
    ("timeout-6646305047838720__pillow.bin", "application/octet-stream", None, ("not_recognised",)),
    ("truncated__pillow_heif.heic", "image/heic", (16, 16, 1), ()),
    ("truncated__sharp.jpg", "image/jpeg", None, ("picture_damaged",)),
    ("truncated_image__pillow.png", "image/png", None, ("picture_damaged",)),
    ("zip__carrierwave.png", "application/zip", None, ("not_recognised",)),
]
DOCUMENTS = [
    ("aes-256-r6__pdfminer.pdf", "application/pdf", None, ("document_needs_password",)),
    ("bad16__qpdf.pdf", "application/pdf", (1, True), ()),
    ("bad1__qpdf.pdf", "text/plain", None, ("not_recognised",)),
    ("damaged-stream__qpdf.pdf", "application/pdf", (1, True), ()),
    ("empty_protected__pdfjs.pdf", "application/pdf", (1, False), ()),
    (
        "enc-XI-R6_V5_Uview_attachments_cleartext-metadata__qpdf.pdf",
        "application/pdf",
        None,
        ("document_needs_password",),
    ),
    ("encrypted-attachment__pdfjs.pdf", "application/pdf", None, ("document_needs_password",)),
    (
        "encryption-r2-user-password__pypdf.pdf",
        "application/pdf",
        None,
        ("document_needs_password",),
    ),
    ("encryption-r3-empty-password__pypdf.pdf", "application/pdf", (1, True), ()),
    (
        "encryption-r4-aes-user-password__pypdf.pdf",
        "application/pdf",
        None,
        ("document_needs_password",),
    ),
    ("encryption-r6-user-password__pypdf.pdf", "application/pdf", (1, True), ()),
    ("fedex-proof-of-delivery__karrio.pdf", "application/pdf", (1, True), ()),
    ("fuzz-16214__qpdf.pdf", "application/octet-stream", None, ("not_recognised",)),
    ("google-doc-document__py-pdf-sample-files.pdf", "application/pdf", (1, True), ()),
    ("graph-encrypted__pikepdf.pdf", "application/pdf", None, ("document_needs_password",)),
    ("habibi__py-pdf-sample-files.pdf", "application/pdf", (1, True), ()),
    ("helloworld-bad__pdfjs.pdf", "application/pdf", (1, True), ()),
    ("issue-101__qpdf.pdf", "application/pdf", None, ("document_damaged",)),
    ("issue-1113-evil-xobjects__pdfminer.pdf", "application/pdf", (1, True), ()),
    ("issue-143__qpdf.pdf", "application/octet-stream", None, ("not_recognised",)),
    ("issue-146__qpdf.pdf", "application/pdf", None, ("document_damaged",)),
    ("issue-335b__qpdf.pdf", "application/octet-stream", None, ("not_recognised",)),
    ("missing_info__pypdf.pdf", "application/pdf", (1, True), ()),
    ("poppler-395-0-fuzzed__pdfjs.pdf", "application/pdf", None, ("document_damaged",)),
    ("poppler-742-0-fuzzed__pdfjs.pdf", "application/pdf", None, ("document_damaged",)),
    ("poppler-91414-0-53__pdfjs.pdf", "application/pdf", (1, True), ()),
    ("poppler-937-0-fuzzed__pdfjs.pdf", "application/pdf", None, ("document_damaged",)),
    ("rc4-40__pdfminer.pdf", "application/pdf", None, ("document_needs_password",)),
    ("sandwich__pikepdf.pdf", "application/pdf", (1, True), ()),
    ("scan-bad__pdfjs.pdf", "application/pdf", (1, True), ()),
    ("toy__pypdf.pdf", "application/pdf", (1, True), ()),
]


@pytest.mark.parametrize(("name", "media_type", "seen", "warnings"), PICTURES)
def test_a_picture_is_seen_as_it_is(samples, name, media_type, seen, warnings):
    found = read(samples / "image" / name)
    sizes = [(one.width, one.height, one.frames) for one in found.contents]

    assert (found.media_type, found.warnings) == (media_type, warnings)
    assert sizes == ([seen] if seen else [])
    assert found.is_unparseable == (seen is None and media_type.startswith("image/"))


@pytest.mark.parametrize(("name", "media_type", "seen", "warnings"), DOCUMENTS)
def test_a_document_is_opened_or_says_why_not(samples, name, media_type, seen, warnings):
    found = read(samples / "pdf" / name)
    pages = [(one.pages, bool(one.text)) for one in found.contents]

    assert (found.media_type, found.warnings) == (media_type, warnings)
    assert pages == ([seen] if seen else [])
    assert found.is_unparseable == (seen is None and media_type == "application/pdf")


def test_every_sample_is_in_the_tables(samples):
    for folder, table in (("image", PICTURES), ("pdf", DOCUMENTS)):
        assert {row[0] for row in table} == {path.name for path in (samples / folder).iterdir()}
