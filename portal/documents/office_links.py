"""What an Excel or Word file says of its own parts: lists of types and links, read as XML and judged by what they mean.

Not by how they are spelt: quotes, blanks, prefixes and the names of parts are the writer's to choose (ECMA-376 Part 2).
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
PLAIN_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}

# The last word of a relationship's type, and what such a part is.
LINKED = {
    "activexcontrolbinary": "ActiveX 控件",
    "afchunk": "插入的外部内容",
    "attachedtemplate": "从外部加载的模板",
    "attachedtoolbars": "附加的工具栏",
    "control": "控件",
    "ctrlprop": "控件",
    "dialogsheet": "对话框表（旧式宏）",
    "extensibility": "自定义功能区代码",
    "externallink": "指向其他文件的外部链接",
    "externallinkpath": "指向其他文件的外部链接",
    "frame": "外部框架",
    "mailmergeheadersource": "邮件合并的数据源",
    "mailmergesource": "邮件合并的数据源",
    "oleobject": "嵌入的 OLE 对象",
    "package": "嵌入的其他文件",
    "subdocument": "子文档",
    "vbaproject": "宏（VBA）",
    "wordvbadata": "宏（VBA）",
    "xlintlmacrosheet": "宏表",
    "xlmacrosheet": "宏表",
}
# What occurs in the type of a part's content.
TYPED = {
    "macroenabled": "宏（启用宏的格式）",
    "vbaproject": "宏（VBA）",
    "oleobject": "嵌入的 OLE 对象",
    "activex": "ActiveX 控件",
    "externallink": "指向其他文件的外部链接",
    "macrosheet": "宏表",
}


def active_in(content: bytes) -> str:
    """Return what active or outside part a list of types or links names; empty if none.

    A hyperlink may lead outside: it does so only when the reader clicks it. Raises ValueError for a list that is not
    plain XML in UTF-8.
    """
    for attributes in _elements(content):
        if what := _typed(attributes) or _linked(attributes):
            return what
    return ""


def _elements(content: bytes) -> Iterator[dict[str, str]]:
    """Yield the attributes of every element, names without prefix and in lower case."""
    text = content.decode("utf-8-sig")
    declared = DECLARED.match(text)
    if declared and declared[1].strip().lower() not in PLAIN_ENCODINGS:
        raise ValueError(f"declared as {declared[1]}")
    try:
        root = fromstring(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(str(error)) from error
    for element in root.iter():
        yield {name.rpartition("}")[2].lower(): value for name, value in element.attrib.items()}


def _typed(attributes: dict[str, str]) -> str:
    kind = attributes.get("contenttype", "").lower()
    return next((what for sign, what in TYPED.items() if sign in kind), "")


def _linked(attributes: dict[str, str]) -> str:
    kind = attributes.get("type", "").strip().rstrip("/").rpartition("/")[2].lower()
    if kind in LINKED:
        return LINKED[kind]
    outside = attributes.get("targetmode", "").strip().lower() not in {"", "internal"}
    return "指向文件之外的链接" if outside and kind != "hyperlink" else ""
