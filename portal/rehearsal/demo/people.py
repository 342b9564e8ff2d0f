"""Who appears in the demo: officers of every level of a place, administrators, and the people of operators."""

import datetime
from dataclasses import dataclass

from bases.models import Operator
from portal import uscc
from portal.accounts.actions import represent
from portal.accounts.capacity import SYSTEM, Capacity, officer, representative
from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.deadlines.today import business_today
from portal.jurisdictions.models import AgencyProfile, Jurisdiction, Level
from portal.policies.loader import pack_in_force
from portal.rehearsal.demo.posts import note_of

HOUSES = 199  # numbers along 演示路
SINCE = datetime.date(2020, 1, 1)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ("建国", "淑芬", "志强", "丽华", "晓东", "海燕", "俊杰", "雪梅", "永康", "秀英", "明辉", "春兰")
AREA_CODES = {  # by the first digits of a division's code, the longest that is known
    "52": "0851",
    "5205": "0857",
    "5223": "0859",
    "5226": "0855",
    "65": "0991",
    "54": "0891",
    "5402": "0892",
    "5403": "0895",
    "33": "0571",
    "3304": "0573",
    "15": "0471",
    "1506": "0477",
}
DEPARTMENTS = {
    "人力资源和社会保障部门": ("人力资源和社会保障", "人社"),
    "经济和信息化部门": ("经济和信息化", "经信"),
    "自治区双创办（科技厅）": ("科学技术", "科技"),
}


@dataclass
class Directory:
    """Makes people with distinct names and logins."""

    made: int = 0
    opener: User | None = None  # who confirmed the posts a bureau began with; never signs in

    def person(self, login: str, *, demo: bool, note: str = "", region_code: str = "") -> User:
        """Return a new person with the next name of the list."""
        name = SURNAMES[self.made % len(SURNAMES)] + GIVEN[self.made // 3 % len(GIVEN)]
        self.made += 1
        user = User(username=login, name=name, email=f"{login}@example.org", demo=demo, demo_note=note)
        user.region_code = region_code
        user.set_unusable_password()
        user.save()
        return user

    def post(self, login: str, place: Jurisdiction, role: str, *, demo: bool = True) -> Capacity:
        """Return a new officer in a post."""
        user = self.person(login, demo=demo, note=note_of(place, role) if demo else "", region_code=place.code)
        membership = Membership.objects.create(
            user=user,
            jurisdiction=place,
            role=role,
            valid_from=SINCE,
            confirmed_by=self._confirmer(),
            confirmed_on=SINCE,
        )
        return officer(membership)

    def _confirmer(self) -> User:
        """Return who confirms the first posts: nobody confirms their own."""
        if self.opener is None:
            self.opener = User(username="opening", name="上线筹备组", is_active=False)
            self.opener.set_unusable_password()
            self.opener.save()
        return self.opener


@dataclass
class Bureau:
    """The officers of one place at one level."""

    place: Jurisdiction
    caseworkers: list[Capacity]
    approver: Capacity


def department(place: Jurisdiction) -> tuple[str, str]:
    """Return the field of the department that the policy of a place lets certify (XJ-16, XZ-22), in full and short.

    Raises KeyError for a department that has no name here yet.
    """
    return DEPARTMENTS[str(pack_in_force(at=place, on=business_today()).head.lead.value)]


def open_bureau(directory: Directory, place: Jurisdiction, *, demo: bool) -> Bureau:
    """Staff a bureau with two caseworkers and an approver, and let it say who it is."""
    code = place.code
    first = directory.post(f"case-{code}", place, Role.CASEWORKER, demo=demo)
    second = directory.post(f"case2-{code}", place, Role.CASEWORKER, demo=False)
    approver = directory.post(f"head-{code}", place, Role.APPROVER, demo=demo)
    suffix = "厅" if place.level == Level.PROVINCE else "局"
    field, short = department(place)
    AgencyProfile.objects.create(
        jurisdiction=place,
        name=f"{_of_city(place)}{place.name}{field}{suffix}",
        short_name=f"{place.name}{short}{suffix}",
        document_word=f"演示{place.name[:2]}{short}",
        phone=demo_phone(place),
        discipline_phone=demo_phone(place, line=1),
        address=demo_address(place, place.name),
        office_hours="工作日 9:00–17:00",
        complaint_channel=f"{demo_phone(place)}，或到窗口反映",
        licence="演示数据，仅供试用",
    )
    return Bureau(place, [first, second], approver)


def _of_city(place: Jurisdiction) -> str:
    """Return the city before the name of a district (市辖区), whose bureau is called by both; nothing elsewhere."""
    is_district = place.level == Level.COUNTY and place.name.endswith("区") and place.parent is not None
    return place.parent.name if is_district and place.parent else ""


def demo_address(place: Jurisdiction, name: str) -> str:
    """Return an address that nobody takes for a real one, of another number for each name."""
    return f"{place.name}演示路 {sum(map(ord, name)) % HOUSES + 1} 号（演示）"


def demo_phone(place: Jurisdiction, line: int = 0) -> str:
    """Return a number with the area code of its place that reaches nobody: no local number begins with 0.

    `line` tells the numbers of one place apart. Raises KeyError for a province that has no area code here yet.
    """
    prefix = place.code[:4] if place.code[:4] in AREA_CODES else place.province_code
    return f"{AREA_CODES[prefix]}-0{line:02}{place.code[2:]}"


def staff_oversight(directory: Directory, place: Jurisdiction) -> None:
    """Add the auditor and the three administrators of a province or city."""
    for role in (Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        directory.post(f"{role.replace('_', '-')}-{place.code}", place, role)


def open_operator(directory: Directory, name: str, county: Jurisdiction, *, demo_note: str = "") -> Capacity:
    """Return the representative of a new operator with a code whose check character is right; labelled 演示."""
    serial = directory.made
    first17 = f"91{county.code}MA{serial:07d}"
    operator = Operator.objects.create(
        jurisdiction=county,
        name=f"{name}（演示）",
        uscc=first17 + uscc.check_character(first17),
        phone="13900000000",
        demo=True,
    )
    login = f"base-{county.code}-{serial}"
    user = directory.person(login, demo=bool(demo_note), note=demo_note, region_code=county.code)
    represent(user, operator, manager=True, by=SYSTEM, on=SINCE)
    return representative(user, operator)
