"""What mkdocs calls while it builds: a file beside docs/ becomes a page if a page links to it."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel

ROOT = Path(__file__).parents[2]

_DOCS = PurePosixPath("docs")
_LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)#\s]+)((?:#[^)\s]*)?\))")
_PICTURES = (".svg", ".png")


def on_files(files: Files, config: Any) -> Files:
    """Add a page for each file beside docs/ that a page links to, and for those that these link to.

    Args:
        files: The files of the site.
        config: The configuration of the site.
    """
    waiting = [file.src_uri for file in files.documentation_pages()]
    made: set[str] = set()
    while waiting:
        page = waiting.pop()
        for target in _list_links(page):
            uri = find_page(target)
            if uri and uri not in made and not files.get_file_from_path(uri):
                made.add(uri)
                files.append(_make_file(config, uri, target))
                waiting += [uri] if target.endswith(".md") else []
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Return a page whose links lead to pages of the site.

    Args:
        markdown: Its text.
        page: The page.
        config: The configuration of the site.
        files: The files of the site.
    """
    here = page.file.src_uri
    return _LINK.sub(lambda found: found[1] + rewrite_link(here, found[2]) + found[3], markdown)


def rewrite_link(page: str, link: str) -> str:
    """Return a link of a page as it is on the site, relative to the page.

    Args:
        page: Path of the page on the site.
        link: A path relative to the file that the page is made of.
    """
    uri = find_page(_resolve(page, link))
    return relpath(uri, PurePosixPath(page).parent) if uri else link


def find_page(target: str) -> str:
    """Return the path on the site of a file of the repository, "" for what the site has not.

    Args:
        target: Path of the file from the root.
    """
    path = PurePosixPath(target)
    if path.is_relative_to(_DOCS):
        return str(path.relative_to(_DOCS))
    if not (ROOT / target).is_file():
        return ""
    return f"repository/{target}" + ("" if path.suffix in (".md", *_PICTURES) else ".md")


def _source_of(page: str) -> str:
    """Return the file of the repository that a page is made of."""
    if not page.startswith("repository/"):
        return f"docs/{page}"
    file = page.removeprefix("repository/")
    return file if (ROOT / file).is_file() else file.removesuffix(".md")


def _resolve(page: str, link: str) -> str:
    return normpath(PurePosixPath(_source_of(page)).parent / link)


def _list_links(page: str) -> list[str]:
    text = (ROOT / _source_of(page)).read_text("utf-8")
    return [_resolve(page, found[2]) for found in _LINK.finditer(text)]


def _make_file(config: Any, uri: str, target: str) -> File:
    if PurePosixPath(target).suffix in _PICTURES:
        return File.generated(config, uri, abs_src_path=str(ROOT / target))
    text = (ROOT / target).read_text("utf-8")
    if not target.endswith(".md"):
        text = f"# {PurePosixPath(target).name}\n\n`{target}`\n\n````{_language(target)}\n{text}\n````\n"
    return File.generated(config, uri, content=text, inclusion=InclusionLevel.NOT_IN_NAV)


def _language(target: str) -> str:
    return {".py": "python", ".json": "json", ".yaml": "yaml"}.get(PurePosixPath(target).suffix, "text")
