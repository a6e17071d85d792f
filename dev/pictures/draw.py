"""The pictures of all tasks, by the path of their file."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from functools import cache

from dev.pictures.card import Scene, draw_card
from dev.pictures.scenes import SCENES

FOLDER = "tools/toolboxes/_pictures"
"""Folder of the pictures: it is deployed with the toolboxes, for the help page of a task."""

MAX_BYTES = 40_000
"""Most bytes of a picture: it is part of its page."""

MAX_BYTES_IN_ALL = 1_600_000
"""Most bytes of all pictures: they are deployed."""


@cache
def draw_pictures() -> dict[str, str]:
    """Return the text of each picture by its path from the root of the sources."""
    return {path_of(name): _draw(make) for name, make in SCENES.items()}


def path_of(name: str) -> str:
    """Return the path of the picture of a task from the root of the sources.

    Args:
        name: Names of service and task, such as "Samples/BufferPoints".
    """
    return f"{FOLDER}/{name}.svg"


def read_title(picture: str) -> str:
    """Return the title of a picture, which says what is seen.

    Args:
        picture: Its text.
    """
    found = re.search(r"<title>(.*?)</title>", picture)
    return found[1] if found else ""


def _draw(make: Callable[[], Scene]) -> str:
    """Return a picture; the files that its tool writes are removed."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            return draw_card(make())
        finally:
            tempfile.tempdir = before
