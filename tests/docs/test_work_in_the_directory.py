"""docs/how-to/work-in-the-directory.md tells what the pages do."""

from __future__ import annotations

from pathlib import Path

from gpserverless.pages.language import LANGUAGES
from gpserverless.protocols.directory.shown_table import MOST_ROWS
from gpserverless.protocols.directory.snippets.make import make_snippets
from tests.protocols.directory.documents import task

PAGE = (Path(__file__).parents[2] / "docs/how-to/work-in-the-directory.md").read_text("utf-8")


def test_page_names_every_client_in_order() -> None:
    places = [PAGE.find(each.title) for each in make_snippets("https://gp.example.org/a/GPServer/B", task())]
    assert -1 not in places
    assert places == sorted(places)


def test_page_names_the_languages_and_the_rows() -> None:
    assert all(f"`?lang={code}`" in PAGE for code in LANGUAGES)
    assert f"the first {MOST_ROWS} rows" in PAGE
