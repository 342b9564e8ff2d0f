"""What people upload: taken if it is what it says, else refused in a sentence; nothing is left behind."""

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from PIL import Image

from portal.documents.archives import inspect_archive
from portal.documents.models import ScanState, Upload
from portal.documents.refusals import Refused
from portal.documents.uploads import accept
from tests.factories.cast import Cast, cast_at
from tests.portal.documents import hostile_archives as zips
from tests.portal.documents import hostile_papers as papers
from tests.portal.documents.places import MOMENT, everything, stored

ALL = ("pdf", "jpg", "jpeg", "png", "xlsx", "docx", "mp4")
JS = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
Bytes = Callable[[], bytes]

HOSTILE: list[tuple[str, Bytes, str]] = [
    # archives
    ("炸弹.xlsx", zips.bomb, "892 MB"),
    ("单个部件.xlsx", zips.one_huge_part, "60 MB"),
    ("压缩比.xlsx", zips.steep, "压缩比达"),
    ("部件太多.xlsx", lambda: zips.archive(zips.PLAIN | {f"p{n}": b"" for n in range(300)}), "302 个部件"),
    ("上级目录.xlsx", lambda: zips.with_part("../../evil.xml"), "指向文件之外"),
    ("绝对路径.xlsx", lambda: zips.with_part("/etc/cron.d/evil"), "指向文件之外"),
    ("盘符.xlsx", lambda: zips.with_part("C:\\evil.xml"), "指向文件之外"),
    ("链接.xlsx", zips.symlink, "符号链接"),
    ("宏.xlsx", lambda: zips.with_part("xl/vbaProject.bin"), "宏（VBA）"),
    ("改名的宏工作簿.xlsx", lambda: zips.archive(zips.PLAIN | {"[Content_Types].xml": zips.MACRO_TYPES}), "启用宏"),
    ("外部链接.xlsx", lambda: zips.with_part("xl/externalLinks/externalLink1.xml"), "外部链接"),
    ("对象.xlsx", lambda: zips.with_part("xl/oleObject1.bin"), "OLE 对象"),
    ("嵌入.docx", lambda: zips.with_part("word/embeddings/a.exe", base=zips.DOCUMENT), "嵌入的其他文件"),
    ("控件.docx", lambda: zips.with_part("word/activeX/activeX1.xml", base=zips.DOCUMENT), "ActiveX"),
    ("远程模板.docx", lambda: zips.with_part("word/_rels/settings.xml.rels", zips.RELS, zips.DOCUMENT), "模板"),
    ("单引号的远程模板.docx", lambda: zips.with_links(zips.RELS.replace(b'"External"', b"'External'")), "模板"),
    (
        "等号旁有空格.docx",
        lambda: zips.with_links(zips.link("image", "http://evil.example/x").replace(b"=", b" = ")),
        "之外",
    ),
    ("另一种编码.docx", lambda: zips.with_links(zips.RELS.decode().encode("utf-16")), "损坏"),
    ("声明另一种编码.docx", lambda: zips.with_links(b'<?xml version="1.0" encoding="utf-7"?><a/>'), "损坏"),
    ("带实体.docx", lambda: zips.with_links(b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "损坏"),
    ("藏起来的对象.docx", lambda: zips.with_links(zips.link("oleObject", "media/a.bin")), "OLE 对象"),
    ("藏起来的控件.docx", lambda: zips.with_links(zips.link("control", "media/a.xml")), "控件"),
    ("藏起来的宏.docx", lambda: zips.with_links(zips.link("vbaProject", "media/a.bin")), "宏（VBA）"),
    ("插入的网页.docx", lambda: zips.with_links(zips.link("aFChunk", "media/a.htm")), "外部内容"),
    ("少报部件.xlsx", zips.more_than_stated, "301 个部件"),
    ("加密.xlsx", zips.encrypted, "加了密"),
    ("重叠.xlsx", zips.overlapping, "重叠"),
    ("尾巴.xlsx", lambda: zips.workbook() + b"<script>alert(1)</script>", "夹带"),
    ("两个压缩包.xlsx", lambda: zips.archive(zips.DOCUMENT) + zips.workbook(), "夹带"),
    ("残缺.xlsx", lambda: zips.workbook()[:-200], "损坏"),
    ("其实是文档.xlsx", lambda: zips.archive(zips.DOCUMENT), "内容不是Excel"),
    ("其实是压缩包.docx", lambda: zips.archive({"a.txt": b"x"}), "内容不是Word"),
    # PDF
    ("打开即运行.pdf", lambda: papers.pdf_with_action(JS), "JavaScript"),
    ("名称表里的脚本.pdf", papers.pdf_with_named_script, "JavaScript"),
    ("启动程序.pdf", lambda: papers.pdf_with_action(LAUNCH), "Launch"),
    ("带附件.pdf", papers.pdf_with_attachment, "嵌入的附件"),
    ("批注里的附件.pdf", papers.pdf_with_untyped_attachment, "嵌入的附件"),
    ("只说是附件的批注.pdf", lambda: papers.pdf_with_annotation("/FileAttachment"), "嵌入的附件"),
    ("藏得很深.pdf", papers.pdf_nested, "打不开"),
    ("富媒体.pdf", lambda: papers.pdf_with_annotation("/RichMedia"), "RichMedia"),
    ("外发表单.pdf", papers.pdf_with_form, "提交表单"),
    ("有密码.pdf", lambda: papers.pdf_encrypted("u"), "加了密码"),
    ("只锁编辑.pdf", lambda: papers.pdf_encrypted(""), "加了密码"),
    ("残缺.pdf", lambda: papers.pdf()[:200], "缺少结尾"),
    ("打不开.pdf", lambda: b"%PDF-1.7\nnothing here\n%%EOF\n", "打不开"),
    ("没有页.pdf", lambda: papers.pdf(0), "0 页"),
    ("太长.pdf", lambda: papers.pdf(501), "501 页"),
    ("拼接压缩包.pdf", lambda: papers.pdf() + zips.workbook(), "夹带"),
    ("拼接网页.pdf", lambda: papers.pdf() + b"<html>", "夹带"),
    ("膨胀.pdf", papers.pdf_that_swells, "PDF"),
    # pictures and films
    ("巨图.png", lambda: papers.huge_png(5_000, 50_000), "5,000 × 50,000 像素"),
    ("四千一百万.png", lambda: papers.huge_png(6_401, 6_401), "6,401 × 6,401 像素"),
    ("长条.png", lambda: papers.huge_png(20_001, 2), "20,001 × 2 像素"),
    ("残缺.jpg", lambda: papers.picture(size=(600, 400))[:700], "损坏"),
    ("坏的拍摄信息.jpg", papers.photo_with_broken_exif, "损坏"),
    ("坏块.png", lambda: papers.picture("PNG").replace(b"IDAT", b"IDAX"), "损坏"),
    ("拼接压缩包.jpg", lambda: papers.picture() + zips.workbook(), "夹带"),
    ("拼接脚本.png", lambda: papers.picture("PNG") + b"\n<SCRIPT>alert(1)</SCRIPT>", "夹带"),
    ("拼接程序.png", lambda: papers.picture("PNG") + b"MZ\x90\0", "夹带"),
    ("其实是图.jpg", lambda: papers.picture("PNG"), "与扩展名 jpg 不符"),
    ("其实是动图.png", lambda: b"GIF89a" + bytes(20), "GIF 图片"),
    ("残缺.mp4", lambda: papers.film()[:-5], "不完整"),
    ("尾巴.mp4", lambda: papers.film() + b"PK\x03\x04evil", "夹带"),
    # names and kinds
    ("空.pdf", lambda: b"", "0 字节"),
    ("程序.pdf", lambda: b"MZ\x90\0" + bytes(60), "Windows 程序"),
    ("网页.pdf", lambda: b"\n<!doctype html><script>1</script>", "网页"),
    ("旧表.xlsx", lambda: b"\xd0\xcf\x11\xe0" + bytes(60), "旧版 Office"),
    ("双扩展名.pdf.exe", papers.pdf, "文件类型是 exe"),
    ("反写\u202efdp.exe", papers.pdf, "文件类型是 exe"),
    ("无扩展名", papers.pdf, "没有扩展名"),
    ("图.svg", lambda: b"<svg/>", "PNG 或 PDF"),
    ("页.html", lambda: b"<html/>", "文件类型是 html"),
    ("旧.xls", lambda: b"\xd0\xcf\x11\xe0", "另存为 xlsx"),
    ("宏.xlsm", zips.workbook, "不带宏"),
    ("宏.docm", zips.workbook, "不带宏"),
    ("包.zip", zips.workbook, "解压"),
]

VALID: list[tuple[str, Bytes, str]] = [
    ("申报表.pdf", lambda: papers.pdf(3), "application/pdf"),
    ("五百页.PDF", lambda: papers.pdf(500), "application/pdf"),
    ("换行结尾.pdf", lambda: papers.pdf() + b"\r\n\r\n", "application/pdf"),
    ("现场.jpg", papers.picture, "image/jpeg"),
    ("现场.JPEG", papers.picture, "image/jpeg"),
    ("平面图.png", lambda: papers.picture("PNG"), "image/png"),
    ("名册.xlsx", zips.workbook, "spreadsheetml.sheet"),
    ("说明.docx", lambda: zips.archive(zips.DOCUMENT), "wordprocessingml.document"),
    ("带网址的说明.docx", lambda: zips.with_links(zips.HYPERLINK), "wordprocessingml.document"),
    ("字体叫AF.pdf", papers.pdf_with_odd_names, "application/pdf"),
    ("短片.mp4", papers.film, "video/mp4"),
]


def _marked(sample: tuple[str, Bytes, str]) -> Any:
    """Leave what takes long to unpack to the whole suite."""
    return pytest.param(*sample, marks=pytest.mark.slow) if sample[0] == "膨胀.pdf" else sample


def take(cast: Cast, name: str, content: bytes, **options: object) -> Upload:
    file = SimpleUploadedFile("x", content)
    file._name = name  # what a client may send, whatever Django makes of it
    return accept(file, at=cast.county, by=cast.wang, types=ALL, moment=MOMENT, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "build", "says"), [*map(_marked, HOSTILE)], ids=[name for name, *_rest in HOSTILE])
