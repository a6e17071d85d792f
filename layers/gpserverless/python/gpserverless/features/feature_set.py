"""Feature sets and tables: the values of tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Self, TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gpserverless.features.envelopes import meet_envelope
from gpserverless.features.rows import Column, Rows, make_index
from gpserverless.features.value_numbers import number_groups
from gpserverless.geometry.buffer_distance import BufferDistance, resolve_buffer_distance
from gpserverless.geometry.buffers import BufferStyle, End, Side, buffer_geometries
from gpserverless.geometry.dissolve import repair_polygons, unite, unite_groups
from gpserverless.geometry.geometry_kinds import find_geometry_types
from gpserverless.geometry.geometry_types import POINT, POLYGON
from gpserverless.geometry.lost_places import warn_of_losses
from gpserverless.geometry.map_range import bring_into_map
from gpserverless.geometry.measures import measure_areas, measure_lengths
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import UNKNOWN, LinearUnit

G = TypeVar("G", bound=BaseGeometry)


@dataclass(frozen=True)
class Table(Rows):
    """Rows of attributes without geometry.

    Example:
        >>> rows = Table().with_columns({"name": ["A", "B", "C"], "depth": [12.5, 8.0, 30.0]})
        >>> rows.column("depth").tolist()
        [12.5, 8.0, 30.0]
    """

    def take(self, rows: ArrayLike) -> Self:
        """Return some of the rows.

        Args:
            rows: A mask of shape (N,), or indices in the order of the result.

        Example:
            >>> rows.take(rows.numbers("depth") > 10).column("name").tolist()
            ['A', 'C']
            >>> rows.take([2, 0]).column("name").tolist()
            ['C', 'A']
        """
        return replace(self, columns=self._take_columns(make_index(rows)))


@dataclass(frozen=True)
class FeatureSet(Rows, Generic[G]):
    """N geometries of one type in one spatial reference, with their attributes.

    `FeatureSet[Polygon]` in a tool's signature accepts polygons only. A polygon of several parts is a
    MultiPolygon, a line of several parts a MultiLineString.

    Attributes:
        geometries: Shape (N,), shapely geometries, None where a feature has no shape.
        spatial_reference: Of all geometries; None if it is not known.
        geometry_type: Esri name of the type, such as esriGeometryPolygon.
        has_z: Whether the geometries carry a z.
        has_m: Whether they carry an m.

    Example:
        >>> places = [Point(0, 0), Point(300, 400)]
        >>> wells = FeatureSet.of(places, SpatialReference(25832), {"name": ["A", "B"]})
        >>> len(wells), wells.geometry_type, wells.column("name").tolist()
        (2, 'esriGeometryPoint', ['A', 'B'])
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

        Raises:
            ValueError: The geometries are of several types, or a column is of another length.

        Example:
            >>> FeatureSet.of([Polygon([(0, 0), (0, 1), (1, 1)])], SpatialReference(4326)).geometry_type
            'esriGeometryPolygon'
        """
        bare: FeatureSet[Any] = FeatureSet(spatial_reference=spatial_reference)
        return bare.with_geometries(geometries).with_columns(columns or {})

    def __len__(self) -> int:
        return len(self.geometries)

    @property
    def unit(self) -> str:
        """Token of the unit of the coordinates: esriMeters, or esriDecimalDegrees for geographic ones.

        Example:
            >>> wells.unit
            'esriMeters'
        """
        return UNKNOWN if self.spatial_reference is None else self.spatial_reference.unit

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are longitude and latitude; False without a spatial reference.

        Example:
            >>> wells.is_geographic
            False
        """
        return self.spatial_reference is not None and self.spatial_reference.is_geographic

    def with_geometries(self, geometries: ArrayLike, geometry_type: str | None = None) -> FeatureSet[Any]:
        """Return the same features with other shapes of one type, in the same spatial reference.

        Args:
            geometries: Shape (N,), shapely geometries or None.
            geometry_type: Esri name of their type; None to take it from the geometries.

        Raises:
            ValueError: The geometries are of several types or not of the type named, or they are not N.

        Example:
            >>> roads = wells.with_geometries([LineString([(0, 0), (3, 4)]), None])
            >>> roads.geometry_type, roads.column("name").tolist()
            ('esriGeometryPolyline', ['A', 'B'])
        """
        shapes: NDArray[np.object_] = np.asarray(geometries, object)
        kinds = find_geometry_types(shapes)
        named = geometry_type or next(iter(kinds), None) or self.geometry_type
        if kinds - {named}:
            raise ValueError(f"geometries of other types than {named}: {sorted(map(str, kinds))}")
        has_z, has_m = bool(shapely.has_z(shapes).any()), bool(shapely.has_m(shapes).any())
        return replace(self, geometries=shapes, geometry_type=named, has_z=has_z, has_m=has_m)

    def take(self, rows: ArrayLike) -> Self:
        """Return some of the features.

        Args:
            rows: A mask of shape (N,), or indices in the order of the result.

        Example:
            >>> wells.take(wells.column("name") == "B").geometries[0].y
            400.0
        """
        index = make_index(rows)
        return replace(self, columns=self._take_columns(index), geometries=self.geometries[index])

    def project(self, target: SpatialReference, *, warn: Callable[[str], None] | None = None) -> Self:
        """Return the features in another spatial reference.

        Vertices are transformed, edges stay straight. Parts beyond the target's range are cut off (beyond
        latitude 85.06 in Web Mercator); a geometry that has no place in the target becomes null. Features of
        an unknown spatial reference are taken to be in the target.

        Lines and polygons that are drawn beyond 180 degrees, or beyond the edge of a cylindrical map, stay
        whole in another map with that edge: 170 to 190 degrees are 2,226,390 metres wide in Web Mercator. In
        other maps they are cut at the map's edge, or whole where there is none.

        Args:
            target: The other spatial reference.
            warn: Takes a sentence that counts the shapes that became null, and one that counts those that
                were cut off, such as `run.warn`.

        Raises:
            InvalidValue: PROJ does not know one of the two spatial references.

        Example:
            >>> berlin = FeatureSet.of([Point(13.5, 52.37)], SpatialReference(4326))
            >>> web = berlin.project(SpatialReference(3857))
            >>> round(web.geometries[0].x), round(web.geometries[0].y)
            (1502813, 6867305)
        """
        if self.spatial_reference is None or self.spatial_reference == target:
            return replace(self, spatial_reference=target)
        shapes = project_geometries(
            self.geometries, self.geometry_type, self.spatial_reference, target, z=self.has_z, m=self.has_m
        )
        if warn is not None:
            warn_of_losses(self.geometries, shapes, target, warn)
        return replace(self, geometries=shapes, spatial_reference=target)

    def cut_at_antimeridian(self) -> Self:
        """Return the features within -180 to 180 degrees, or within the edges of a cylindrical map.

        Lines and polygons that are drawn beyond are cut in parts that meet there, points are moved. Features
        in another map, or in an unknown one, stay as they are.

        Example:
            >>> strait = FeatureSet.of([LineString([(170, 60), (190, 60)])], SpatialReference(4326))
            >>> [part.bounds for part in strait.cut_at_antimeridian().geometries[0].geoms]
            [(170.0, 60.0, 180.0, 60.0), (-180.0, 60.0, -170.0, 60.0)]
        """
        if self.spatial_reference is None:
            return self
        shapes = bring_into_map(
            self.geometries, self.geometry_type, self.spatial_reference, z=self.has_z, m=self.has_m
        )
        return replace(self, geometries=shapes)

    def buffer(
        self,
        distance: LinearUnit | ArrayLike,
        *,
        side: Side = "FULL",
        end: End = "ROUND",
        geodesic: bool = False,
    ) -> FeatureSet[Polygon]:
        """Return the buffer of every feature; null where nothing is left.

        Of geographic features a length is measured on the ellipsoid, an angle in the plane. Outlines have
        64 to 128 vertices a full turn, each at the distance itself, so that areas are right to 0.1 %.
        Geodesic buffers are cut at 180 degrees and closed along the poles.

        Args:
            distance: One distance, or one for each feature, shape (N,), in the linear unit of the spatial
                reference (metres if geographic) and NaN for none. Negative ones shrink polygons.
            side: Of lines LEFT or RIGHT in their direction, of polygons OUTSIDE_ONLY.
            end: ROUND or FLAT, of lines.
            geodesic: Whether projected features are measured on the ellipsoid too.

        Raises:
            InvalidValue: The distance or the style does not suit the features.

        Example:
            >>> zones = wells.buffer(LinearUnit(1, "esriKilometers"))
            >>> zones.geometry_type, (zones.areas() / 1e6).round(2).tolist()
            ('esriGeometryPolygon', [3.14, 3.14])
            >>> wells.buffer([10, 20]).areas().round(-1).tolist()
            [310.0, 1260.0]
        """
        style = BufferStyle(side, end)
        resolved = self.buffer_distance(distance, geodesic=geodesic)
        buffers = buffer_geometries(
            self.geometries, self.geometry_type, self.spatial_reference, resolved, style
        )
        return self.with_geometries(buffers, POLYGON)

    def buffer_distance(self, distance: LinearUnit | ArrayLike, *, geodesic: bool = False) -> BufferDistance:
        """Return the distances that `buffer` would use, and the surface that they are measured on.

        Args:
            distance: As for `buffer`.
            geodesic: As for `buffer`.

        Raises:
            InvalidValue: The distance does not suit the features.

        Example:
            >>> resolved = wells.buffer_distance(LinearUnit(1, "esriKilometers"))
            >>> resolved.reported.tolist(), resolved.geodesic
            ([1000.0, 1000.0], False)
        """
        return resolve_buffer_distance(distance, self.spatial_reference, len(self), geodesic=geodesic)

    def dissolve(self, by: Sequence[str] = ()) -> FeatureSet[Any]:
        """Unite the features of equal values; only the columns of these values remain.

        Args:
            by: Field names; without any, all features become one.

        Raises:
            InvalidValue: There is no such field.

        Example:
            >>> boxes = wells.buffer(300).with_columns({"owner": ["city", "city"]})
            >>> len(boxes.dissolve(["owner"])), len(boxes.dissolve())
            (1, 1)
        """
        kept = self.only(*by)
        if not by:
            whole = np.array([unite(self.geometries)] if len(self) else [], object)
            return replace(kept, geometries=whole, has_z=False, has_m=False)
        groups = number_groups(list(kept.columns.values()))
        _, first = np.unique(groups, return_index=True)
        united = unite_groups(self.geometries, groups)
        return replace(kept.take(first), geometries=united, has_z=False, has_m=False)

    def areas(self) -> NDArray[np.float64]:
        """Return the areas in square metres, shape (N,), geodesic if geographic; 0 where there is none.

        Example:
            >>> wells.with_geometries([Polygon([(0, 0), (0, 10), (10, 10), (10, 0)]), None]).areas().tolist()
            [100.0, 0.0]
        """
        return measure_areas(self.geometries, self.spatial_reference)

    def lengths(self) -> NDArray[np.float64]:
        """Return the lengths, of polygons the outlines, in metres, shape (N,), geodesic if geographic.

        Example:
            >>> roads.lengths().tolist()
            [5.0, 0.0]
        """
        return measure_lengths(self.geometries, self.spatial_reference)

    def repair(self) -> tuple[Self, int]:
        """Make invalid polygons valid; return the features, and the number of repaired polygons.

        Example:
            >>> bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
            >>> repaired, number = FeatureSet.of([bow], SpatialReference(25832)).repair()
            >>> number, repaired.areas().tolist()
            (1, [2.0])
        """
        if self.geometry_type != POLYGON:
            return self, 0
        shapes = repair_polygons(self.geometries)
        if shapes is self.geometries:
            return self, 0
        changed = sum(a is not b for a, b in zip(shapes, self.geometries, strict=True))
        return replace(self, geometries=shapes), changed

    def within_extent(self, envelope: Mapping[str, Any]) -> Self:
        """Return the features that meet an envelope.

        An envelope in degrees or in a cylindrical map may lie beyond the map's edge, or be wider than the
        world: it selects what its map shows.

        Args:
            envelope: Esri JSON with xmin, ymin, xmax, ymax, in its own spatialReference if it has one, else
                in that of the features.

        Raises:
            InvalidValue: It is no envelope.

        Example:
            >>> box = {"xmin": 100, "ymin": 100, "xmax": 500, "ymax": 500}
            >>> wells.within_extent(box).column("name").tolist()
            ['B']
        """
        return self.take(meet_envelope(self, envelope))


__all__ = ["Column", "FeatureSet", "Table"]
