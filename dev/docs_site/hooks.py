"""What mkdocs calls while it builds: a file beside docs/ becomes a page if a page links to it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel

from dev.docs_site.links import BESIDE, PICTURES, ROOT, find_page, list_targets, rewrite_links

_LANGUAGES = {".py": "python", ".json": "json", ".yaml": "yaml"}


def on_files(files: Files, config: Any) -> Files:
    """Add a page for each file beside docs/ that a page links to, and for those that these link to.

    Args:
        files: The files of the site.
        config: The configuration of the site.
    """
    waiting = [file.src_uri for file in files.documentation_pages()]
    while waiting:
        for target in list_targets(waiting.pop()):
            uri = find_page(target)
            if uri.startswith(BESIDE) and not files.get_file_from_path(uri):
                files.append(_make_file(config, uri, target))
                waiting += [uri] if target.endswith(".md") else []
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Return the text of a page, whose links lead to pages of the site.

    Args:
        markdown: Its text.
        page: The page.
        config: The configuration of the site.
        files: The files of the site.
    """
    return rewrite_links(page.file.src_uri, markdown)


def _make_file(config: Any, uri: str, target: str) -> File:
    path = PurePosixPath(target)
    if path.suffix in PICTURES:
        return File.generated(config, uri, abs_src_path=str(ROOT / target))
    text = (ROOT / target).read_text("utf-8")
    if path.suffix != ".md":
        language = _LANGUAGES.get(path.suffix, "text")
        text = f"# {path.name}\n\n`{target}`\n\n````{language}\n{text}\n````\n"
    return File.generated(config, uri, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
