"""Who may do what: one table, read top to bottom. Scope is the jurisdiction of the membership, not part of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One thing an officer may do. The act checks level, desk and separation of duties besides."""

    READ_CASES = "cases.read", _("查看办件")
    DRAFT_CALL = "calls.draft", _("起草申报通知")
    PUBLISH_CALL = "calls.publish", _("发布申报通知")
    GIVE_OPINION = "applications.give_opinion", _("推荐、初审、复审")
    RECORD_VISIT = "applications.record_visit", _("登记实地考察")
    PUBLICISE = "applications.publicise", _("发布公示")
    HANDLE_OBJECTION = "applications.handle_objection", _("登记和答复异议")
    APPROVE = "applications.approve", _("批准或不予认定")
    HANDLE_COMPLAINT = "complaints.handle", _("受理、核实投诉")
    CONFIRM_FINDING = "complaints.confirm", _("确认或推翻投诉核实结果")
    PREPARE_REVOCATION = "revocations.prepare", _("办理撤销程序")
    DECIDE_REVOCATION = "revocations.decide", _("决定撤销")
    MANAGE_REGISTER = "bases.manage", _("维护名册")
    RULE_ASSUMPTIONS = "policies.rule", _("确认或变更政策假定")
    MANAGE_CALENDAR = "calendar.manage", _("维护地方节假日")
    MANAGE_AGENCY = "agency.manage", _("维护机关信息")
    MANAGE_PEOPLE = "people.manage", _("维护人员")
    GRANT_ROLES = "people.grant", _("核准岗位授权")
    READ_AUDIT = "audit.read", _("查看审计记录")


class Role(models.TextChoices):
    """A post. One person may hold several, but never two of the three administrators (三员分立)."""

    CASEWORKER = "caseworker", _("经办岗")
    APPROVER = "approver", _("审批岗")
    AUDITOR = "auditor", _("监督岗")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


P = Permission

GRANTS: dict[str, frozenset[str]] = {
    Role.CASEWORKER: frozenset(
        {
            P.READ_CASES,
            P.DRAFT_CALL,
            P.GIVE_OPINION,
            P.RECORD_VISIT,
            P.PUBLICISE,
            P.HANDLE_OBJECTION,
            P.HANDLE_COMPLAINT,
            P.PREPARE_REVOCATION,
            P.MANAGE_REGISTER,
        }
    ),
    Role.APPROVER: frozenset(
        {
            P.READ_CASES,
            P.PUBLISH_CALL,
            P.APPROVE,
            P.CONFIRM_FINDING,
            P.DECIDE_REVOCATION,
            P.RULE_ASSUMPTIONS,
            P.MANAGE_CALENDAR,
            P.MANAGE_AGENCY,
        }
    ),
    Role.AUDITOR: frozenset({P.READ_CASES, P.READ_AUDIT}),
    Role.SYSTEM_ADMIN: frozenset({P.MANAGE_PEOPLE}),
    Role.SECURITY_ADMIN: frozenset({P.GRANT_ROLES}),
    Role.AUDIT_ADMIN: frozenset({P.READ_AUDIT}),
}

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Posts in which cases are handled. Whoever only supervises hands nothing over and takes nothing on.
CASE_WORK = frozenset({Role.CASEWORKER, Role.APPROVER})


def permissions_of(role: str) -> frozenset[str]:
    """Return what a role may do."""
    return GRANTS[Role(role)]


def roles_with(permission: str) -> frozenset[str]:
    """Return the roles that hold a permission."""
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)
