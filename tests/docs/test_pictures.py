"""The screenshots of the directory are light, as wide as they should be, and shown in the documents."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/pictures"
HOW_TO = "docs/how-to/work-in-the-directory.md"
MOST_BYTES = 150_000
DESK, PHONE = 1280, 390
PICTURES = {
    "directory-task.png": (DESK, ["README.md", "docs/index.md", HOW_TO]),
    "directory-result.png": (DESK, ["README.md", "docs/index.md", HOW_TO]),
    "directory-job.png": (DESK, [HOW_TO]),
    "directory-layer.png": (DESK, ["README.md", "docs/how-to/draw-results-on-a-map.md"]),
    "directory-dark.png": (PHONE, [HOW_TO]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_light_and_shown(name: str) -> None:
    width, pages = PICTURES[name]
    content = (FOLDER / name).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">I", content[16:20]) == (width,)
    assert len(content) < MOST_BYTES
    for page in pages:
        assert f"pictures/{name})" in (ROOT / page).read_text("utf-8"), page


def test_script_makes_every_picture() -> None:
    script = (ROOT / "tests/clients/directory/pictures.mjs").read_text("utf-8")
    assert all(f'"{name.removeprefix("directory-").removesuffix(".png")}"' in script for name in PICTURES)
    assert {path.name for path in FOLDER.glob("directory-*.png")} == set(PICTURES)
