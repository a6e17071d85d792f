"""The reference systems that forms offer: PROJ's own, each once, in the order of their codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from pyproj import CRS

from dev.pages.reference_systems import list_reference_systems

SYSTEMS = dict(list_reference_systems())


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (4326, "WGS 84"),
        (3857, "WGS 84 / Pseudo-Mercator"),
        (25832, "ETRS89 / UTM zone 32N"),
        (54030, "World_Robinson"),
    ],
)
def test_known_systems_are_among_them(code: int, name: str) -> None:
    assert SYSTEMS[code] == name


@pytest.mark.parametrize("code", [4978, 4979, 5773])
def test_systems_with_heights_are_not(code: int) -> None:
    assert code not in SYSTEMS


@pytest.mark.parametrize("code", sorted(SYSTEMS)[::500])
def test_name_is_that_of_the_code(code: int) -> None:
    authority = "EPSG" if code < 32768 else "ESRI"
    assert CRS.from_authority(authority, code).name == SYSTEMS[code]


def test_file_is_sorted_and_compact(tmp_path: Path) -> None:
    file = tmp_path / "crs.json"
    subprocess.run([sys.executable, "-m", "dev.pages.reference_systems", file], check=True)
    text = file.read_bytes()
    codes = [code for code, _ in orjson.loads(text)]
    assert codes == sorted(set(codes))
    assert len(codes) > 5000
    assert text.startswith(b"[[")
    assert b", [" not in text
