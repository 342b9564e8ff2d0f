"""The conditions of a title held against what was filed: met by the figures, or for the officer to judge."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications import dossier
from applications.actions.door import door
from applications.actions.moving import policy_of
from applications.models import Application, Submission
from portal.web.parts import Tone


@dataclass(frozen=True)
class Condition:
    """One line: what is demanded, what was found, how it stands, under which clause."""

    name: str
    required: str
    found: str
    word: str
    tone: Tone
    clause: str


def conditions_of(application: Application, submission: Submission | None) -> list[Condition]:
    """Return bans, titles and prerequisites as they are today, then the pack's conditions on the figures filed.

    Nothing is refused by machine: an unmet line is shown to the officer, who decides.
    """
    if submission is None or application.first_submitted_on is None:
        return []
    answers: dossier.Answers = submission.answers
    verdict = door(application.call, application.base, on=application.first_submitted_on, answers=answers)
    obstacles = {obstacle.reason: obstacle for obstacle in verdict.obstacles}
    lines = [_line(reason, name, required, obstacles, application) for reason, name, required in _doors(application)]
    names = _names(application)
    for finding in verdict.findings:
        lines.append(
            Condition(
                names.get(finding.condition, finding.condition),
                _words(finding.required),
                _words(finding.found) if not finding.met or isinstance(finding.found, str) else _("齐全"),
                _("符合") if finding.met else _("不符合"),
                "main" if finding.met else "warn",
                finding.clause,
            )
        )
    return lines


def _doors(application: Application) -> list[tuple[str, str, str]]:
    policy = policy_of(application).eligibility
    lines = [
        ("banned", _("暂停申报"), _("基地与运营机构均不在暂停期")),
        ("holds_title", _("已有称号"), _("未持有同一称号")),
    ]
    if any(rule.title == application.title for rule in policy.prerequisites):
        lines.append(("requires_title", _("前置认定"), _("持有所要求的称号")))
    return lines


def _line(reason: str, name: str, required: str, obstacles: dict[str, Any], application: Application) -> Condition:
    obstacle = obstacles.get(reason)
    if obstacle is None:
        return Condition(name, required, _("名册核对无误"), _("符合"), "main", "")
    return Condition(name, required, obstacle.says, _("不符合"), "bad", obstacle.clause)


def _names(application: Application) -> dict[str, str]:
    policy = policy_of(application).eligibility
    names = {rule.condition: rule.name for rule in policy.shares}
    return names | {rule.condition: rule.name for rule in policy.checklists}


def _words(value: str | tuple[str, ...]) -> str:
    labels = dict(dossier.FACILITIES)
    if isinstance(value, tuple):
        return "、".join(labels.get(code, code) for code in value) or _("无")
    return f"{float(value):.2%}" if "." in value else value
