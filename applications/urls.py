"""Addresses of applications: the operator's under my/, the officer's under desk/."""

from django.urls import path

from applications.views.for_officers import acts, calls, consenting, publicity, visiting
from applications.views.for_officers import cases as dossiers
from applications.views.for_operators import bases, cases, filling

app_name = "applications"

urlpatterns = [
    path("my/applications/", cases.mine, name="mine"),
    path("my/bases/new/", bases.new_base, name="new_base"),
    path("my/bases/<int:pk>/", bases.own_base, name="own_base"),
    path("my/calls/<int:pk>/", cases.start, name="start"),
    path("my/applications/<int:pk>/", cases.overview, name="overview"),
    path("my/applications/<int:pk>/sections/<slug:code>/", filling.section, name="section"),
    path("my/applications/<int:pk>/files/", filling.files, name="files"),
    path("my/applications/<int:pk>/files/remove/", filling.remove_file, name="remove_file"),
    path("my/applications/<int:pk>/files/<uuid:key>/", filling.my_file, name="my_file"),
    path("my/applications/<int:pk>/check/", filling.check, name="check"),
    path("my/applications/<int:pk>/submitted/<int:number>/", filling.submitted, name="submitted"),
    path("my/applications/<int:pk>/as-filed/", filling.as_filed, name="as_filed"),
    path("my/applications/<int:pk>/withdraw/", cases.withdraw, name="withdraw"),
    path("desk/applications/<int:pk>/", dossiers.case, name="case"),
    path("desk/applications/<int:pk>/files/<uuid:key>/", dossiers.case_file, name="case_file"),
    path("desk/applications/<int:pk>/as-filed/", dossiers.case_as_filed, name="case_as_filed"),
    path("desk/applications/<int:pk>/opinion/", acts.opinion, name="opinion"),
    path("desk/applications/<int:pk>/changes/", acts.check_changes, name="check_changes"),
    path("desk/applications/<int:pk>/correct/", acts.correct, name="correct"),
    path("desk/correction-proposals/<int:pk>/", consenting.proposal, name="proposal"),
    path("desk/applications/<int:pk>/visit/", visiting.visit, name="visit"),
    path("desk/applications/<int:pk>/approve/", acts.approve, name="approve"),
    path("desk/applications/<int:pk>/refuse/", acts.refuse, name="refuse"),
    path("desk/applications/<int:pk>/let-go-on/", acts.let_go_on, name="let_go_on"),
    path("desk/applications/<int:pk>/send-back/", acts.send_back, name="send_back"),
    path("desk/applications/<int:pk>/go-on/", acts.go_on, name="go_on"),
    path("desk/applications/<int:pk>/assign/", acts.assign, name="assign"),
    path("desk/calls/", calls.calls, name="calls"),
    path("desk/calls/new/", calls.new_call, name="new_call"),
    path("desk/calls/<int:pk>/", calls.call, name="call"),
    path("desk/calls/<int:pk>/edit/", calls.edit_call, name="edit_call"),
    path("desk/calls/<int:pk>/publish/", calls.publish_call, name="publish_call"),
    path("desk/calls/<int:pk>/return/", calls.return_call, name="return_call"),
    path("desk/calls/<int:pk>/extend/", calls.extend_call, name="extend_call"),
    path("desk/calls/<int:pk>/withdraw/", calls.withdraw_call, name="withdraw_call"),
    path("desk/calls/<int:pk>/notices/new/", publicity.new_notice, name="new_notice"),
    path("desk/notices/<int:pk>/", publicity.notice, name="notice"),
    path("desk/notices/<int:pk>/objection/", publicity.enter_objection, name="enter_objection"),
    path("desk/objections/<int:pk>/", publicity.objection, name="objection"),
    path("desk/objections/<int:pk>/files/<uuid:key>/", publicity.objection_file, name="objection_file"),
]
