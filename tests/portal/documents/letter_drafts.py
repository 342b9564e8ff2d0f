"""Drafts for tests of letters, without any app's business in them."""

from portal.documents.letters import Annex, Block, Draft

CERTIFICATE_FACTS = {
    "base": "南明青创孵化基地",
    "operator": "贵阳青创孵化服务有限公司",
    "uscc": "91520102MA6DEMO123",
    "plaque": "贵州省创业孵化示范基地",
    "period": "2026年12月18日至2031年12月18日",
    "period_name": "复评认定期",
    "code": "W7Q2-4HD8-K3M9-QRTX",
    "address": "https://portal.example/verify/W7Q24HD8K3M9QRTX",
}


def notice(title: str = "关于开展申报工作的通知", paragraphs: int = 2, **changes: object) -> Draft:
    """Return a letter with red head and that many paragraphs."""
    body = tuple(Block("p", f"第{n}段。各地要按照职责分工落实各项要求，按时报送。") for n in range(1, paragraphs + 1))
    return Draft(kind="test.notice", title=title, addressee="各有关单位", body=body, **changes)  # type: ignore[arg-type]


def table(rows: int) -> Draft:
    """Return a notice with a list of that many rows."""
    lines = tuple(
        (str(n), f"第{n}号孵化基地", "某某创业服务有限公司", "贵州省贵阳市云岩区") for n in range(1, rows + 1)
    )
    block = Block("table", columns=("序号", "基地名称", "运营机构", "所在地"), rows=lines, widths=(8, 32, 34, 26))
    return Draft(kind="test.list", title="拟认定名单公示", layout="notice", body=(block,), series="孵化公示")


def certificate() -> Draft:
    """Return a certificate."""
    body = (Block("p", "根据有关规定，经审核和公示，认定为省级创业孵化示范基地。"),)
    facts = dict(CERTIFICATE_FACTS)
    return Draft(
        kind="test.certificate",
        title="认定证书",
        layout="certificate",
        body=body,
        facts=facts,
        reference="520000-2026-0007",
    )


def with_annexes() -> Draft:
    """Return a letter with two annexes."""
    annexes = (Annex("名单", table(3).body), Annex("联系方式", (Block("p", "电话未填写。"),)))
    return notice(annexes=annexes, copies_to="某某单位。", notes="此件公开发布")