def test_hostile_file_is_refused_in_a_sentence_and_leaves_nothing(
    cast: Cast, places: Path, name: str, build: Bytes, says: str
) -> None:
    with pytest.raises(Refused) as refused:
        take(cast, name, build())
    message = refused.value.message
    assert says in message
    assert message.startswith("“")
    assert "没有收下" in message
    assert message.endswith("。")
    assert everything(places) == []
    assert not Upload.objects.exists()


def test_corpus_has_more_than_forty_samples() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize(("name", "build", "kind"), VALID, ids=[name for name, _build, _kind in VALID])
def test_ordinary_file_is_taken(cast: Cast, places: Path, name: str, build: Bytes, kind: str) -> None:
    upload = take(cast, name, build())
    assert upload.media_type.endswith(kind)
    assert upload.original_name == name
    assert stored(upload)
    assert upload.region_code == cast.county.code
    assert len(everything(places)) == (2 if kind.startswith("image/") else 1)


def test_bomb_is_refused_in_less_than_fifty_milliseconds(cast: Cast, places: Path) -> None:
    content = zips.bomb()
    assert 2_000_000 < len(content) < 5_000_000
    path = places / "bomb.xlsx"
    path.write_bytes(content)
    took = []
    for _attempt in range(5):  # the quickest counts: a busy machine makes the others wait
        start = time.perf_counter()
        with pytest.raises(Refused):
            inspect_archive(path, "bomb.xlsx", "xlsx")
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05


