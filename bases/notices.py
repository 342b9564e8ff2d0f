"""Who is told what about a base."""

from bases.models import Certification
from portal.notifications.notify import Notice


def base_recognised(certification: Certification) -> Notice:
    """The operator's people learn that the title is granted and where the certificate is."""
    until = f"，复评认定期至 {certification.period_ends}" if certification.period_ends else ""
    return Notice(
        kind="base.recognised",
        subject=f"{certification.base}已认定为{certification.category_name}",
        body=(
            f"{certification.recogniser}于 {certification.certified_on} 认定{certification.base}为"
            f"{certification.category_name}{until}。证书编号 {certification.number}，登录后可下载证书。"
        ),
        url=f"/base/{certification.base.slug}/",
        dedupe=f"certification:{certification.pk}:recognised",
    )
