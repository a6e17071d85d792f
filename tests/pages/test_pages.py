"""Pages: every value is escaped, nothing runs, and a form leads only where it is allowed to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gpserverless.http.request import Request, read_request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.pages.render import Pages
from gpserverless.pages.style import StyleHandlers, find_style_route, style_path

ROOT = "https://gp.example.org/arcgis"
HOSTILE = "\"><script>alert(1)</script>{{ 7 * 7 }}'"


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "own.html").write_text(
        '{% extends "card.html" %}{% block card %}<b>{{ text }}</b>{% endblock %}'
    )
    return Pages(tmp_path)


def text(page: Response) -> str:
    return page.body.decode()


def test_page_of_a_protocol_extends_those_of_this_room(pages: Pages) -> None:
    page = pages.render("own.html", ROOT, text="Hello")
    assert (page.status, page.content_type) == (200, "text/html; charset=utf-8")
    assert "<b>Hello</b>" in text(page)
    assert "gp.example.org" in text(page)


def test_value_is_shown_and_never_markup(pages: Pages) -> None:
    shown = text(pages.render("own.html", ROOT, text=HOSTILE))
    assert "<script" not in shown
    assert "49" not in shown
    assert "&#34;&gt;&lt;script&gt;alert(1)" in shown


def test_value_that_is_missing_is_a_fault_and_no_gap(pages: Pages) -> None:
    with pytest.raises(Exception, match="'text' is undefined"):
        pages.render("own.html", ROOT)


def test_nothing_on_a_page_runs_or_comes_from_elsewhere(pages: Pages) -> None:
    page = pages.render("message.html", ROOT, title="Gone", text="It is gone.", link=None)
    policy = page.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script|<style|style=|\son\w+=", text(page)), "the policy would stop it"
    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)"', text(page)) == [f"/arcgis{style_path()}"]


def test_form_may_lead_to_the_targets_it_names(pages: Pages) -> None:
    page = pages.render("own.html", ROOT, text="", targets=["https://app.example.org"])
    assert "form-action 'self' https://app.example.org;" in page.headers["content-security-policy"]


@pytest.mark.parametrize(("root", "site"), [(ROOT, "/arcgis"), ("https://x.example/a/gis", "/a/gis")])
def test_style_is_asked_for_below_the_site(pages: Pages, root: str, site: str) -> None:
    assert f'<link rel="stylesheet" href="{site}/static/style-' in text(
        pages.render("own.html", root, text="")
    )


def request(path: str) -> Request:
    context = {"http": {"method": "GET"}, "domainName": "gp.example.org", "stage": "$default"}
    return read_request({"rawPath": f"/arcgis{path}", "requestContext": context})


def style(path: str) -> Response:
    asked = request(path)
    route = find_style_route(asked.segments)
    assert route is not None
    return StyleHandlers().routes[route.key](asked, **route.names)


def test_style_is_kept_for_good_under_its_name() -> None:
    found = style(style_path())
    assert found.content_type == "text/css; charset=utf-8"
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert b"prefers-color-scheme: dark" in found.body


def test_style_of_another_deployment_is_the_one_of_today_and_not_kept() -> None:
    found = style("/static/style-0123456789ab.css")
    assert found.body == style(style_path()).body
    assert "cache-control" not in found.headers


@pytest.mark.parametrize(
    "segments",
    [(), ("static",), ("static", "style.css"), ("static", "a", "b"), ("rest", "style-0123456789ab.css")],
)
def test_other_paths_are_no_style(segments: tuple[str, ...]) -> None:
    assert find_style_route(segments) is None


def test_route_names_the_file() -> None:
    name = style_path().rpartition("/")[2]
    assert find_style_route(("static", name)) == Route("style", {"name": name})
