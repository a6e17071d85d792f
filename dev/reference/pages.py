"""The pages and pictures that are made of the code, by their path from the root of the sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dev.pictures.draw import draw_pictures
from dev.reference import cost_table, same_pictures, settings_table
from dev.reference.front_door import write_front_door
from dev.reference.shipped_tools import list_service_writers

ROOT = Path(__file__).parents[2]


def make_pages() -> dict[str, str]:
    """Return the text of every page and picture by its path, as it is made of the code now."""
    pages = {path: write() for path, write in list_writers().items()}
    return {**pages, same_pictures.PATH: same_pictures.write_same(), **draw_pictures()}


def list_writers() -> dict[str, Callable[[], str]]:
    """Return the function that writes each page of text, by the path of the page."""
    return {
        "docs/reference/tool-authors.md": write_front_door,
        cost_table.PATH: cost_table.write_cost_page,
        settings_table.PATH: settings_table.write_settings_page,
        **{f"docs/reference/tools/{name}.md": write for name, write in list_service_writers().items()},
    }
