"""Links of documents, as they are on the site: a file beside docs/ has a page of its own there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

ROOT = Path(__file__).parents[2]

PICTURES = (".svg", ".png")
"""Extensions of files that are shown as they are."""

BESIDE = "repository/"
"""Folder of the site for what lies beside docs/."""

_DOCS = PurePosixPath("docs")
_LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)#\s]+)((?:#[^)\s]*)?\))")


def rewrite_links(page: str, markdown: str) -> str:
    """Return the text of a page with links to files beside docs/ as they are on the site.

    Args:
        page: Path of the page on the site.
        markdown: Its text, with links relative to the file that it is made of.
    """
    return _LINK.sub(lambda found: found[1] + _rewrite(page, found[2]) + found[3], markdown)


def list_targets(page: str) -> Iterator[str]:
    """Yield the files that a page links to, by their path from the root.

    Args:
        page: Path of the page on the site.
    """
    for found in _LINK.finditer((ROOT / find_source(page)).read_text("utf-8")):
        yield _resolve(page, found[2])


def find_page(target: str) -> str:
    """Return the path on the site of a file of the repository, "" for what is no file.

    Args:
        target: Path of the file from the root.
    """
    path = PurePosixPath(target)
    if path.is_relative_to(_DOCS):
        return str(path.relative_to(_DOCS))
    if not (ROOT / target).is_file():
        return ""
    return f"{BESIDE}{target}" + ("" if path.suffix in (".md", *PICTURES) else ".md")


def find_source(page: str) -> str:
    """Return the file that a page is made of, by its path from the root.

    Args:
        page: Path of the page on the site.
    """
    if not page.startswith(BESIDE):
        return f"docs/{page}"
    file = page.removeprefix(BESIDE)
    return file if (ROOT / file).is_file() else file.removesuffix(".md")


def _rewrite(page: str, link: str) -> str:
    uri = find_page(_resolve(page, link))
    return relpath(uri, PurePosixPath(page).parent) if uri else link


def _resolve(page: str, link: str) -> str:
    return normpath(PurePosixPath(find_source(page)).parent / link)
