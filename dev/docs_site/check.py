"""`python -m dev.docs_site.check <folder>`: refuse a site that fetches from elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

_FETCHES = {"src", "srcset", "data", "poster"}
_FETCHED_LINKS = {"stylesheet", "icon", "preload", "preconnect", "modulepreload", "dns-prefetch", "manifest"}
_ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)
_LIST_IN_TEXT = re.compile(r"<p>[^<]*\n(?:-|\d+\.) ")


class _Page(HTMLParser):
    """The addresses that a browser fetches for a page, without those of links that people follow."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.fetched += [value for name, value in named.items() if name in _FETCHES]
        if tag == "link" and _FETCHED_LINKS & set(named.get("rel", "").split()):
            self.fetched.append(named.get("href", ""))


def find_faults(site: Path) -> Iterator[str]:
    """Yield a sentence for each fault of a built site.

    Args:
        site: Its folder.
    """
    for file in sorted(site.rglob("*.html")):
        text, name = file.read_text("utf-8"), file.relative_to(site)
        page = _Page()
        page.feed(text)
        yield from (f"{name} fetches {url}" for url in page.fetched if _ELSEWHERE.match(url))
        if _LIST_IN_TEXT.search(text):
            yield f"{name} has a list without an empty line before it"
        if 'class="mermaid"' in text:
            yield f"{name} has a drawing whose library is fetched from elsewhere"
    for file in sorted(site.rglob("*.css")):
        for url in _IN_STYLE.findall(file.read_text("utf-8")):
            yield f"{file.relative_to(site)} fetches {url}"


def main(arguments: list[str]) -> int:
    """Print each fault, and the number of pages; return 1 if there is a fault."""
    site = Path(arguments[0])
    faults = list(find_faults(site))
    pages = sum(1 for _ in site.rglob("*.html"))
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{pages} pages in {site}/; python3 -m http.server -d {site} shows them with the search.")
    return 1 if faults or not pages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
