"""The pictures of the architecture show every room and every folder of the sources."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers/gpserverless/python/gpserverless"
ROOMS = sorted(
    path.stem for path in PACKAGE.iterdir() if path.suffix in ("", ".py") and "__" not in path.name
)
LAYERED = next(
    contract["layers"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    if contract["type"] == "layers"
)
FOLDERS = ("layers", "functions", "tools", "local", "dev", "events", "tests", "docs", "requirements")


def test_folders_are_all_of_the_repository() -> None:
    made = {"node_modules", "dist", "site"}
    assert {p.name for p in ROOT.iterdir() if p.is_dir() and p.name[0] not in "._"} - made == set(FOLDERS)


@pytest.mark.parametrize("drawing", ["README.md", "docs/architecture.svg"])
@pytest.mark.parametrize("name", [*ROOMS, *FOLDERS])
def test_drawing_shows_room_or_folder(drawing: str, name: str) -> None:
    assert re.search(rf"[ >]{name}(\.py|/|<| )", (ROOT / drawing).read_text("utf-8"))


@pytest.mark.parametrize("name", ROOMS)
def test_room_is_explained_and_held_to_its_place(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    assert name in {room for line in LAYERED for room in line.split(" | ")}


def test_explanation_has_the_lines_of_the_contract() -> None:
    table = re.findall(
        r"^\| (`.+?`) \|", (ROOT / "docs/explanation/architecture.md").read_text("utf-8"), re.M
    )
    explained = [set(re.findall(r"`(\w+)`", rooms)) for rooms in table]
    assert [set(line.split(" | ")) for line in LAYERED] == [line for line in explained if line <= set(ROOMS)]
