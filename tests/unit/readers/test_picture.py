"""Pictures: whole ones are read, others kept with a warning."""

import io

import pytest
from PIL import Image

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.readers import picture


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
    @pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
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
