"""Where a person is signed in, each device by its browser and system."""

from typing import Any

from allauth.usersessions.views import ListUserSessionsView

from portal.accounts.devices import device_in_words


class DevicesView(ListUserSessionsView):
    """The devices, this one first; the others can be signed out."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what each device is called."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        ordered = sorted(context["sessions"], key=lambda each: not each.is_current())
        context["devices"] = [(session, device_in_words(session.user_agent)) for session in ordered]
        return context
