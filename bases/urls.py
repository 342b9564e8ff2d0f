"""Addresses of the register, of rosters and of revocation. The public ones stand in portal/public_urls.py."""

from django.urls import path

from bases.views import for_officers, for_operators, revocations, revoking, rosters

app_name = "bases"
urlpatterns = [
    path("desk/register/", for_officers.register, name="register"),
    path("desk/register/<int:pk>/record/", for_officers.record_title, name="record"),
    path("desk/register/titles/<int:pk>/correct/", for_officers.correct_title, name="correct"),
    path("desk/register/<int:pk>/amend/", for_officers.amend, name="amend"),
    path("desk/register/<int:pk>/uscc/", for_officers.accept_uscc, name="accept_uscc"),
    path("desk/register/<int:pk>/tenants/", rosters.desk_roster, name="roster"),
    path("desk/revocations/", revocations.revocations, name="revocations"),
    path("desk/revocations/<int:pk>/", revocations.revocation, name="revocation"),
    path("desk/revocations/<int:pk>/files/<uuid:key>/", revocations.revocation_file, name="revocation_file"),
    path("desk/revocations/<int:pk>/services/<int:number>/", revocations.service_record, name="service_record"),
    path("desk/revocations/<int:pk>/notice/", revoking.prior_notice, name="prior_notice"),
    path("desk/revocations/<int:pk>/service/", revoking.serve, name="serve"),
    path("desk/revocations/<int:pk>/announcement/", revoking.announce, name="announce"),
    path("desk/revocations/<int:pk>/defence/", revoking.enter_defence, name="enter_defence"),
    path("desk/revocations/<int:pk>/hearing/notice/", revoking.set_hearing, name="set_hearing"),
    path("desk/revocations/<int:pk>/hearing/", revoking.hearing, name="hearing"),
    path("desk/revocations/<int:pk>/weighing/", revoking.weigh, name="weigh"),
    path("desk/revocations/<int:pk>/decision/", revoking.decide, name="decide"),
    path("desk/revocations/<int:pk>/closing/", revoking.close, name="close"),
    path("desk/revocations/<int:pk>/reversal/", revoking.set_aside, name="set_aside"),
    path("desk/revocations/<int:pk>/plaque/", revoking.plaque, name="plaque"),
    path("my/tenants/", rosters.my_tenants, name="my_tenants"),
    path("my/bases/<int:pk>/tenants/", rosters.roster, name="my_roster"),
    path("my/tenants/<int:pk>/correct/", rosters.correct_tenant, name="correct_tenant"),
    path("my/tenants/<int:pk>/leave/", rosters.leave, name="leave"),
    path("my/tenants/<int:pk>/strike/", rosters.strike, name="strike"),
    path("my/revocations/<int:pk>/", for_operators.revocation, name="my_revocation"),
    path("my/revocations/<int:pk>/sign/", for_operators.sign, name="sign"),
    path("my/revocations/<int:pk>/defence/", for_operators.defend, name="defend"),
]
