"""The malware scanner, where there is one: clamd over its socket, command INSTREAM (clamd(8))."""

import socket
import struct
from contextlib import closing
from typing import IO, NamedTuple

from django.conf import settings

from portal.documents.models import ScanState

CHUNK = 256 * 1024
SECONDS = 60.0
TOO_LARGE = "size limit exceeded"  # clamd's StreamMaxLength


class Verdict(NamedTuple):
    """What the scanner said; `finding` names the malware, or why there is none. `away`: nobody could be asked."""

    state: str
    finding: str = ""
    away: bool = False


def configured() -> bool:
    """Whether this installation has a scanner."""
    return bool(settings.CLAMD_SOCKET or settings.CLAMD_HOST)


def scan(file: IO[bytes]) -> Verdict:
    """Return the verdict on a file: pending where the scanner is away or fails at it, unscanned where there is none."""
    if not configured():
        return Verdict(ScanState.UNSCANNED)
    try:
        connection = _connection()
    except OSError:
        return Verdict(ScanState.PENDING, "查毒程序没有应答", away=True)
    with closing(connection):
        try:
            _send(connection, file)
            answer = _answer(connection)
        except OSError:
            return Verdict(ScanState.PENDING, "查毒中途断开")
    if TOO_LARGE in answer:
        return Verdict(ScanState.OVERSIZED, answer[:120])
    if answer.endswith("FOUND"):
        return Verdict(ScanState.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND")[:120])
    if answer == "stream: OK":
        return Verdict(ScanState.CLEAN)
    return Verdict(ScanState.PENDING, answer[:120])


def _send(connection: socket.socket, file: IO[bytes]) -> None:
    """Send the file. A scanner that has had enough answers and hangs up: then its answer is what counts."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and (part := connection.recv(4096)):
        answer += part
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connection() -> socket.socket:
    if settings.CLAMD_SOCKET:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        connection.connect(settings.CLAMD_SOCKET)
        return connection
    return socket.create_connection((settings.CLAMD_HOST, settings.CLAMD_PORT), timeout=SECONDS)
