"""A new city is running after writing one file."""

import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from bases.rules import BasePolicy
from complaints.rules import ComplaintPolicy
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import pack_in_force, policy_in_force
from portal.policies.packs import PACKS_FOLDER
from portal.policies.sections import declared_sections
from portal.policies.timeline import NoPolicyInForce

DAY = date(2026, 11, 23)


@pytest.fixture
def chengdu(tmp_path, settings):
    folder = tmp_path / "policies"
    shutil.copytree(PACKS_FOLDER, folder)
    text = (folder / "template.toml").read_text(encoding="utf-8")
    text = text.replace('id = "template"', 'id = "chengdu-2026"').replace('"000000"', '"510100"')
    (folder / "chengdu-2026.toml").write_text(text.replace("example = true\n", ""), encoding="utf-8")
    settings.POLICY_PACKS = folder
    return folder / "chengdu-2026.toml"


@pytest.mark.django_db
def test_a_city_runs_on_the_file_copied_from_the_template(chengdu):
    out = StringIO()
    call_command("policies", "check", str(chengdu), stdout=out)
    assert "通过" in out.getvalue()
    county = Jurisdiction.objects.get(code="510104")
    assert pack_in_force(at=county, on=DAY).id == "chengdu-2026"
    assert [title.code for title in policy_in_force(BasePolicy, at=county, on=DAY).titles] == ["county", "city"]
    assert policy_in_force(ComplaintPolicy, at=county, on=DAY).counting.limit.value == 3
    for section in declared_sections():
        assert policy_in_force(section, at=county, on=DAY)


@pytest.mark.django_db
def test_the_template_itself_governs_nobody():
    with pytest.raises(NoPolicyInForce):
        pack_in_force(at=Jurisdiction.objects.get(code="510104"), on=DAY)
