"""The style of the pages: parts by concern, each small, and no rule for what no page has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gpserverless
import gpserverless.pages

ROOM = Path(gpserverless.pages.__file__).parent
PARTS = sorted((ROOM / "style").glob("*.css"))
SCRIPTS = Path(__file__).parents[2] / "layers/gpserverless/browser/source"
MOST_LINES = 300
OF_THE_MAP = "maplibregl-"
"""Beginning of the classes of the library of maps."""

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_CLASS = re.compile(r"\.([a-z][\w-]*)(?=[^{}]*\{)", re.ASCII)


def texts_of_pages() -> str:
    package = Path(gpserverless.__file__).parent
    folders = (
        *(path.parent for path in package.rglob("templates/base.html")),
        *package.glob("protocols/*/templates"),
    )
    templates = [path for folder in folders for path in folder.glob("*.html")]
    assert len(templates) > 20
    return "\n".join(path.read_text("utf-8") for path in [*templates, *SCRIPTS.rglob("*.ts")])


PAGES = texts_of_pages()


def test_every_part_is_bundled_once() -> None:
    imported = re.findall(r'^@import "\./style/(\w+\.css)";$', (ROOM / "style.css").read_text("utf-8"), re.M)
    assert sorted(imported) == [path.name for path in PARTS]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_part_is_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_every_class_of_a_part_is_on_some_page(path: Path) -> None:
    rules = _COMMENT.sub("", path.read_text("utf-8"))
    classes = {each for each in _CLASS.findall(rules) if not each.startswith(OF_THE_MAP)}
    unused = {each for each in classes if not re.search(rf"(?<![\w-]){each}(?![\w-])", PAGES)}
    assert unused == set()
