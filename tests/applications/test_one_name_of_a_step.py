"""A step goes by one name: in the policy, on the stepper, as a status, on the worklist and in its filter."""

from collections import Counter

import pytest

from applications.actions.moving import TASKS
from applications.rules import ApplicationPolicy
from applications.states import STEPS, ApplicationStatus
from portal.desk.worklist.kinds import KINDS
from portal.policies.packs import all_packs

WORDS = {
    ApplicationStatus.RECOMMENDATION: "推荐",
    ApplicationStatus.PRELIMINARY_REVIEW: "初审",
    ApplicationStatus.SITE_VISIT: "实地考察",
    ApplicationStatus.REVIEW: "复审",
    ApplicationStatus.PUBLIC_NOTICE: "公示",
    ApplicationStatus.APPROVAL: "认定",
}


@pytest.mark.parametrize("policy", sorted(all_packs()))
def test_every_policy_names_a_step_by_the_word_that_status_worklist_and_task_use(policy: str) -> None:
    for procedure in all_packs()[policy].section(ApplicationPolicy).procedures:
        assert [step.name for step in procedure.steps if WORDS[ApplicationStatus(step.step)] not in step.name] == []


@pytest.mark.parametrize("step", [step for step in STEPS if step != ApplicationStatus.APPROVAL])
def test_status_worklist_and_task_call_a_step_by_the_same_word(step: ApplicationStatus) -> None:
    for named in (step.label, KINDS[f"applications.{step}"], TASKS[step]):
        assert WORDS[step] in str(named)


def test_the_filter_of_the_worklist_offers_no_two_kinds_of_one_name() -> None:
    assert [name for name, times in Counter(map(str, KINDS.values())).items() if times > 1] == []
