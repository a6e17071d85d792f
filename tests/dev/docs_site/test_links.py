"""Links on the documentation site: those out of docs/ lead to a page of the file there."""

from __future__ import annotations

import pytest

from dev.docs_site.links import find_page, find_source, list_targets, rewrite_links

CODE = "layers/gpserverless/python/gpserverless/jobs/pricing.py"


@pytest.mark.parametrize(
    ("page", "link", "rewritten"),
    [
        ("how-to/watch.md", "deploy.md#costs", "deploy.md#costs"),
        ("how-to/deploy.md", "../../CHANGELOG.md", "../repository/CHANGELOG.md"),
        ("explanation/architecture.md", "../../README.md#a-tool", "../repository/README.md#a-tool"),
        ("how-to/watch.md", f"../../{CODE}", f"../repository/{CODE}.md"),
        ("index.md", "../tools/README.md", "repository/tools/README.md"),
        ("repository/README.md", "docs/how-to/deploy.md", "../how-to/deploy.md"),
        ("repository/README.md", "docs/architecture.svg", "../architecture.svg"),
        ("repository/README.md", "LICENSE", "LICENSE.md"),
        ("how-to/watch.md", "https://example.org/a.md", "https://example.org/a.md"),
        ("how-to/watch.md", "#logs", "#logs"),
        ("how-to/watch.md", "../../missing.md", "../../missing.md"),
    ],
)
def test_link_leads_to_a_page_of_the_site(page: str, link: str, rewritten: str) -> None:
    assert rewrite_links(page, f"See [this]({link}).") == f"See [this]({rewritten})."


@pytest.mark.parametrize("target", ["README.md", "LICENSE", CODE, "docs/how-to/watch.md"])
def test_source_of_the_page_of_a_file_is_the_file(target: str) -> None:
    assert find_source(find_page(target)) == target


def test_targets_are_named_from_the_root() -> None:
    assert CODE in list(list_targets("how-to/watch.md"))
