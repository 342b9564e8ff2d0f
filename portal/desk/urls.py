"""Addresses of the desk: the worklist, the operator's home, the bureau's own settings, a base as officers see it."""

from django.urls import path

from portal.desk.bureau import views as bureau
from portal.desk.home import views as home
from portal.desk.register import views as register
from portal.desk.worklist import views as worklist

app_name = "desk"
urlpatterns = [
    path("home/", home.arrive, name="home"),
    path("my/", home.operator_home, name="operator_home"),
    path("desk/", worklist.worklist, name="worklist"),
    path("desk/export/", worklist.export, name="export"),
    path("desk/urge/", worklist.urge, name="urge"),
    path("desk/agency/", bureau.agency, name="agency"),
    path("desk/calendar/", bureau.calendar, name="calendar"),
    path("desk/calendar/<int:pk>/remove/", bureau.remove_day, name="remove_day"),
    path("desk/register/<int:pk>/", register.base_page, name="base"),
]
