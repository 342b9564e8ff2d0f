"""What a recognised base promised: services and rooms of the dossier its title rests on, public by the form itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.dossier import PUBLIC_FIELDS, choices_of, section, shown
from applications.models import Application, Submission
from applications.rules import ApplicationPolicy
from applications.states import ApplicationStatus
from bases.models import Base
from portal.accounts.decorators import public_view
from portal.deadlines.today import business_today
from portal.policies.loader import pack_of
from portal.web.parts import Crumb, Fact
from portal.web.place import site, site_of


def promised(submission: Submission, application: Application) -> list[Fact]:
    """Return what the dossier says of services and rooms, in the words of its form.

    Empty answers are left out; that no services were named is said where the form of the place asks for them.
    """
    lists = pack_of(application.policy, on=application.decided_on or business_today()).section(ApplicationPolicy).lists
    facts = []
    for code, fields in PUBLIC_FIELDS:
        answers = submission.answers.get(code, {})
        for field in (section(code).field(name) for name in fields):
            if answers.get(field.code) not in (None, "", []):
                facts.append(Fact(field.label, shown(field, answers[field.code], lists)))
            elif field.code == "services" and choices_of(field, lists):
                facts.append(Fact(field.label, _("申报书里没有填写")))
    return facts


@public_view
@require_safe
def services(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a base promised when its newest title was granted; without a dossier on file, say so."""
    bases = Base.objects.public().select_related("jurisdiction__parent__parent__parent")
    base = get_object_or_404(bases, slug=slug.upper())
    approved = base.applications.filter(status=ApplicationStatus.APPROVED).select_related("certification")
    application = approved.order_by("-decided_on", "-pk").first()
    submission = application.submissions.order_by("-number").first() if application else None
    bureau, _pack = site_of(base.jurisdiction, business_today())
    crumbs = Crumb(base.name, reverse("public:base", args=[base.slug])), Crumb(_("服务和场地"))
    context = site(
        bureau,
        *crumbs,
        home=reverse("public:home", args=[bureau.code]),
        base=base,
        application=application,
        facts=promised(submission, application) if application and submission else [],
    )
    return render(request, "applications/public_services.html", context)
