"""A pack file is edited after the bureau ruled on it: what no longer fits is left out and said, nothing else stops."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from assessments.rules import AssessmentPolicy
from complaints.rules import ComplaintPolicy
from portal.accounts.capacity import Capacity
from portal.desk.policies import views
from portal.desk.policies.actions import change_assumption, confirm_assumption
from portal.jurisdictions.models import Jurisdiction
from portal.policies import checks
from portal.policies.loader import forget_rulings, installed, left_out, pack_in_force, policy_in_force
from portal.policies.models import AssumptionRuling
from portal.policies.packs import PACKS_FOLDER
from tests.factories.titles import published_call

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.desk.policies.urls")]
RECTIFICATION = "assessments.cycle.rectification_days"
LIMIT = "complaints.counting.limit"
DAY = date(2026, 11, 22)
OTHER = ("rectification_days = { value = 90", "rectification_days = { value = 45")
Edit = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (views, checks):
        monkeypatch.setattr(module, "business_today", lambda: DAY)


@pytest.fixture
def edit(tmp_path: Path, settings) -> Edit:
    def edited(old: str, new: str) -> None:
        folder = tmp_path / "policies"
        shutil.copytree(PACKS_FOLDER, folder)
        file = folder / "guizhou-2022.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        settings.POLICY_PACKS = folder
        forget_rulings()

    return edited


@pytest.fixture
def changed(approver: Capacity) -> AssumptionRuling:
    pack = installed()["guizhou-2022"]
    confirm_assumption(pack, LIMIT, reason="按民法典第1259条", seen=None, by=approver, on=DAY)
    said = {"reason": "缩短整改期限", "seen": None, "by": approver, "on": DAY}
    return change_assumption(pack, RECTIFICATION, "value = 60", **said)


def days() -> int:
    place = Jurisdiction.objects.get(code="520103")
    found: int = policy_in_force(AssessmentPolicy, at=place, on=DAY).cycle.rectification_days.value
    return found


def signed_in(person: Capacity) -> Client:
    client = Client()
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_ruling_on_a_value_the_file_no_longer_says_is_left_out_and_the_others_hold(
    edit: Edit, changed: AssumptionRuling
) -> None:
    assert days() == 60
    edit(*OTHER)
    assert days() == 45
    assert [row.pk for row in left_out(installed()["guizhou-2022"], DAY)] == [changed.pk]
    place = Jurisdiction.objects.get(code="520103")
    assert not policy_in_force(ComplaintPolicy, at=place, on=DAY).counting.limit.assumed


def test_a_ruling_on_a_place_that_is_gone_stops_nobody(changed: AssumptionRuling, approver: Capacity) -> None:
    AssumptionRuling.objects.filter(pk=changed.pk).update(path="applications.prerequisites[9].needs")
    forget_rulings()
    for code in ("520103", "150602", "650000"):
        assert pack_in_force(at=Jurisdiction.objects.get(code=code), on=DAY)
    assert days() == 90
    assert "现按文件取值" in signed_in(approver).get(reverse("policies:settings")).content.decode()


def test_the_next_ruling_on_an_edited_value_holds_again(
    edit: Edit, changed: AssumptionRuling, approver: Capacity
) -> None:
    edit(*OTHER)
    pack = installed()["guizhou-2022"]
    said = {"reason": "按新文件缩短", "seen": changed.pk, "by": approver, "on": DAY}
    change_assumption(pack, RECTIFICATION, "value = 30", **said)
    forget_rulings()
    assert days() == 30
    assert left_out(pack, DAY) == []


def test_a_ruling_that_makes_a_section_unfit_is_left_out(changed: AssumptionRuling) -> None:
    AssumptionRuling.objects.filter(pk=changed.pk).update(content="value = 99999999")
    forget_rulings()
    assert days() == 90


def test_the_settings_page_and_the_check_say_what_is_left_out_until_it_is_ruled_anew(
    edit: Edit, changed: AssumptionRuling, approver: Capacity
) -> None:
    assert checks.rulings_fit(databases=["default"]) == []
    edit(*OTHER)
    [warning] = checks.rulings_fit(databases=["default"])
    assert RECTIFICATION in warning.msg
    client, settings_page = signed_in(approver), reverse("policies:settings")
    assert "以下取值的确认或变更不再适用，现按文件取值" in client.get(settings_page).content.decode()
    address = reverse("policies:value", kwargs={"pack_id": "guizhou-2022", "path": RECTIFICATION})
    said = {"outcome": "confirmed", "reason": "按新文件确认", "seen": str(changed.pk)}
    assert client.post(address, said).status_code == 302
    forget_rulings()
    assert "以下取值的确认或变更不再适用" not in client.get(settings_page).content.decode()


def test_the_public_reads_place_and_post_of_who_ruled_and_officers_the_name(
    changed: AssumptionRuling, approver: Capacity, client: Client
) -> None:
    public = client.get(reverse("public:policy_pack", args=["guizhou-2022"])).content.decode()
    assert "贵州省 审批岗" in public
    assert "张三" not in public
    assert "张三" in signed_in(approver).get(reverse("policies:settings")).content.decode()


def test_a_file_that_records_rest_on_cannot_be_taken_away(edit: Edit, settings) -> None:
    published_call(opens=DAY, closes=DAY)
    assert checks.packs_in_use_are_installed(databases=["default"]) == []
    edit("", "")
    (settings.POLICY_PACKS / "guizhou-2022.toml").unlink()
    found = {error.msg for error in checks.packs_in_use_are_installed(databases=["default"])}
    assert "申报批次的记录依据政策包 guizhou-2022，但政策包目录里没有这个文件。" in found
    assert all("guizhou-2022" in said for said in found)
