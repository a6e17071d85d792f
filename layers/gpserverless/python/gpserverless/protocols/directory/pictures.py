"""Pictures of tasks: SVG files beside the toolboxes, `_pictures/<service>/<task>.svg`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

FOLDER = "_pictures"
"""Name of the folder in that of the toolboxes."""

_TITLE = re.compile(r"<title>([^<]{0,500})</title>")
_UNESCAPED = " !()*+,/:;=@'"
"""Characters that an address of data may hold as they are in an attribute between quotation marks."""


@dataclass(frozen=True)
class Picture:
    """A picture of a task.

    Attributes:
        url: The picture as an address of data: an image runs nothing, and needs no other request.
        title: What is seen.
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
    try:
        text = (folder / f"{service}/{task}.svg").read_text("utf-8")
    except FileNotFoundError:
        return None
    from html import unescape  # all names of characters, which no other page needs

    found = _TITLE.search(text)
    return Picture(f"data:image/svg+xml,{quote(text, _UNESCAPED)}", unescape(found[1]) if found else "")
