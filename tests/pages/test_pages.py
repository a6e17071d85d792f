"""Pages: every value is escaped, only files of the site run, and a form leads only where it is allowed to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gpserverless.http.response import Response
from gpserverless.pages.render import Pages
from gpserverless.pages.static_files import static_path

ROOT = "https://gp.example.org/arcgis"
HOSTILE = "\"><script>alert(1)</script>{{ 7919 * 7919 }}'"


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
    assert "62710561" not in shown
    assert "&#34;&gt;&lt;script&gt;alert(1)" in shown


def test_value_that_is_missing_is_a_fault_and_no_gap(pages: Pages) -> None:
    with pytest.raises(Exception, match="'text' is undefined"):
        pages.render("own.html", ROOT)


def test_nothing_on_a_page_is_inline_or_comes_from_elsewhere(pages: Pages) -> None:
    page = pages.render("message.html", ROOT, title="Gone", text="It is gone.", link=None)
    policy = page.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(rule.startswith(("script-src", "connect-src")) for rule in policy), "it has no script"
    assert not re.search(r"unsafe|\*|https?:", page.headers["content-security-policy"])
    assert not re.search(r"<script|<style|style=|\son\w+=", text(page)), "the policy would stop it"
    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)"', text(page)) == [
        f"/arcgis{static_path('style.css')}"
    ]


def test_form_may_lead_to_the_targets_it_names(pages: Pages) -> None:
    page = pages.render("own.html", ROOT, text="", targets=["https://app.example.org"])
    assert "form-action 'self' https://app.example.org;" in page.headers["content-security-policy"]


def test_scripts_may_read_from_the_origins_it_names(pages: Pages) -> None:
    origins = ["https://results.example.org"]
    page = pages.render("own.html", ROOT, text="", scripts=["page.js"], connections=origins)
    assert "script-src 'self'; " in page.headers["content-security-policy"]
    assert "connect-src 'self' https://results.example.org;" in page.headers["content-security-policy"]


@pytest.mark.parametrize(("root", "site"), [(ROOT, "/arcgis"), ("https://x.example/a/gis", "/a/gis")])
def test_style_is_asked_for_below_the_site(pages: Pages, root: str, site: str) -> None:
    assert f'<link rel="stylesheet" href="{site}/static/style-' in text(
        pages.render("own.html", root, text="")
    )


def test_template_asks_for_static_files_below_the_site(tmp_path: Path) -> None:
    (tmp_path / "scripted.html").write_text('<script type="module" src="{{ static("form.js") }}"></script>')
    assert f'src="/arcgis{static_path("form.js")}"' in text(Pages(tmp_path).render("scripted.html", ROOT))
