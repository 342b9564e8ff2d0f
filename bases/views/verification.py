"""Checking a certificate: by the code of its QR, or by its number and a name. The answer is the state of today.

An unknown code, a malformed one and a known one cost the same single query and have the same shape of page, so that
an answer's time tells nothing. One address may ask only so often.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bases.exports import public_state
from bases.forms import NO_CODE, code_as_kept
from bases.models import Certification, number_as_kept
from bases.views.base_events import public_letter, revoked_by
from bases.views.renames import former_names, with_former_names
from portal.accounts.decorators import public_view
from portal.deadlines.today import business_now
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.loader import installed
from portal.web.forms import NeededAtTimesField, PlainForm
from portal.web.navigation import address
from portal.web.throttling import VERIFY, limited

BRACKETS = str.maketrans("", "", "()[]【】〔〕")
COMPANY = re.compile(r"(?:股份)?有限(?:责任)?公司$")
COMMON = re.compile(
    "国家级?|省级?|市级?|县级?|大学生|农民工|退役军人|创业|孵化|示范|基地|园区?|中心|服务|管理"
)  # in any name
CODE_LENGTH = len(NO_CODE)
# The place of the base and all above it, each with what its bureau says of itself: still one query.
BUREAUS = [f"base__jurisdiction{'__parent' * above}__agency" for above in range(4)]
SHORTEST, OWN = 4, 2  # characters of a shortened name, and of what is left of it without the common words


class VerifyForm(PlainForm):
    """By the code alone, or by number and name together; each field says when it is needed."""

    at = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)
    code = NeededAtTimesField(
        label=_("核验码"),
        needed=_("（填了就不用填编号）"),
        max_length=40,
        help_text=_(
            "证书二维码旁的 16 位字母和数字，不含数字 0、1 和字母 I、O，不分大小写，中间的空格和横线可写可不写"
        ),
        widget=forms.TextInput({"class": "code", "autocomplete": "off", "autocapitalize": "characters"}),
    )
    number = NeededAtTimesField(
        label=_("证书编号"),
        needed=_("（没有核验码的必填）"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    name = NeededAtTimesField(
        label=_("基地或运营机构名称"),
        needed=_("（填编号的必填）"),
        max_length=120,
        help_text=_("照证书写全称；也可以只写全称里连着的一段，至少 4 个字，要认得出是哪一家"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """Return the letters and digits of the code; refuse what is too short or too long to be one."""
        typed = str(self.cleaned_data["code"])
        code = re.sub(r"[^0-9A-Za-z]", "", typed).upper()
        if typed and len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                _("核验码应为 %(n)d 位字母和数字，现为 %(found)d 位。请照证书补全；证书编号填在下一栏。"),
                params={"n": CODE_LENGTH, "found": len(code)},
            )
        return code

    def clean(self) -> dict[str, Any]:
        """Demand the code, or both number and name."""
        said = super().clean() or {}
        if not said.get("code") and "code" not in self.errors and not (said.get("number") and said.get("name")):
            if said.get("number"):
                self.add_error("name", _("只填了证书编号。请再填基地或运营机构名称，两项都对才给出结果。"))
            elif said.get("name"):
                self.add_error("number", _("只填了名称。请再填证书编号，或改填核验码。"))
            else:
                self.add_error("code", _("核验码和证书编号都没有填。请填核验码，或者填证书编号和名称。"))
        return said


@limited(VERIFY)
@never_cache
@public_view
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or for number and name, and lead to the answer."""
    came_from = {"jurisdiction": _place(request.GET.get("at", ""))}
    if not request.GET.keys() - {"at"}:
        form = VerifyForm(initial={"at": request.GET.get("at", "")})
        return render(request, "bases/public_verify.html", {"form": form, **came_from})
    form = VerifyForm(request.GET)
    if not form.is_valid():
        return render(request, "bases/public_verify.html", {"form": form, **came_from}, status=422)
    said = form.cleaned_data
    if said["code"]:
        return redirect(_answer_address(said["code"], said["at"]))
    numbered = _numbered(said["number"])
    if not numbered:
        return _unverifiable(request, said) or _answer(request, None, asked=said["number"])
    found = next((each for each in numbered if _is_named(each, said["name"])), None)
    if found is None:
        form.add_error(
            "name",
            _(
                "编号有，名称对不上。请照证书写基地或运营机构的全称；只写一段的，要连着写至少 4 个字，"
                "并且认得出是哪一家，“创业孵化基地”这样各家都有的词不算。"
            ),
        )
        return render(request, "bases/public_verify.html", {"form": form, **came_from}, status=422)
    return redirect("public:verified", code=found.verify_code)


