"""Lakes and countries about the Great Lakes, cut to an area."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
from shapely import Polygon

from dev.pictures.card import Key, Scene, Side, make_frame
from dev.pictures.frame import Frame
from dev.pictures.look import AREA_STYLE, BORDER, OUTPUT, Style
from dev.pictures.marks import draw_shapes
from dev.pictures.sources import DEGREES, cut, read_file
from gpserverless import FeatureSet, Run, SpatialReference, read_features
from toolboxes.files.extract_data_task import extract_data_task

_MAP = SpatialReference(102008)
_BOUNDS = (-130_000.0, 80_000.0, 1_950_000.0, 1_500_000.0)
_AROUND = (-110.0, 35.0, -60.0, 60.0)
_COUNTRY, _LAKE = Style("#fbfaf6", BORDER, 1), Style("#a9c8da", "#7ba6bf", 0.8)
_CUT_COUNTRY, _CUT_LAKE = Style("#d8ece8", OUTPUT, 1.2), Style(OUTPUT, "#064239", 0.6, 0.75)


def make_extract_data() -> Scene:
    """Return the scene of Files/ExtractDataTask."""
    ring = [(-93, 46.5), (-90, 49.3), (-84, 49), (-79, 45), (-78.2, 42.2), (-84, 40.8), (-91, 43)]
    area = FeatureSet.of(np.array([Polygon(ring)]), DEGREES)
    names: list[Literal["Cities", "Countries", "Lakes"]] = ["Countries", "Lakes"]
    zipped = extract_data_task(names, area, Run(), "GeoPackage - GPKG - .gpkg")
    before = {name: _bring(cut(read_file(name.lower()), _AROUND)) for name in names}
    after = {name: _bring(read_features(_unpack(zipped.path), name)) for name in names}
    outline = area.project(_MAP).geometries

    def draw_layers(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(before["Countries"], frame, _COUNTRY)
        yield from draw_shapes(before["Lakes"], frame, _LAKE)
        yield from draw_shapes(outline, frame, AREA_STYLE)

    def draw_cut(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(after["Countries"], frame, _CUT_COUNTRY)
        yield from draw_shapes(after["Lakes"], frame, _CUT_LAKE)

    return Scene(
        "Countries and lakes about the Great Lakes with an area of interest, and both cut to that area",
        Side(
            "Layers_to_Clip, Area_of_Interest",
            "",
            draw_layers,
            [Key(_COUNTRY, "Countries"), Key(_LAKE, "Lakes"), Key(AREA_STYLE, "the area")],
        ),
        Side(
            "Output_Zip_File",
            "both layers, packed",
            draw_cut,
            [Key(_CUT_COUNTRY, "Countries"), Key(_CUT_LAKE, "Lakes")],
        ),
        (make_frame(_BOUNDS), make_frame(_BOUNDS)),
    )


def _bring(features: FeatureSet[Any]) -> Any:
    return features.project(_MAP).geometries


def _unpack(path: Path) -> Path:
    import zipfile

    folder = Path(tempfile.mkdtemp(dir=tempfile.tempdir))
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder)
    return next(folder.rglob("*.gpkg"))
