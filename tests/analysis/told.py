"""A watch that keeps what an engine tells, and features for the tests of engines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import OID, Field
from gpserverless.values.spatial_reference import SpatialReference


@dataclass
class Told:
    """Warnings and messages of an engine, in order."""

    warnings: list[str] = field(default_factory=list)
    infos: list[str] = field(default_factory=list)
    shares: list[int] = field(default_factory=list)

    def progress(self, text: str, percent: int | None = None) -> None:
        assert text
        self.shares += [] if percent is None else [percent]

    def info(self, text: str) -> None:
        self.infos.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def features(*texts: str | None, wkid: int | None = 25832, **columns: Any) -> FeatureSet[Any]:
    """Return features of WKT with object ids from 101, and other columns."""
    shapes = np.array([None if text is None else shapely.from_wkt(text) for text in texts], object)
    reference = None if wkid is None else SpatialReference(wkid)
    ids = {"OBJECTID": np.arange(101, 101 + len(texts))}
    return FeatureSet.of(shapes, reference, columns).with_columns(ids, [Field("OBJECTID", OID)])


def texts(found: FeatureSet[Any]) -> list[str]:
    """Return the shapes as WKT."""
    return [shapely.to_wkt(shape, rounding_precision=6) for shape in found.geometries]


def draw_walks(count: int, steps: int, seed: int) -> list[str]:
    """Return random walks as WKT."""
    generator = np.random.default_rng(seed)
    walks = np.cumsum(generator.normal(size=(count, steps, 2)), axis=1)
    return [shapely.to_wkt(line, rounding_precision=-1) for line in shapely.linestrings(walks)]