def test_file_larger_than_its_slot_is_refused_by_what_arrives_not_by_what_is_announced(
    cast: Cast, places: Path
) -> None:
    file = SimpleUploadedFile("a.pdf", papers.pdf() + bytes(2 * 1024**2))
    file.size = 10
    with pytest.raises(Refused, match=r"每个文件不超过 1 MB"):
        accept(file, at=cast.county, by=cast.wang, megabytes=1, moment=MOMENT)
    assert everything(places) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\张三\\申报表.pdf", "申报表.pdf"),
        ("申\u202e报\u200b表\x00.pdf", "申报表.pdf"),
        ("\u2066材料\u2069.pdf", "材料.pdf"),
        ("  多   空格 .pdf", "多 空格 .pdf"),
        ("报告.exe.pdf", "报告.exe.pdf"),
        ("a" * 300 + ".pdf", "a" * 95 + "….pdf"),
    ],
)
def test_name_is_kept_as_harmless_text(cast: Cast, places: Path, given: str, kept: str) -> None:
    upload = take(cast, given, papers.pdf())
    assert upload.original_name == kept
    assert len(upload.original_name) <= 100
    assert Path(upload.file.name).stem == upload.key.hex


def test_photo_loses_its_place_and_owner_and_stands_upright(cast: Cast, places: Path) -> None:
    upload = take(cast, "现场.jpg", papers.located_photo())
    content = stored(upload)
    with Image.open(io.BytesIO(content)) as photo:
        assert photo.size == (40, 60)
        assert not photo.getexif()
        assert "comment" not in photo.info
    assert b"SecretPhone" not in content
    assert b"Zhang San" not in content


