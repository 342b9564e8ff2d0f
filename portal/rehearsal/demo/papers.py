"""Files of the demo: a real PDF and a real photograph, sent through the real upload pipeline."""

import datetime
import io
from functools import lru_cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from weasyprint import HTML

from portal.accounts.capacity import Capacity
from portal.documents.models import Upload
from portal.documents.uploads import accept
from portal.jurisdictions.models import Jurisdiction


@lru_cache(maxsize=64)
def paper(title: str) -> bytes:
    """Return a one-page PDF that says what it stands for, and that it is demo data."""
    style = "font-family: 'Noto Serif CJK SC', serif; font-size: 14pt; line-height: 2"
    return bytes(
        HTML(string=f'<div style="{style}"><h1>{title}</h1><p>演示数据，不代表任何真实材料。</p></div>').write_pdf()
    )


@lru_cache(maxsize=4)
def photograph(shade: int = 0) -> bytes:
    """Return a plain picture of a hall."""
    image = Image.new("RGB", (960, 640), (214 - shade, 223, 230))
    draw = ImageDraw.Draw(image)
    draw.polygon([(120, 560), (480, 220), (840, 560)], fill=(156, 194, 217))
    draw.rectangle([420, 420, 540, 560], fill=(14, 79, 121))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def handed_in(
    name: str,
    title: str,
    *,
    at: Jurisdiction,
    by: Capacity,
    moment: datetime.datetime,
    picture: bool = False,
    shade: int = 0,
) -> Upload:
    """Send a file through the pipeline and return the upload; `shade` tells one picture from another."""
    content, suffix = (photograph(shade), "jpg") if picture else (paper(title), "pdf")
    file = SimpleUploadedFile(f"{name}.{suffix}", content)
    return accept(file, at=at, by=by, types=("pdf", "jpg", "png"), megabytes=20, moment=moment)
