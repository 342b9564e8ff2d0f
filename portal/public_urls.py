"""The address plan of the public site, all of it: what anybody may open, namespace `public`.

A place has its six-digit code as first part, so that each bureau has its own site. No other first part of the portal
consists of digits, so nothing here can shadow another page.
"""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from applications.views import feeds, for_public, objections, promises, sitemaps
from bases.views import announcements, verification
from bases.views import for_public as register
from complaints.views import for_public as complaining
from complaints.views import progress
from portal.desk.urls_policies import public_urlpatterns as policy_pages


class DivisionCode(StringConverter):
    """A six-digit division code (GB/T 2260)."""

    regex = "[0-9]{6}"


class FileKind(StringConverter):
    """The kind of a file of open data."""

    regex = "csv|json"


class Receipt(StringConverter):
    """A code that somebody was given: letters and digits."""

    regex = "[0-9A-Za-z]{1,40}"


class PrintedCode(StringConverter):
    """A code as it is printed on paper, with or without the dashes between its groups."""

    regex = "[0-9A-Za-z-]{1,40}"


register_converter(DivisionCode, "division")
register_converter(FileKind, "kind")
register_converter(Receipt, "receipt")
register_converter(PrintedCode, "printed")

app_name = "public"
urlpatterns = [
    re_path(r"^(?P<code>[0-9]{2}|[0-9]{4})/$", for_public.short_home, name="short_home"),
    path("<division:code>/", for_public.home, name="home"),
    path("<division:code>/calls/", for_public.calls, name="calls"),
    path("<division:code>/calls/feed/", feeds.calls, name="calls_feed"),
    path("<division:code>/calls/<int:pk>/", for_public.call, name="call"),
    path("<division:code>/notices/", for_public.notices, name="notices"),
    path("<division:code>/notices/feed/", feeds.notices, name="notices_feed"),
    path("<division:code>/notices/<int:pk>/", for_public.notice, name="notice"),
    path("<division:code>/notices/<int:pk>/objection/", objections.object_to, name="object"),
    path("<division:code>/announcements/", announcements.announcements, name="announcements"),
    path("<division:code>/objections/", objections.track, name="track"),
    path("<division:code>/objections/<receipt:receipt>/", objections.objection, name="objection"),
    path("<division:code>/objections/<receipt:receipt>/letter.pdf", objections.answer_pdf, name="objection_letter"),
    path("<division:code>/complain/", complaining.tell, name="complain"),
    path("<division:code>/register/", register.register, name="register"),
    path("<division:code>/register/dictionary/", register.dictionary, name="register_dictionary"),
    path("<division:code>/register/history/", register.history, name="register_history"),
    path("<division:code>/register.<kind:kind>", register.download, name="register_download"),
    path("<division:code>/contacts/", for_public.contacts, name="contacts"),
    path("base/<receipt:slug>/", register.base_page, name="base"),
    path("base/<receipt:slug>/services/", promises.services, name="base_services"),
    path("base/<receipt:slug>/complain/", complaining.tell_about, name="complain_about"),
    path("complain/who/", complaining.who, name="complain_who"),
    path("complain/check/", complaining.check, name="complain_check"),
    path("complain/received/", complaining.received, name="complain_received"),
    path("complain/leave/", complaining.leave, name="complain_leave"),
    path("complain/progress/", progress.track, name="complain_track"),
    path("complain/case/", progress.case, name="complain_case"),
    path("complain/case/add/", progress.add, name="complain_add"),
    path("complain/case/withdraw/", progress.withdraw, name="complain_withdraw"),
    path("complain/case/objection/", progress.object_to, name="complain_object"),
    path("complain/case/rating/", progress.rate, name="complain_rate"),
    path("complain/case/letters/<uuid:key>/", progress.letter, name="complain_letter"),
    path("complain/case/letters/<uuid:key>/pdf/", progress.letter_pdf, name="complain_letter_pdf"),
    path("verify/", verification.verify, name="verify"),
    path("verify/<printed:code>/", verification.verified, name="verified"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/bases-<int:number>.xml", sitemaps.bases, name="sitemap_bases"),
    *policy_pages,
]
