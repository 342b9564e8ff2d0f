"""The certificate (认定证书) of a title: what it says and how anybody can check it."""

import datetime

from django.conf import settings

from bases.models import Certification
from portal.deadlines.sums import in_words
from portal.documents.letters import Block, Draft
from portal.policies.loader import pack_of
from portal.typed_text import grouped


def verify_address(certification: Certification) -> str:
    """Return the address that the QR code of the certificate opens: the state of the title today."""
    return f"{settings.SITE_URL}/verify/{certification.verify_code}"


def certificate(certification: Certification) -> Draft:
    """Return the certificate of a title, with the number it has in the register."""
    base, operator = certification.base, certification.operator
    ends = certification.period_ends
    since = in_words(certification.certified_on)
    facts = {
        "base": base.name,
        "operator": operator.name,
        "uscc": operator.uscc,
        "place": base.jurisdiction.full_name,
        "title": certification.titled,
        "plaque": certification.plaque_text or certification.category_name,
        "number": certification.number,
        "period": _period(certification, ends) if ends else since,
        "period_name": "复评认定期" if ends else "认定日期",
        "code": grouped(certification.verify_code),
        "address": verify_address(certification),
        "recogniser": certification.recogniser,
    }
    pack = pack_of(certification.policy, on=certification.certified_on)
    body = Block("p", f"根据《{pack.title}》，经审核和公示，认定为{certification.titled}。")
    return Draft(
        kind="certification.certificate",
        title="认定证书",
        layout="certificate",
        body=(body,),
        facts=facts,
        reference=certification.number,
    )


def _period(certification: Certification, ends: datetime.date) -> str:
    """Write the period with its years: from day to day it would look a day longer, for its first day does not count."""
    years = ends.year - certification.certified_on.year
    return f"{years}年，{in_words(certification.certified_on)}认定，至{in_words(ends)}止"
