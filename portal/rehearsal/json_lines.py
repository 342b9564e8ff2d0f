"""JSON lines as they come: strict about what JSON is, exact about numbers, and never surprised."""

import json
from typing import Any, NoReturn

import msgspec

_NULL = msgspec.Raw(b"null")
_LONGEST_INTEGER = 4000  # digits; beyond some thousand Python refuses to convert them


class LineError(Exception):
    """Why a line was not understood: the place, a sentence, and the id of the line as far as it could be read."""

    def __init__(self, path: str, message: str, line_id: msgspec.Raw = _NULL) -> None:
        super().__init__(message)
        self.path, self.message, self.line_id = path, message, line_id

    def of(self, line_id: msgspec.Raw) -> "LineError":
        """Return the same error as one of the line with that id."""
        return LineError(self.path, self.message, line_id)


class NotJson(LineError):
    """The line as a whole is no JSON object."""

    def __init__(self, message: str) -> None:
        super().__init__("", message)


class Number:
    """A JSON number with a point, an exponent or very many digits, kept as it was written."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _integer(text: str) -> int | Number:
    return int(text) if len(text) <= _LONGEST_INTEGER else Number(text)


def _constant(text: str) -> NoReturn:
    raise NotJson(f"含有 {text}，它不是 JSON 数字；请改为数字或 null。")


_DECODER = json.JSONDecoder(parse_float=Number, parse_int=_integer, parse_constant=_constant)


def parse(line: bytes) -> dict[str, Any]:
    """Return the JSON object in a line; numbers are exact, the last of duplicate keys wins.

    Raises NotJson for a blank line, invalid UTF-8, broken JSON, NaN, or JSON that is no object.
    """
    value = parse_value(line)
    if not isinstance(value, dict):
        raise NotJson(f"应为 JSON 对象 {{…}}，现为 {quoted(value)}。")
    return value


def parse_value(line: bytes) -> Any:
    """Return the JSON value in some bytes. Raises NotJson if there is none."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise NotJson(f"第 {error.start + 1} 个字节不是 UTF-8 编码；请把文件另存为 UTF-8。") from None
    if not text.strip(" \t\r\n"):
        raise NotJson("空行；每行应为一个 JSON 对象。")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(f"第 {error.colno} 个字符处不是合乎规定的 JSON；请核对引号、逗号和括号。") from None
    except RecursionError:
        raise NotJson("嵌套过深，不能读取；每行应为一个普通的 JSON 对象。") from None


def id_of(line: dict[str, Any]) -> msgspec.Raw:
    """Return the id of a line as it will be given back: any JSON scalar as it was, else null."""
    value = line.get("id")
    if isinstance(value, Number):
        return msgspec.Raw(value.text.encode())
    if isinstance(value, dict | list):
        return _NULL
    try:
        return msgspec.Raw(json.dumps(value, ensure_ascii=False).encode())
    except UnicodeEncodeError:  # half a surrogate pair can only be written escaped
        return msgspec.Raw(json.dumps(value).encode())


def quoted(value: object) -> str:
    """Return a value as its author would recognise it, shortened."""
    if isinstance(value, str):
        return f"“{value[:60]}…”" if len(value) > 60 else f"“{value}”"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "一个 JSON 对象"
    if isinstance(value, list):
        return f"{len(value)} 项的数组"
    text = value.text if isinstance(value, Number) else str(value)
    return f"{text[:60]}…" if len(text) > 60 else text


def expect(path: str, found: object, wanted: str) -> LineError:
    """Return the error that says what stood at a place and what should have."""
    return LineError(path, f"现为 {quoted(found)}，应为{wanted}；请改正。")
