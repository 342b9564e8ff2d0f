"""The four shells: who is here, where, what one can reach; nothing from another host, nothing inline."""

import datetime
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from portal.web.navigation import ENTRIES, address, links
from portal.web.views import HANDBOOKS

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "portal" / "web" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "display", "accessibility", "privacy", "help"])
def test_own_pages_open_without_an_account(client: Client, name: str) -> None:
    response = client.get(reverse(f"web:{name}"))
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("role", HANDBOOKS)
def test_every_role_has_its_handbook(client: Client, role: str) -> None:
    assert client.get(reverse("web:help_page", args=[role])).status_code == 200


def test_there_is_no_handbook_for_nobody(client: Client) -> None:
    assert client.get(reverse("web:help_page", args=["nobody"])).status_code == 404


def test_home_lists_the_places_whose_policy_is_in_force(client: Client) -> None:
    text = client.get("/").content.decode()
    for place in ("贵州省", "新疆维吾尔自治区", "西藏自治区", "浙江省嘉兴市"):
        assert place in text


def test_home_costs_a_handful_of_queries(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        client.get("/")


@override_settings(DEMO=False)
def test_the_style_page_is_not_public(client: Client) -> None:
    assert client.get(reverse("web:look")).status_code == 404


@override_settings(DEMO=True)
@pytest.mark.parametrize("shell", ["public", "task", "desk", "operator"])
def test_each_shell_stands_by_itself(client: Client, shell: str) -> None:
    text = client.get(reverse("web:look_shell", args=[shell])).content.decode()
    assert '<a class="skip" href="#main">' in text
    assert '<main id="main"' in text
    assert text.count("<h1") == 1


@override_settings(DEMO=True)
def test_the_style_page_shows_every_component(client: Client) -> None:
    shown = {template.name for template in client.get(reverse("web:look")).templates if template.name}
    parts = {"demo", "session", "htmx", "watermark", "account", "foot_slim", "ridge", "empty"}
    wanted = {f"components/{path.name}" for path in (ROOT / "templates" / "components").glob("*.html")}
    missing = {name for name in wanted - shown if Path(name).stem not in parts}
    assert not missing


def test_desk_shell_names_the_officer_and_the_post(cast, sign_in) -> None:
    client = sign_in(cast.county_caseworker)
    with override_settings(DEMO=True):
        text = client.get(reverse("web:look_shell", args=["desk"])).content.decode()
    assert str(cast.county_caseworker.user) in text
    assert cast.county_caseworker.title in text
    assert 'class="watermark"' in text


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/520000/", ["/520000/"]),
        ("/520000/register/history/", ["/520000/register/"]),
        ("/verify/FORGED/", ["/verify/?at=520000"]),
        ("/help/operator/", []),
    ],
)
def test_menu_marks_the_nearest_entry_only(path: str, marked: list[str]) -> None:
    shown = links("public", RequestFactory().get(path), "520000")
    assert [link.href for link in shown if link.current] == marked


def test_a_page_that_does_not_exist_is_left_out_of_the_menu() -> None:
    assert address("nowhere:at_all") == ""
    assert all(link.href for shell in ENTRIES for link in links(shell, None, "520000"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_the_strict_content_policy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]+\sstyle=", source)
    assert not re.search(r"<script(?![^>]*\s(?:src=|type=\"application/json\"))", source)
    assert not re.search(r"\son[a-z]+=\"", source)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//(?!www\.gov\.cn)", source)


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "components").glob("*.html")), ids=lambda path: path.name)
def test_each_component_says_at_its_head_what_it_is(path: Path) -> None:
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("{% load")]
    assert head[0].startswith("{#")


def test_everything_a_page_can_load_weighs_under_160_kb() -> None:
    pages = ["css/tokens.css", "css/base.css", "css/components.css", "icons.svg", "favicon.svg"]
    pages += [f"js/{path.name}" for path in (STATIC / "js").glob("*.js")] + ["vendor/htmx-2.0.11.min.js"]
    assert sum((STATIC / name).stat().st_size for name in pages) < 160_000


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'id="i-([a-z]+)"', sprite))
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r'{% icon "([a-z]+)"', path.read_text(encoding="utf-8")))
    assert named <= drawn


def test_the_date_control_appears_only_in_the_demo() -> None:
    assert "演示环境" not in render_to_string("components/demo.html", {"demo": None})
    shown = {"demo": True, "today": datetime.date(2026, 11, 22), "request": RequestFactory().get("/help/")}
    assert "快进一天" in render_to_string("components/demo.html", shown)
