"""Lines from one binary stream to another: answered as they arrive, in order, with nothing kept between them."""

from collections.abc import Iterator
from io import BufferedReader, BytesIO
from typing import BinaryIO

from portal.rehearsal.evaluate import answer

_CHUNK = 1 << 16


def lines_of(source: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines that are complete after each read, without their ends; a last line may lack its end.

    What has arrived is taken at once, so that whoever waits for an answer before the next line gets it.
    """
    read = source.read1 if isinstance(source, BufferedReader | BytesIO) else source.read
    rest: list[bytes] = []
    while chunk := read(_CHUNK):
        head, newline, tail = chunk.partition(b"\n")
        rest.append(head)
        if not newline:
            continue
        lines = tail.split(b"\n")
        yield [b"".join(rest), *lines[:-1]]
        rest = [lines[-1]]
    last = b"".join(rest)
    if last:
        yield [last]


def answer_all(source: BinaryIO, target: BinaryIO) -> bool:
    """Answer every line of `source` on `target`; return whether all of them were understood."""
    understood, held = True, bytearray()
    for lines in lines_of(source):
        for line in lines:
            text, good = answer(line)
            held += text
            held += b"\n"
            if not good:
                understood = False
            if len(held) >= _CHUNK:
                target.write(held)
                held.clear()
        target.write(held)
        target.flush()
        held.clear()
    return understood
