"""An operator's people: who acts for it, invited and ended by its own manager."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.actions import Details, end_representation, invite_colleague, manages, reactivate_colleague
from portal.accounts.decorators import PersonRequest, operator_view
from portal.accounts.forms import NewPersonForm
from portal.accounts.mailing import mail_password_link
from portal.accounts.models import Representative
from portal.accounts.views.shells import done, page
from portal.deadlines.today import business_today
from portal.errors import NotAllowed


@operator_view
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """List the people who act for the operator, those of the past included."""
    operator = request.capacity.operator
    assert operator is not None
    rows = Representative.objects.filter(operator_id=operator.pk).select_related("user", "granted_by")
    context = {
        "rows": rows.order_by("ended_on", "granted_on", "pk"),
        "may_manage": manages(operator.pk, request.user.pk),
        "operator": operator,
    }
    return page(request, "accounts/colleagues.html", context)


@operator_view
@require_http_methods(["GET", "POST"])
def invite(request: PersonRequest) -> HttpResponse:
    """Make a login for a colleague, and mail the link to set a password."""
    operator = request.capacity.operator
    assert operator is not None
    if not manages(operator.pk, request.user.pk):
        raise NotAllowed(_("只有本机构的人员管理员能增减经办人员。"))
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        details = Details(**form.cleaned_data)
        manager = request.POST.get("manager") == "1"
        person = invite_colleague(details, operator, manager=manager, by=request.capacity, on=business_today())
        if mail_password_link(person):
            sentence = _("已建立账号，设置密码的链接已发到邮箱。")
        else:
            sentence = _("已建立账号，但邮件没有发出。稍后可以由本人在登录页点“忘记密码”，用登记的邮箱重新收取链接。")
        return done(request, sentence, "accounts:colleagues")
    return page(request, "accounts/colleague_form.html", {"form": form})


@operator_view
@require_POST
def end(request: PersonRequest, row: int) -> HttpResponse:
    """End a colleague's part at the operator."""
    operator = request.capacity.operator
    assert operator is not None
    found = get_object_or_404(Representative.objects.filter(operator_id=operator.pk), pk=row)
    because = request.POST.get("reason", "").strip()[:200] or _("本机构调整")
    end_representation(found, operator, because=because, by=request.capacity, on=business_today())
    return done(request, _("已结束，立即生效。"), "accounts:colleagues")


@operator_view
@require_POST
def reactivate(request: PersonRequest, row: int) -> HttpResponse:
    """Open a colleague's closed login again."""
    operator = request.capacity.operator
    assert operator is not None
    found = get_object_or_404(Representative.objects.filter(operator_id=operator.pk), pk=row)
    because = request.POST.get("reason", "").strip()[:200] or _("本机构申请恢复")
    reactivate_colleague(found, because=because, by=request.capacity, on=business_today())
    return done(request, _("账号已恢复。"), "accounts:colleagues")