def _answer_address(code: str, at: str) -> str:
    """Return where the answer to a code is read, and still from whose site somebody came."""
    answer = reverse("public:verified", args=[code])
    return f"{answer}?{urlencode({'at': at})}" if at else answer


def _place(code: str) -> Jurisdiction | None:
    """Return the place from whose site somebody came, so that its menu stays."""
    places = Jurisdiction.objects.select_related("parent__parent__parent")
    return places.filter(code=code).first() if re.fullmatch(r"[0-9]{6}", code, re.ASCII) else None


def _numbered(number: str) -> list[Certification]:
    """Return the certificates of that number, newest first: one of ours, or those of elsewhere by their own number."""
    kept = number_as_kept(number)
    numbered = Q(number=kept, document="") | Q(paper_number=kept)
    titles = with_former_names(Certification.objects.select_related("base", "operator"))
    return list(titles.filter(numbered).order_by("-certified_on", "-pk"))


def _unverifiable(request: HttpRequest, said: dict[str, Any]) -> HttpResponse | None:
    """Say of a title recorded without the number of a certificate, asked for by the register's own number and its
    name, that it stands in the register and that there is no certificate to check.
    """
    titles = Certification.objects.select_related("base", "operator").exclude(document="").filter(paper_number="")
    kept = titles.filter(number=number_as_kept(said["number"])).first()
    if kept is None or not _is_named(kept, said["name"]):
        return None
    place = _place(said["at"])
    context = {"found": None, "kept": kept, "asked": said["number"][:40], "now": business_now(), "jurisdiction": place}
    return render(request, "bases/public_verified.html", context)


def _is_named(certification: Certification, name: str) -> bool:
    """Return whether people call the base or its operator by that name: in full, or by what is its own in it."""
    wanted = _bare(name)
    called = (certification.base.name, certification.operator.name, *former_names(certification))
    names = {_bare(each) for each in called}
    short = len(wanted) >= SHORTEST and len(COMMON.sub("", wanted)) >= OWN
    return bool(wanted) and (wanted in names or (short and any(wanted in each for each in names)))


def _bare(name: str) -> str:
    """Return a name for comparison: no spaces, brackets or form of company, one width of letters."""
    plain = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return COMPANY.sub("", plain.replace("(演示)", "")).translate(BRACKETS)


@limited(VERIFY)
@never_cache
@public_view
@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the certificate of that code is worth today; an unknown code gets the same page with 404."""
    found = (
        with_former_names(Certification.objects.select_related("operator", "letter", "recogniser_at", *BUREAUS))
        .filter(verify_code=code_as_kept(code))
        .first()
    )
    return _answer(request, found, asked=code, length=len(code.replace("-", "")))


def _bureau_of(certification: Certification) -> Jurisdiction:
    """Return the place whose policy the title rests on, else the province; no query, as for an unknown code."""
    place, pack = certification.base.jurisdiction, installed().get(certification.policy)
    found = (node for node in place.lineage() if pack is not None and node.code == pack.jurisdiction)
    return next(found, place.ancestor(Level.PROVINCE))


def _answer(
    request: HttpRequest, found: Certification | None, *, asked: str, length: int = CODE_LENGTH
) -> HttpResponse:
    now = business_now()
    context: dict[str, Any] = {
        "found": found,
        "asked": asked[:40],
        "now": now,
        "jurisdiction": _place(request.GET.get("at", "")),
        "kept": None,
        "length": length,
        "wanted": CODE_LENGTH,
    }
    if found is not None:
        place = found.base.jurisdiction
        bureau = _bureau_of(found)
        state = public_state(found, now.date())
        context |= {
            "state": state,
            "former_names": former_names(found),
            "revoked": None if state.holds else revoked_by(found),
            "place": place,
            "jurisdiction": bureau,
            "agency": getattr(bureau, "agency", None),
            "letter": public_letter(found.letter),
            "complain": address("public:complain_about", (found.base.slug,)),
        }
    return render(request, "bases/public_verified.html", context, status=200 if found else 404)
