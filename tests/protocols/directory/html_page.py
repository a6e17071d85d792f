"""A page as a browser reads it: its elements, with the rules that every page holds to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle"}


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text, with single blanks."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    @property
    def raw(self) -> str:
        """Its text as it is."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    def walk(self) -> Iterator[Element]:
        """Yield it and the elements in it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find_all(self, tag: str = "", **attributes: str | None) -> list[Element]:
        """Return the elements of a tag with attributes; `_` stands for `-`, and None for any value."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self.walk()
            if (not tag or each.tag == tag)
            and all(
                name in each.attributes and value in (None, each.attributes[name])
                for name, value in wanted.items()
            )
        ]

    def find(self, tag: str = "", **attributes: str | None) -> Element:
        """Return the only element of a tag with attributes."""
        found = self.find_all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> ends <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read_page(body: bytes) -> Element:
    """Return a page, which holds to the rules of every page.

    Args:
        body: The bytes of the page.
    """
    reader = _Reader()
    reader.feed(body.decode())
    reader.close()
    assert reader._open == [reader.root], "an element is not closed"
    for rule in RULES:
        rule(reader.root)
    return reader.root


def data_block(page: Element, identifier: str) -> Any:
    """Return the JSON of a data block."""
    return json.loads(page.find("script", id=identifier).raw)


def _runs_no_script_but_those_of_the_site(page: Element) -> None:
    for script in page.find_all("script"):
        is_data = script.attributes.get("type") == "application/json"
        assert is_data or script.attributes["src"].startswith("/arcgis/static/"), script
    assert not page.find_all("style")
    for element in page.walk():
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")], element


def _names_each_thing_once(page: Element) -> None:
    names = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]


def _leads_nowhere_else(page: Element) -> None:
    for link in page.find_all("a"):
        assert link.attributes["href"].startswith(("/arcgis/", "#", "https://")), link.attributes


def _labels_every_control(page: Element) -> None:
    labelled = {label.attributes.get("for") for label in page.find_all("label")}
    inside = {id(each) for label in page.find_all("label") for each in label.walk()}
    for tag in ("input", "select", "textarea"):
        for control in page.find_all(tag):
            has_label = control.attributes.get("id") in labelled or id(control) in inside
            is_hidden = control.attributes.get("type") == "hidden"
            assert has_label or is_hidden or "aria-label" in control.attributes, control.attributes


def _says_what_it_is(page: Element) -> None:
    assert page.find("h1").text
    assert page.find("title").text
    assert page.find("html").attributes["lang"]
    assert page.find("main").attributes["id"] == "content"
    for image in page.find_all("img"):
        assert "alt" in image.attributes


RULES: tuple[Callable[[Element], None], ...] = (
    _runs_no_script_but_those_of_the_site,
    _names_each_thing_once,
    _leads_nowhere_else,
    _labels_every_control,
    _says_what_it_is,
)
