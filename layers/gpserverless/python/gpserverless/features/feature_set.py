"""Feature sets and tables: the values that tools work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Self, TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from gpserverless.errors import InvalidValue
from gpserverless.features.geometry_types import POINT, POLYGON, geometry_type_of
from gpserverless.features.projecting import project_geometries
from gpserverless.features.rows import Column, Rows
from gpserverless.features.spatial_reference import SpatialReference
from gpserverless.features.units import UNKNOWN

G = TypeVar("G", bound=BaseGeometry)


@dataclass(frozen=True)
class Table(Rows):
    """Rows of attributes without geometry."""

    def take(self, rows: ArrayLike) -> Self:
        """Return some of the rows.

        Args:
            rows: A mask of shape (N,), or indices in the order wanted.
        """
        return replace(self, columns=self._taken(np.asarray(rows)))


@dataclass(frozen=True)
class FeatureSet(Rows, Generic[G]):
    """N geometries of one type in one spatial reference, with their attributes.

    `FeatureSet[Polygon]` says in a tool's signature which geometries are meant; a feature of several parts
    is a MultiPolygon or MultiLineString all the same.

    Attributes:
        geometries: Shape (N,), shapely geometries, None where a feature has no shape.
        spatial_reference: Of all geometries; None if it is not known.
        geometry_type: Esri name of the type, such as esriGeometryPolygon.
        has_z: Whether the geometries carry a z.
        has_m: Whether they carry an m.
    """

    geometries: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))
    spatial_reference: SpatialReference | None = None
    geometry_type: str = POINT
    has_z: bool = False
    has_m: bool = False

    @classmethod
    def of(
        cls,
        geometries: ArrayLike,
        spatial_reference: SpatialReference | None,
        columns: Mapping[str, Any] | None = None,
    ) -> FeatureSet[Any]:
        """Make a feature set from geometries and columns.

        Args:
            geometries: Shape (N,), shapely geometries or None.
            spatial_reference: Of all geometries.
            columns: Attribute values by field name, each of shape (N,).
        """
        bare: FeatureSet[Any] = FeatureSet(spatial_reference=spatial_reference)
        return bare.with_geometries(geometries).with_columns(columns or {})

    def __len__(self) -> int:
        return len(self.geometries)

    @property
    def unit(self) -> str:
        """Token of the unit of the coordinates: esriMeters, or esriDecimalDegrees for geographic ones."""
        return UNKNOWN if self.spatial_reference is None else self.spatial_reference.unit

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are longitude and latitude; an unknown reference is taken as a plane."""
        return self.spatial_reference is not None and self.spatial_reference.is_geographic

    def with_geometries(self, geometries: ArrayLike, geometry_type: str | None = None) -> FeatureSet[Any]:
        """Return the same features with other shapes of one type, in the same spatial reference.

        Args:
            geometries: Shape (N,), shapely geometries or None.
            geometry_type: Esri name of their type; without it the geometries tell.
        """
        shapes: NDArray[np.object_] = np.asarray(geometries, object)
        kinds = {geometry_type_of(int(t)) for t in np.unique(shapely.get_type_id(shapes)) if t >= 0}
        named = geometry_type or next(iter(kinds), None) or self.geometry_type
        if kinds - {named}:
            raise ValueError(f"geometries of other types than {named}: {sorted(map(str, kinds))}")
        has_z, has_m = bool(shapely.has_z(shapes).any()), bool(shapely.has_m(shapes).any())
        return replace(self, geometries=shapes, geometry_type=named, has_z=has_z, has_m=has_m)

    def take(self, rows: ArrayLike) -> Self:
        """Return some of the features.

        Args:
            rows: A mask of shape (N,), or indices in the order wanted.
        """
        index = np.asarray(rows)
        return replace(self, columns=self._taken(index), geometries=self.geometries[index])

    def project(self, target: SpatialReference) -> Self:
        """Return the features in another spatial reference.

        Vertices are transformed, edges stay straight. What lies where the target has no place is cut off
        (beyond latitude 85.06 in Web Mercator); a geometry that lies there as a whole becomes null. Features
        of an unknown spatial reference are taken to be in the target.

        Args:
            target: The spatial reference wanted.
        """
        if self.spatial_reference is None or self.spatial_reference == target:
            return replace(self, spatial_reference=target)
        shapes = project_geometries(
            self.geometries, self.geometry_type, self.spatial_reference, target, z=self.has_z, m=self.has_m
        )
        return replace(self, geometries=shapes, spatial_reference=target)

    def within_extent(self, envelope: Mapping[str, Any]) -> Self:
        """Return the features that meet an envelope.

        Args:
            envelope: Esri JSON with xmin, ymin, xmax, ymax, in its own spatialReference if it has one.

        Raises:
            InvalidValue: It is no envelope.
        """
        box: BaseGeometry = shapely.box(*_envelope_sides(envelope))
        reference = envelope.get("spatialReference")
        if reference and self.spatial_reference is not None:
            edges = np.array([shapely.segmentize(box, max(box.length / 80, 1e-9))], object)
            given = SpatialReference.from_json(reference)
            box = project_geometries(edges, POLYGON, given, self.spatial_reference)[0]
        return self.take(shapely.intersects(self.geometries, box))


def _envelope_sides(envelope: Mapping[str, Any]) -> tuple[float, float, float, float]:
    sides = [envelope.get(name) for name in ("xmin", "ymin", "xmax", "ymax")]
    if any(isinstance(s, bool) or not isinstance(s, int | float) or not np.isfinite(s) for s in sides):
        raise InvalidValue("it is not an envelope", '{"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}')
    xmin, ymin, xmax, ymax = (float(s or 0) for s in sides)
    if xmin > xmax or ymin > ymax:
        raise InvalidValue("the envelope's sides are in the wrong order", "xmin <= xmax and ymin <= ymax")
    return xmin, ymin, xmax, ymax


__all__ = ["Column", "FeatureSet", "Table"]
