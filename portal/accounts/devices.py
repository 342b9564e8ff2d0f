"""What a browser says of itself, as a person would say it. Plain text matching: it is a help to recognise, no proof."""

from django.utils.translation import gettext as _

# The first that fits: most browsers also name those they descend from.
BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("OPR/", "Opera"), ("QQBrowser", "QQ 浏览器"),
    ("360SE", "360 浏览器"), ("QIHU", "360 浏览器"), ("UCBrowser", "UC 浏览器"), ("UBrowser", "UC 浏览器"),
    ("HuaweiBrowser", "华为浏览器"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_in_words(user_agent: str) -> str:
    """Return browser and system, such as “Chrome，Windows”; that it is unknown where neither is named."""
    found = [_word(user_agent, BROWSERS), _word(user_agent, SYSTEMS)]
    return _("，").join(word for word in found if word) or _("不认识的设备")


def _word(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((word for mark, word in known if mark in user_agent), "")
