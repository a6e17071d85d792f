"""The pages and pictures that are made of the code, by their path from the root of the sources."""

from __future__ import annotations

from pathlib import Path

from dev.pictures.draw import draw_pictures
from dev.reference import cost_table, same_pictures, settings_table
from dev.reference.front_door import write_front_door
from dev.reference.shipped_tools import write_services

ROOT = Path(__file__).parents[2]


def make_pages() -> dict[str, str]:
    """Return the text of every page and picture by its path, as it is made of the code now."""
    return {**write_pages(), same_pictures.PATH: same_pictures.write_same(), **draw_pictures()}


def write_pages() -> dict[str, str]:
    """Return the text of every page by its path, as it is made of the code now."""
    return {
        "docs/reference/tool-authors.md": write_front_door(),
        cost_table.PATH: cost_table.write_cost_page(),
        settings_table.PATH: settings_table.write_settings_page(),
        **{f"docs/reference/tools/{name}.md": text for name, text in write_services().items()},
    }
