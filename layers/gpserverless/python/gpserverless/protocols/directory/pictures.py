"""Pictures of tasks: SVG files beside the toolboxes, `_pictures/<service>/<task>.svg`.

A task that does the same as another shows its picture: `_pictures/same.json` has the name of
the other by its own, both as `<service>/<task>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import orjson

FOLDER = "_pictures"
"""Name of the folder in that of the toolboxes."""

SAME = "same.json"
"""Name of the file of the tasks that show the picture of another."""

_TITLE = re.compile(r"<title>([^<]{0,500})</title>")
_UNESCAPED = " !()*+,/:;=@'"
"""Characters that an address of data may hold as they are in an attribute between quotation marks."""


@dataclass(frozen=True)
class Picture:
    """A picture of a task.

    Attributes:
        url: The picture as an address of data: an image runs nothing, and needs no other request.
        title: Its description.
    """

    url: str
    title: str


def read_picture(folder: Path, service: str, task: str) -> Picture | None:
    """Return the picture of a task, None if it has none.

    Args:
        folder: The folder of the pictures.
        service: Qualified name of a service of the catalogue.
        task: Name of one of its tasks.
    """
    name = f"{service}/{task}"
    try:
        text = (folder / f"{_read_same(folder).get(name, name)}.svg").read_text("utf-8")
    except FileNotFoundError:
        return None
    from html import unescape  # all names of characters, which no other page needs

    found = _TITLE.search(text)
    return Picture(f"data:image/svg+xml,{quote(text, _UNESCAPED)}", unescape(found[1]) if found else "")


@cache
def _read_same(folder: Path) -> dict[str, str]:
    """Return the task whose picture a task shows, by its own name; it is deployed with the pictures."""
    try:
        return dict(orjson.loads((folder / SAME).read_bytes()))
    except FileNotFoundError:
        return {}
