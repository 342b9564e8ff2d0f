"""Addresses of complaints: the officers' under desk/, the operators' under my/; public ones: portal/public_urls.py."""

from django.urls import path

from complaints.views import for_operators
from complaints.views.for_officers import (
    cases,
    confirming,
    counting,
    deciding,
    entering,
    lists,
    misconduct,
    ratings,
    revealing,
    verifying,
)

app_name = "complaints"

urlpatterns = [
    path("desk/complaints/", lists.complaints, name="complaints"),
    path("desk/complaints/quarantine/", lists.quarantine, name="quarantine"),
    path("desk/complaints/enter/", entering.enter, name="enter"),
    path("desk/complaints/ratings/", ratings.ratings, name="ratings"),
    path("desk/complaints/ratings/<int:pk>/", ratings.rating, name="rating"),
    path("desk/complaints/objections/<int:pk>/", confirming.answer_objection, name="answer_objection"),
    path("desk/complaints/<int:pk>/", cases.case, name="case"),
    path("desk/complaints/<int:pk>/files/<uuid:key>/", cases.case_file, name="case_file"),
    path("desk/complaints/<int:pk>/receipt/", entering.receipt, name="receipt"),
    path("desk/complaints/<int:pk>/accept/", deciding.accept, name="accept"),
    path("desk/complaints/<int:pk>/reject/", deciding.reject, name="reject"),
    path("desk/complaints/<int:pk>/transfer/", deciding.transfer, name="transfer"),
    path("desk/complaints/<int:pk>/supplement/", deciding.supplement, name="supplement"),
    path("desk/complaints/<int:pk>/withdraw/", deciding.withdraw, name="withdraw"),
    path("desk/complaints/<int:pk>/summary/", deciding.summary, name="summary"),
    path("desk/complaints/<int:pk>/verify-at-once/", deciding.verify_at_once, name="verify_at_once"),
    path("desk/complaints/<int:pk>/recipient/", verifying.recipient, name="recipient"),
    path("desk/complaints/<int:pk>/same-fact/", verifying.same_fact, name="same_fact"),
    path("desk/complaints/<int:pk>/extend/", verifying.extend, name="extend"),
    path("desk/complaints/<int:pk>/finding/", verifying.finding, name="finding"),
    path("desk/complaints/<int:pk>/service/", verifying.service, name="service"),
    path("desk/complaints/<int:pk>/objection/", confirming.enter_objection, name="enter_objection"),
    path("desk/complaints/<int:pk>/order-acceptance/", confirming.order_acceptance, name="order_acceptance"),
    path("desk/complaints/<int:pk>/confirm/", confirming.confirm, name="confirm"),
    path("desk/complaints/<int:pk>/send-back/", confirming.send_back, name="send_back"),
    path("desk/complaints/<int:pk>/overturn/", confirming.overturn, name="overturn"),
    path("desk/complaints/<int:pk>/identity/", revealing.identity, name="identity"),
    path("desk/bases/<int:pk>/complaints/", counting.for_base, name="for_base"),
    path("desk/bases/<int:pk>/complaints/enter/", entering.enter_for, name="enter_for"),
    path("desk/bases/<int:pk>/misconduct/", misconduct.report, name="report_misconduct"),
    path("desk/misconduct/<int:pk>/", misconduct.misconduct, name="misconduct"),
    path("desk/misconduct/<int:pk>/files/<uuid:key>/", misconduct.misconduct_file, name="misconduct_file"),
    path("my/complaints/", for_operators.mine, name="mine"),
    path("my/complaints/<int:pk>/", for_operators.complaint, name="my_complaint"),
    path("my/complaints/<int:pk>/answer/", for_operators.answer, name="answer"),
    path("my/complaints/<int:pk>/sign/", for_operators.sign, name="sign"),
    path("my/complaints/<int:pk>/objection/", for_operators.object_to, name="object"),
]