def test_harmless_trailer_of_a_phone_falls_away(cast: Cast, places: Path) -> None:
    upload = take(cast, "现场.jpg", papers.picture() + b"\0\0\0\x18ftypmp42" + bytes(50))
    assert b"ftyp" not in stored(upload)


def test_picture_gets_a_small_preview(cast: Cast, places: Path) -> None:
    upload = take(cast, "现场.jpg", papers.picture(size=(3000, 2000)))
    with upload.preview.open("rb") as file, Image.open(file) as preview:
        assert max(preview.size) == 640


def test_file_goes_when_the_act_is_undone(cast: Cast, places: Path) -> None:
    @transaction.atomic
    def undone() -> None:
        take(cast, "申报表.pdf", papers.pdf())
        assert len(everything(places)) == 1
        raise KeyError("the act goes wrong later")

    with pytest.raises(KeyError):
        undone()
    assert everything(places) == []
    assert not Upload.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_file_stays_when_the_act_is_committed(places: Path) -> None:
    cast = cast_at("520103")
    with transaction.atomic():
        upload = take(cast, "申报表.pdf", papers.pdf())
    assert len(stored(Upload.objects.get(pk=upload.pk))) == upload.size
    assert len(everything(places)) == 1


@pytest.mark.django_db(transaction=True)
def test_file_stays_when_nobody_knows_whether_the_act_was_committed(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = cast_at("520103")

    def commit() -> None:
        connection.connection.close()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "_commit", commit)
    with pytest.raises(OperationalError), transaction.atomic():
        take(cast, "申报表.pdf", papers.pdf())
    assert len(everything(places)) == 1, "the sweep decides a day later"


def test_person_may_not_bring_more_than_a_day_s_measure(cast: Cast, places: Path, settings: Any) -> None:
    settings.UPLOADS_PER_DAY = 1
    take(cast, "一.pdf", papers.pdf())
    with pytest.raises(Refused, match="今天已上传 1 个文件"):
        take(cast, "二.pdf", papers.pdf())


def test_without_a_scanner_the_record_says_so(cast: Cast, places: Path) -> None:
    upload = take(cast, "申报表.pdf", papers.pdf())
    assert upload.scan == ScanState.UNSCANNED
    assert upload.readable
