"""What the progress page says is still to come, and whose objection it tells of."""

import pytest
import time_machine

from complaints import actions
from complaints.views.story import shown_story
from portal.accounts.capacity import VISITOR
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db


def test_objections_are_told_by_side_and_answered_before_anything_is_confirmed() -> None:
    story = Story(cast_at("520103"))
    complaint = story.found()
    with time_machine.travel(f"{story.on}T10:00:00+08:00", tick=True):
        before = shown_story(complaint, story.on)[-1].title
        actions.object_to_finding(complaint, text="合同写明以申请为条件。", by=story.cast.wang, on=story.on)
        actions.object_to_finding(complaint, text="我申请过，邮件为证，时间是去年五月。", by=VISITOR, on=story.on)
        events = shown_story(story.fresh(complaint), story.on)
    assert "期满后由审批人员确认核实结果" in before
    assert "先答复异议，再由审批人员确认核实结果" in events[-1].title
    told = [event.text for event in events if event.title == "核实结果有异议，正在办理"]
    assert told == ["基地提出的异议", "您提出的异议"]
