"""Pictures: whole ones of six formats are read, others kept with a warning."""

import io

import pytest
from bundle_corpus import draw_chat
from PIL import Image

from evidence_service.domain.evidence import PICTURE_TYPES, EvidenceKind
from evidence_service.readers import picture, raster, read


@pytest.fixture
def save(tmp_path):
    def save(image, file_format, **options):
        path = tmp_path / "picture"
        image.save(path, file_format, **options)
        return path

    return save


def exif(**tags):
    found = Image.Exif()
    for number, value in tags.items():
        found[int(number.removeprefix("tag"))] = value
    return found


class TestPicture:
    @pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
    def test_size_and_kind_of_a_screenshot(self, save, file_format):
        found = picture.read(
            save(Image.new("RGB", (39, 84)), file_format), f"image/{file_format.lower()}"
        )

        assert (found.contents[0].width, found.contents[0].height) == (39, 84)
        assert (found.reader, found.kind) == ("picture", EvidenceKind.ORDER_SCREENSHOT)

    def test_size_as_a_person_sees_it(self, save):
        turned = save(Image.new("RGB", (40, 30)), "JPEG", exif=exif(tag274=6))

        found = picture.read(turned, "image/jpeg")

        assert (found.contents[0].width, found.contents[0].height) == (30, 40)

    def test_a_cameras_picture_is_proposed_as_a_photo(self, save):
        photo = save(Image.new("RGB", (40, 30)), "JPEG", exif=exif(tag271="Fuji"))

        assert picture.read(photo, "image/jpeg").kind is EvidenceKind.ITEM_PHOTO

    def test_half_a_picture_is_kept_with_a_warning(self, tmp_path):
        whole = io.BytesIO()
        Image.effect_noise((200, 200), 60).save(whole, "PNG")
        half = tmp_path / "half"
        half.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])

        found = picture.read(half, "image/png")

        assert (found.reader, found.warnings) == (None, ("picture_damaged",))

    def test_too_many_pixels_are_not_decoded(self, save):
        bomb = save(Image.new("1", (13_000, 13_000)), "PNG")

        assert picture.read(bomb, "image/png").warnings == ("picture_too_large",)

    def test_the_formats_are_those_the_domain_knows(self):
        assert set(raster.FORMATS) == PICTURE_TYPES

    def test_a_phones_heic(self, save):
        photo = save(Image.new("RGB", (64, 48), "navy"), "HEIF", exif=exif(tag271="Apple"))
        found = read(photo)

        assert (found.media_type, found.kind) == ("image/heic", EvidenceKind.ITEM_PHOTO)
        assert (found.contents[0].width, found.contents[0].height) == (64, 48)

    def test_an_animation_tells_how_many_frames_it_has(self, save):
        shades = [Image.new("L", (20, 20), shade) for shade in range(0, 250, 50)]
        moving = save(shades[0], "GIF", save_all=True, append_images=shades[1:])

        assert read(moving).contents[0].frames == 5

    @pytest.mark.parametrize("value", [0, 9, "upside down"])
    def test_an_orientation_that_means_nothing_turns_nothing(self, save, value):
        turned = save(Image.new("RGB", (40, 30)), "PNG", exif=exif(tag270=str(value), tag274=0))

        assert read(turned).contents[0].width == 40


class TestLikeness:
    @pytest.fixture
    def chats(self, tmp_path):
        for number in range(6):
            draw_chat(tmp_path / f"{number}.png", number)
        return [tmp_path / f"{number}.png" for number in range(6)]

    @staticmethod
    def seen(path):
        return read(path).contents[0]

    @pytest.mark.parametrize(
        ("file_format", "scale", "options"),
        [
            ("JPEG", 1, {"quality": 75}),
            ("JPEG", 1, {"quality": 90}),
            ("WEBP", 1, {"quality": 60}),
            ("PNG", 0.75, {}),
        ],
    )
    def test_the_same_picture_saved_anew_looks_alike(
        self, chats, tmp_path, file_format, scale, options
    ):
        alike = 0
        for chat in chats:
            with Image.open(chat) as image:
                again = image.convert("RGB").resize(
                    (int(image.width * scale), int(image.height * scale))
                )
            again.save(tmp_path / "again", file_format, **options)
            alike += self.seen(chat).looks_like(self.seen(tmp_path / "again"))

        assert alike >= 5

    def test_another_screenshot_of_the_chat_does_not(self, chats):
        pictures = [self.seen(chat) for chat in chats]

        assert not [
            (i, j)
            for i, one in enumerate(pictures)
            for j, other in enumerate(pictures[:i])
            if one.looks_like(other)
        ]

    def test_plain_pictures_are_not_told_apart_and_not_told_alike(self, save):
        plain = self.seen(save(Image.new("RGB", (40, 40), "white"), "PNG"))

        assert not plain.looks_like(plain)


class TestDerivatives:
    """What leaves is made of pixels: 0 of what the source carried beside them."""

    @pytest.fixture
    def loaded(self, tmp_path):
        """A JPEG with everything a camera and an editor hide in one, and another file behind it."""
        tags = exif(tag271="Apple", tag274=6)
        tags.get_ifd(0x8825)[2] = (53.0, 12.0, 7.0)
        path = tmp_path / "loaded.jpg"
        noise = Image.effect_noise((900, 600), 50).convert("RGB")
        secret = b"SECRET-CANARY"
        noise.save(path, "JPEG", exif=tags, comment=secret, icc_profile=secret, xmp=secret)
        path.write_bytes(path.read_bytes() + b"PK\x03\x04<html>SECRET-CANARY<?php ?>")
        return path

    @pytest.mark.parametrize("made", [raster.thumbnail, raster.preview, raster.page])
    def test_carry_nothing_beside_their_pixels(self, loaded, made):
        content = made(loaded, "image/jpeg")
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            kept = set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert (dict(image.getexif()), kept) == ({}, set())
            assert image.height > image.width
        assert b"CANARY" not in content
        assert b"<html>" not in content

    def test_a_redaction_is_burnt_into_a_new_picture(self, loaded):
        content = raster.redacted(loaded, "image/jpeg", [(10, 20, 100, 50)])
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size, image.info) == ("PNG", (600, 900), {})
            assert image.crop((10, 20, 110, 70)).getextrema() == ((0, 0),) * 3
            assert image.crop((110, 20, 200, 70)).getextrema() != ((0, 0),) * 3
        assert b"CANARY" not in content

    def test_a_thumbnail_of_a_scroll_shows_its_beginning(self, save):
        scroll = save(Image.new("RGB", (1000, 20_000), "white"), "PNG")
        with Image.open(io.BytesIO(raster.thumbnail(scroll, "image/png"))) as image:
            assert image.size == (480, 960)
