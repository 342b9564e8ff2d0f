"""Addresses about people. Those of allauth keep the names it looks for; each is marked here like any view of ours."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, URLResolver, include, path, re_path

from portal.accounts.decorators import View, person_view, public_view
from portal.accounts.views import colleagues, delegations, devices, entering, factors, myself, people
from portal.accounts.views.shells import in_own_shell


def own(view: View) -> View:
    """Mark a page of allauth about oneself, and show it in the reader's shell."""
    return person_view(in_own_shell(view))


ours = [
    path("", myself.me, name="me"),
    path("edit/", myself.edit, name="edit"),
    path("notices/", myself.notices, name="notices"),
    path("switch/", myself.choose, name="choose"),
    path("switch/to/", myself.switch, name="switch"),
    path("arrived/", entering.arrived, name="arrived"),
    path("expired/", entering.expired, name="expired"),
    path("demo/", entering.demo_sign_in, name="demo_sign_in"),
    path("delegations/", delegations.index, name="delegations"),
    path("delegations/give/<int:post>/", delegations.give, name="delegate"),
    path("delegations/<int:delegation>/revoke/", delegations.revoke, name="revoke_delegation"),
    path("people/", people.index, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<int:person>/", people.show, name="person"),
    path("people/<int:person>/propose/", people.propose, name="propose_post"),
    path("people/<int:person>/deactivate/", people.deactivate, name="deactivate_person"),
    path("people/<int:person>/reactivate/", people.reactivate, name="reactivate_person"),
    path("people/<int:person>/mail-link/", people.mail_link, name="mail_link"),
    path("people/<int:person>/reset-factors/", people.reset_factors, name="reset_factors"),
    path("posts/", people.proposals, name="proposals"),
    path("posts/<int:post>/confirm/", people.confirm, name="confirm_post"),
    path("posts/<int:post>/refuse/", people.refuse, name="refuse_post"),
    path("posts/<int:post>/end/", people.end, name="end_post"),
    path("colleagues/", colleagues.index, name="colleagues"),
    path("colleagues/invite/", colleagues.invite, name="invite_colleague"),
    path("colleagues/<int:row>/end/", colleagues.end, name="end_colleague"),
    path("colleagues/<int:row>/reactivate/", colleagues.reactivate, name="reactivate_colleague"),
]

entrance = [
    path("login/", public_view(entering.SignInView.as_view()), name="account_login"),
    path("logout/", public_view(entering.SignOutView.as_view()), name="account_logout"),
    path("inactive/", public_view(account.account_inactive), name="account_inactive"),
    path("signup/", public_view(account.signup), name="account_signup"),
    path("reauthenticate/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own(account.password_change), name="account_change_password"),
    path("password/set/", own(account.password_set), name="account_set_password"),
    path("password/reset/", public_view(entering.AskForLinkView.as_view()), name="account_reset_password"),
    path("password/reset/sent/", public_view(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public_view(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        public_view(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("sessions/", own(devices.DevicesView.as_view()), name="usersessions_list"),
]

second_factors = [
    path("", own(factors.FactorsView.as_view()), name="mfa_index"),
    path("authenticate/", public_view(mfa.authenticate), name="mfa_authenticate"),
    path("reauthenticate/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("app/activate/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("app/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/generate/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/download/", person_view(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("keys/", own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("keys/add/", own(keys.add_webauthn), name="mfa_add_webauthn"),
    path("keys/reauthenticate/", own(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("keys/<int:pk>/remove/", own(factors.RemoveKeyView.as_view()), name="mfa_remove_webauthn"),
    path("keys/<int:pk>/edit/", own(keys.edit_webauthn), name="mfa_edit_webauthn"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *entrance,
    path("factors/", include(second_factors)),
    path("", include((ours, "accounts"))),
]
