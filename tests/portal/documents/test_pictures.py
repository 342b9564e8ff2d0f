"""A picture that ends too early is refused, whatever else the process has imported."""

from pathlib import Path

import pytest
from PIL import ImageFile

from portal.documents.pictures import redraw
from portal.documents.refusals import Refused
from tests.portal.documents import hostile_papers as papers


def test_a_truncated_picture_is_refused_although_the_pdf_maker_lets_such_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(papers.picture(size=(600, 400))[:700])
    with pytest.raises(Refused, match="损坏"):
        redraw(photo, "photo.jpg", "jpg")
    assert ImageFile.LOAD_TRUNCATED_IMAGES
