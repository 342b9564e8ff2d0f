"""Second factors, where allauth knows less of officers than it should."""

from typing import Any, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse

from portal.accounts.capacity import capacities
from portal.accounts.models import User
from portal.deadlines.today import business_today
from portal.errors import NotAllowed


class FactorsView(IndexView):
    """Which second factors the person has. Whether officers must have one is a setting, so the page asks it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether a second factor is demanded of officers, and whether this is one, whose last factor stays."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person = cast("User", self.request.user)  # person_view has turned visitors away
        is_officer = any(one.kind == "officer" for one in capacities(person, business_today()))
        factors = person.authenticator_set.exclude(type="recovery_codes").count()
        context |= {
            "demanded": settings.OFFICERS_NEED_MFA,
            "is_officer": is_officer,
            "last_stays": is_officer and factors == 1,
        }
        return context


class RemoveKeyView(RemoveWebAuthnView):
    """Removing a security key. allauth asks the adapter for an authenticator app only; here for a key too."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove the key. Raises NotAllowed for the last factor of an officer; the person is held, so that of two
        keys removed at once one stays.
        """
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=self.get_object().user_id)
            if not get_adapter().can_delete_authenticator(self.get_object()):
                raise NotAllowed("这是最后一个验证方式，工作人员不能移除。请先添加另一个，再移除这一个。")
            response: HttpResponse = super().form_valid(form)
        return response
