"""The picture of a task shows a run of it as it is now, is small, and is told to those who cannot see it."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely

from dev.pictures.draw import FOLDER, MAX_BYTES, MAX_BYTES_IN_ALL, draw_pictures, path_of, read_title
from dev.pictures.frame import Frame
from dev.pictures.look import Style
from dev.pictures.marks import draw_shapes
from dev.pictures.relief import write_png
from dev.pictures.scenes import SAME, SCENES
from dev.reference import same_pictures
from dev.reference.shipped_tools import find_twin, list_services

ROOT = Path(__file__).parents[2]
PATHS = [path_of(name) for name in SCENES]
SVG = "{http://www.w3.org/2000/svg}"
SHOWN = [service for service in list_services() if find_twin(service) is None]
TASKS = {f"{service.name}/{task.name}" for service in SHOWN for task in service.tasks}
WITHOUT = {"Files/FeaturesToFile", "Files/FileToFeatures"}
"""Tasks that change nothing that could be seen: the form of a file."""

_NUMBER = re.compile(r"-?\d*\.?\d+")

Pictures = Mapping[str, str]


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """Return the pictures by their paths; drawing them takes seconds, which no other worker has to spend."""
    return draw_pictures()


@pytest.mark.parametrize("path", PATHS)
def test_picture_is_of_the_tool_as_it_is(pictures: Pictures, path: str) -> None:
    committed, drawn = (ROOT / path).read_text("utf-8"), pictures[path]
    assert _NUMBER.sub("#", committed) == _NUMBER.sub("#", drawn), "make reference"
    numbers = [[float(each) for each in _NUMBER.findall(text)] for text in (committed, drawn)]
    assert numbers[0] == pytest.approx(numbers[1], abs=0.11), (
        "make reference"
    )  # a tenth of a pixel by rounding


def test_every_task_that_changes_the_map_has_a_picture(pictures: Pictures) -> None:
    drawn = {path.removeprefix(f"{FOLDER}/").removesuffix(".svg") for path in pictures}
    assert drawn == TASKS - WITHOUT - set(SAME)
    assert set(SAME) < TASKS
    assert set(SAME.values()) < drawn
    assert {str(file.relative_to(ROOT)) for file in (ROOT / FOLDER).rglob("*.svg")} == set(pictures)


@pytest.mark.parametrize("path", PATHS)
def test_picture_is_small_and_runs_nothing(pictures: Pictures, path: str) -> None:
    text = pictures[path]
    assert len(text.encode()) < MAX_BYTES
    drawn = ElementTree.fromstring(text)
    assert {each.tag for each in drawn.iter()} <= {
        SVG + tag
        for tag in ("svg", "title", "g", "rect", "path", "circle", "text", "tspan", "clipPath", "image")
    }
    assert not {
        name for each in drawn.iter() for name in each.attrib if name.startswith("on") or name == "style"
    }
    addresses = [each.attrib["href"] for each in drawn.iter() if "href" in each.attrib]
    assert all(address.startswith("data:image/png;base64,") for address in addresses)


def test_tasks_that_show_the_picture_of_another_are_as_they_are_now() -> None:
    assert (ROOT / same_pictures.PATH).read_text("utf-8") == same_pictures.write_same(), "make reference"


def test_pictures_are_small_together(pictures: Pictures) -> None:
    assert sum(len(text.encode()) for text in pictures.values()) < MAX_BYTES_IN_ALL


@pytest.mark.parametrize("path", PATHS)
def test_picture_says_what_is_seen(pictures: Pictures, path: str) -> None:
    assert len(read_title(pictures[path]).split()) >= 8


FRAME = Frame((0, 0, 100, 50), x=10, y=20, width=200)


def draw(shapes: list[shapely.Geometry]) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring("".join(draw_shapes(shapes, FRAME, Style("red", "blue")))))


def test_north_is_up_and_paths_go_on_in_steps() -> None:
    (line,) = draw([shapely.linestrings([(0, 0), (50, 50), (100, 0)])])
    assert line.attrib["d"] == "M10 120l100-100 100 100"


def test_zones_that_overlap_leave_no_hole() -> None:
    assert len(draw([shapely.box(0, 0, 20, 20), shapely.box(10, 0, 30, 20)])) == 2


def test_many_points_are_one_path_of_round_ends() -> None:
    few, many = draw([shapely.points(5, 5)] * 3), draw([shapely.points(5, 5)] * 300)
    assert [each.tag for each in few] == ["circle"] * 3
    assert [each.attrib["d"].count("h0") for each in many] == [300, 300]


def test_image_of_a_relief_holds_its_pixels() -> None:
    indices = np.array([[0, 79, 5], [16, 32, 48]], np.uint8)
    png = base64.b64decode(base64.b64encode(write_png(indices)))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (3, 2)
    data = png[png.index(b"IDAT") + 4 : png.index(b"IEND") - 8]
    assert zlib.decompress(data) == b"\0" + bytes([0, 79, 5]) + b"\0" + bytes([16, 32, 48])
