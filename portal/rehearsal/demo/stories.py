"""What happens in the demo: which bases there are, and how far each has come."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One base: its county, its operator, where its application stands (`until`), when it was filed (days ago)."""

    county: str
    base: str
    until: str
    days_ago: int
    note: str = ""
    answers: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Place:
    """One jurisdiction of the demo: its call and its stories; `shown` are further bureaus that can be signed in as."""

    code: str
    title: str
    call: str
    stories: tuple[Story, ...]
    needs_city_title: bool = False
    shown: tuple[str, ...] = ()


GUIZHOU = Place(
    "520000",
    "provincial",
    "{year} 年度省级创业孵化示范基地申报（演示）",
    (
        Story("520102", "南明青创孵化基地", "approved", 66, "已认定：看证书、补助资格和下一步义务"),
        Story("520302", "红花岗长征创业园", "approved", 64, "已有两件有效投诉，第三件待确认"),
        Story("520115", "观山湖金阳创业孵化基地", "preliminary_review", 8),
        Story("520103", "云岩筑梦创业园", "resubmitted", 24, "补正已回，等市局初审"),
        Story("520111", "花溪大学城众创基地", "recommendation", 4),
        Story("520113", "白云铝谷创业孵化基地", "recommendation", 45),
        Story("520181", "清镇职教城创业孵化园", "returned", 18, "有一份补正清单要办"),
        Story("520112", "乌当康养创业基地", "site_visit", 16),
        Story("520123", "修文电商孵化基地", "review", 26),
        Story("520121", "开阳磷都创业孵化基地", "public_notice", 34),
        Story("520122", "息烽红城创业孵化基地", "in_notice", 36),
        Story("520304", "播州乌江创业孵化园", "approval", 50),
        Story("520303", "汇川航天创业园", "refused", 60),
        Story("520402", "西秀屯堡创业基地", "withdrawn", 40),
        Story("520502", "七星关奢香创业园", "draft", 3, "申报书填到一半"),
        Story("520111", "花溪星辰创业孵化基地", "none", 0, "第一次申报：从选批次开始"),
    ),
    needs_city_title=True,
    shown=("520102", "520302", "520300"),
)
XINJIANG = Place(
    "650000",
    "base",
    "{year} 年度小企业创业基地申报（演示）",
    (
        Story("650102", "天山丝路创业基地", "approved", 60, "已认定"),
        Story("650104", "新市区红光创业园", "recommendation", 5),
        Story("650103", "沙依巴克友好创业基地", "preliminary_review", 12),
        Story("650105", "水磨沟温泉创业园", "site_visit", 20),
        Story("650106", "头屯河钢城创业基地", "approval", 48),
    ),
)
TIBET = Place(
    "540000",
    "centre_region",
    "{year} 年度自治区级双创中心申报（演示）",
    (
        Story("540102", "城关拉萨河双创中心", "approved", 58, "已认定"),
        Story("540103", "堆龙羊达双创中心", "recommendation", 6),
        Story("540202", "桑珠孜年楚双创中心", "preliminary_review", 11),
        Story("540302", "卡若三江双创中心", "review", 30),
    ),
)
JIAXING = Place(
    "330400",
    "base",
    "{year} 年度市级创业（孵化）基地申报（演示）",
    (
        Story("330402", "南湖红船创业基地", "approved", 55, "已认定"),
        Story("330411", "秀洲运河创业园", "recommendation", 4),
        Story("330481", "海宁潮城创业基地", "site_visit", 15),
        Story("330483", "桐乡乌镇创业园", "in_notice", 32),
        Story("330482", "平湖西瓜灯创业园", "returned", 14, "有一份补正清单要办"),
    ),
)
ORDOS = Place(
    "150600",
    "park",
    "{year} 年度创业园孵化基地申报（演示）",
    (
        Story("150602", "东胜天骄创业园", "approved", 56, "已认定"),
        Story("150603", "康巴什青春山创业园", "recommendation", 5),
        Story("150621", "达拉特树林召创业园", "review", 26),
        Story("150627", "伊金霍洛圣地创业园", "approval", 46),
    ),
)

PLACES = (GUIZHOU, XINJIANG, TIBET, JIAXING, ORDOS)
