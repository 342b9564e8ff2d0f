"""Addresses of applications: the operator's under my/, the officer's under desk/."""

from django.urls import path

from applications.views.for_operators import cases, filling

app_name = "applications"

urlpatterns = [
    path("my/applications/", cases.mine, name="mine"),
    path("my/bases/new/", cases.new_base, name="new_base"),
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
]
