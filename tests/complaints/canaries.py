"""People whose traits are known and unlike any other text: sent in as complaints, then looked for everywhere."""

import base64
import io
import logging
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from bases.models import Base
from complaints.models import Complaint, Telling
from portal.celery import app
from portal.documents.models import Letter
from portal.local.binaries import find_binaries
from portal.notifications.models import Notification
from portal.settings.env import broker_options
from tests.conftest import KEPT_TABLES

HAN = "岫屺峣嶷峁崦嶂岵嵋嶝"
IDENTITY = ("name", "phone", "mail", "business")
KINDS = (*IDENTITY, "address", "place", "words", "file", "code")


@dataclass
class Canary:
    """One complainant: each trait occurs nowhere else in the world of the test."""

    number: int
    code: str = ""
    complaint: Complaint | None = None
    name: str = field(init=False)
    phone: str = field(init=False)
    mail: str = field(init=False)
    business: str = field(init=False)
    address: str = field(init=False)
    place: str = field(init=False)
    words: str = field(init=False)
    file: str = field(init=False)

    def __post_init__(self) -> None:
        digits = f"{self.number:03d}"
        han = "".join(HAN[int(digit)] for digit in digits)
        self.name, self.business = f"鹂{han}", f"鹂羽{han}工作室"
        self.phone, self.mail = f"1777003{self.number:04d}", f"canary.{digits}@nest{digits}.example.org"
        self.address = f"198.51.{self.number // 100}.{100 + self.number % 100}"
        self.place = f"26.57{digits}N-106.71{digits}E"
        self.words = f"鹂鸣{han}那天财务当面说减半不算数"
        self.file = f"鹂图{han}"

    @property
    def told(self) -> str:
        """What they write: as people do, with their name and number in it."""
        return f"我是{self.business}的{self.name}，电话{self.phone}。{self.words}，收据附后。"

    def photo(self) -> SimpleUploadedFile:
        """Return a photograph that says where it was taken, under a name that says by whom."""
        exif = Image.Exif()
        exif[0x010E] = f"taken at {self.place}"  # ImageDescription
        exif[0x8298] = self.mail  # Copyright
        position = exif.get_ifd(0x8825)
        position[1], position[2], position[29] = "N", (26.0, 34.0, float(self.number)), self.place
        out = io.BytesIO()
        Image.new("RGB", (24, 16), "#7a9").save(out, "JPEG", exif=exif)
        return SimpleUploadedFile(f"{self.file}.jpg", out.getvalue(), "image/jpeg")

    def traits(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, text) of all that may be found nowhere."""
        for kind in KINDS:
            if getattr(self, kind):
                yield kind, getattr(self, kind)
        if self.code:
            yield "code", "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


def send(canary: Canary, base: Base) -> Canary:
    """Send the complaint through the three screens of the public form, as a browser without script does."""
    client = Client(REMOTE_ADDR=canary.address, HTTP_X_FORWARDED_FOR=canary.address)
    first = f"/base/{base.slug}/complain/"
    client.post(first, {"told": canary.told, "evidence": canary.photo()})
    client.post("/complain/who/", {"named": "named", **{kind: getattr(canary, kind) for kind in IDENTITY}})
    sent = client.post("/complain/check/")
    assert sent.status_code == 302, sent.content.decode()
    telling = Telling.objects.select_related("complaint").order_by("pk").last()
    assert telling is not None
    assert telling.complaint is not None
    canary.complaint, canary.code = telling.complaint, telling.code
    return canary


# --- where they are looked for ---


@contextmanager
def logged(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    """Collect what all loggers say while the block runs, as a handler of production writes it."""
    out, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


@contextmanager
def queued_at(url: str) -> Iterator[None]:
    """Send tasks to a broker instead of running them at once: nobody takes them out of it here."""
    names = ("task_always_eager", "broker_url", "broker_read_url", "broker_write_url", "broker_transport_options")
    kept = {name: app.conf[name] for name in names}
    try:
        _reconnect(dict(zip(names, (False, url, url, url, broker_options(url)), strict=True)))
        yield
    finally:
        _reconnect(kept)


def _reconnect(conf: dict[str, Any]) -> None:
    """Have Celery find its broker anew: it keeps the pool of connections it made first."""
    app.conf.update(conf)
    app._pool = app.amqp._producer_pool = None


def dump(folder: Path) -> str:
    """Return the plain dump of the test's database, the rows behind the wall included, as a thief would have it."""
    made = connection.settings_dict
    program = shutil.which("pg_dump", path=f"{find_binaries().folder}:{os.environ['PATH']}")
    assert program
    env = os.environ | {"PGPASSWORD": made["PASSWORD"], "PGOPTIONS": "-c portal.keeps=identities"}
    where = ["-h", made["HOST"] or "", "-U", made["USER"], *(["-p", made["PORT"]] if made["PORT"] else [])]
    spared = [f"--exclude-table-data={table}" for table in KEPT_TABLES]
    file = folder / "dump.sql"
    told = subprocess.run(
        [program, "--inserts", "--enable-row-security", *spared, *where, "-f", str(file), str(made["NAME"])],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return file.read_text(encoding="utf-8")


def sessions() -> str:
    """Return what all sessions hold; in the dump it is packed."""
    return "\n".join(str(session.get_decoded()) for session in Session.objects.all())


def broker(url: str) -> str:
    """Return everything that lies in Redis, or in the files of the broker, with what tasks carry unpacked."""
    text = _files(url) if url.startswith("filesystem") else _redis(url)
    bodies = [base64.b64decode(each).decode() for each in re.findall(r'"body": "([^"]*)"', text)]
    return "\n".join([text, *bodies])


def _files(url: str) -> str:
    folder = Path(url.removeprefix("filesystem://"))
    return "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file())


def _redis(url: str) -> str:
    server = redis.Redis.from_url(url.replace("redis+socket://", "unix://"))
    held: list[object] = []
    for key in server.scan_iter():
        kind: Any = server.type(key)
        held += [key, *{b"list": _list, b"hash": _hash, b"set": _set}.get(kind, _text)(server, key)]
    return "\n".join(each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in held)


def _list(server: Any, key: bytes) -> Iterable[object]:
    return server.lrange(key, 0, -1)


def _hash(server: Any, key: bytes) -> Iterable[object]:
    return [part for pair in server.hgetall(key).items() for part in pair]


def _set(server: Any, key: bytes) -> Iterable[object]:
    return server.smembers(key)


def _text(server: Any, key: bytes) -> Iterable[object]:
    return [server.get(key)]


def mails() -> str:
    """Return every mail that was sent and every message that waits in an inbox."""
    sent = [f"{each.subject}\n{each.body}\n{each.recipients()}" for each in mail.outbox]
    return "\n".join([*sent, *(f"{each.subject} {each.body} {each.url}" for each in Notification.objects.all())])


def letters_to_bases() -> str:
    """Return the wording of every letter that an operator may read."""
    found = Letter.objects.filter(operator_id__isnull=False)
    return "\n".join(f"{each.title} {each.addressee} {each.wording}" for each in found)


def media() -> str:
    """Return the bytes of every file kept, and their names."""
    files = [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    return "\n".join(f"{file}\n{file.read_bytes().decode('latin-1')}" for file in files)


def found_in(text: str, canaries: Iterable[Canary]) -> dict[str, int]:
    """Return of which kinds traits stand in a text, as they are or as JSON writes them, and of how many people."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    found: dict[str, int] = {}
    for canary in canaries:
        for kind, trait in canary.traits():
            if trait in text:
                found[kind] = found.get(kind, 0) + 1
    return found
