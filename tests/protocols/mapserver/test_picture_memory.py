"""A picture that was stored lately is not drawn and stored again for the same request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.drawing.view import View
from gpserverless.features.feature_set import FeatureSet
from gpserverless.protocols.mapserver.layer_choice import Conditions
from gpserverless.protocols.mapserver.picture_memory import MOST_PICTURES, PictureMemory, StoredPicture
from gpserverless.protocols.mapserver.read_export import Export
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.mapserver.maps import MAP, MapSite

WEB = SpatialReference(102100, 3857)
ASKED: dict[str, Any] = {"bbox": "0,0,300,300", "size": "300,300"}


@pytest.fixture(scope="module")
def site() -> MapSite:
    wells = FeatureSet.of(shapely.points([(50, 50), (150, 150)]), WEB, {"depth": np.array([1.5, 3.0])})
    return MapSite.of((wells, "Wells", {}), (wells, "Pumps", {}))


def test_the_same_request_gets_the_same_picture(site: MapSite) -> None:
    first = site.read(f"{MAP}/export", **ASKED)
    stored = len(site.stored)
    assert site.read(f"{MAP}/export", **ASKED, token="other", _ts="1") == first
    assert site.read(f"{MAP}/export", bbox="0,300,300,0", size="300,300.0") == first
    assert len(site.stored) == stored


@pytest.mark.parametrize(
    "other",
    [
        {"bbox": "0,0,300,301"},
        {"size": "300,299"},
        {"dpi": "97"},
        {"format": "jpg"},
        {"transparent": "true"},
        {"layers": "show:1"},
        {"layerDefs": '{"0": "depth > 2"}'},
        {"imageSR": "4326"},
    ],
)
def test_another_request_gets_another_picture(site: MapSite, other: dict[str, str]) -> None:
    first = site.read(f"{MAP}/export", **ASKED)["href"]
    second = site.read(f"{MAP}/export", **{**ASKED, **other})["href"]
    assert first != second
    assert site.stored[first] != site.stored[second] or "layers" in other or "imageSR" in other


def test_a_condition_that_names_the_clock_is_evaluated_anew(site: MapSite) -> None:
    asked = {**ASKED, "layerDefs": '{"0": "CURRENT_TIMESTAMP > DATE \'2000-01-01\'"}'}
    first = site.read(f"{MAP}/export", **asked)["href"]
    assert site.read(f"{MAP}/export", **asked)["href"] != first


class Counter:
    """Counts the pictures that are stored."""

    count = 0

    def store(self) -> StoredPicture:
        self.count += 1
        return StoredPicture(str(self.count), ())


def make_memory(moments: list[int]) -> tuple[Callable[[float], str], Counter]:
    counter, memory = Counter(), PictureMemory(lambda: moments.pop(0))
    asked = Export(View((0, 0, 1, 1), 1, 1), WEB, (), Conditions(), "png", transparent=False)

    def ask(east: float) -> str:
        wanted = replace(asked, view=replace(asked.view, extent=(0, 0, east, 1)))
        return memory.find_or_store("https://site.test", wanted, counter.store).href

    return ask, counter


def test_a_picture_is_forgotten_long_before_the_store_removes_it() -> None:
    ask, _ = make_memory([0, 3_599_999, 3_600_000, 7_199_999, 7_200_000])
    assert [ask(1) for _ in range(5)] == ["1", "1", "2", "2", "3"]


def test_those_that_were_asked_for_last_are_remembered() -> None:
    ask, counter = make_memory([0] * (MOST_PICTURES + 4))
    for east in range(MOST_PICTURES):
        ask(east)
    assert ask(0) == "1"
    ask(MOST_PICTURES)
    assert (ask(0), counter.count) == ("1", MOST_PICTURES + 1)
    assert ask(1) == str(MOST_PICTURES + 2)
